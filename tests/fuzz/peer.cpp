// A whole session and a peer that says anything at all, in virtual time. Whatever it
// says, an honest seeder that comes afterwards brings every byte, and only right ones.
#include "../12-downloader/swarm.hpp"
#include "fuzz/fuzz.hpp"
#include "handshake/handshake_wire.hpp"
#include "message/message_wire.hpp"

namespace cotorra::fuzz {
namespace {

constexpr std::uint32_t piece_length = 2 * piece::block_size, last_piece = 3;
buffer const content = test::random_bytes(1, last_piece* piece_length + 1000);

buffer hello(info_hash const& hash, std::uint8_t flags) {
  handshake::handshake h{{}, hash, {}};
  h.id.value.fill(std::byte{'x'});
  if (flags & 1) h.reserved.set_fast();
  auto const encoded = handshake::encode(h);
  return {encoded.begin(), encoded.end()};
}

piece::block some_block(choices& from) {
  std::uint8_t const which = from.byte();
  bool const second = which & 8;
  return {which % (last_piece + 2u), second ? piece::block_size : 0,
          which & 16 ? 1000u : piece::block_size};
}

// A block as it should be, but for its first byte if `wrong`.
void put_block(buffer& out, piece::block b, bool wrong) {
  std::size_t const at = std::size_t{b.piece} * piece_length + b.begin;
  if (at >= content.size()) return;
  bytes const right = bytes(content).subspan(at);
  buffer data(right.begin(),
              right.begin() + std::min<std::ptrdiff_t>(b.length, std::ssize(right)));
  if (wrong) data[0] ^= std::byte{1};
  message::encode(out, message::piece{b.piece, b.begin, data});
}

// The next thing to say; how long to wait before it.
duration next_words(choices& from, buffer& out) {
  std::uint8_t const what = from.byte();
  piece::block const b = what % 8 > 3 ? some_block(from) : piece::block{};
  switch (what % 8) {
  case 0:
    append(out, from.take(what / 8));
    break; // no message at all, perhaps
  case 1:
    message::encode(out, message::unknown{static_cast<std::uint8_t>(what / 8),
                                          from.take(from.byte() % 20)});
    break;
  case 2:
    message::encode(out, message::bitfield{from.take(1)});
    break;
  case 3:
    return from.byte() * 100ms;
  case 4:
    message::encode(out, message::request{b.piece, b.begin, b.length});
    break;
  case 5:
    put_block(out, b, what & 8);
    break;
  case 6:
    message::encode(out, message::have{b.piece});
    break;
  case 7:
    message::encode(out, message::cancel{b.piece, b.begin, b.length});
    break;
  }
  return {};
}

io::task<std::unique_ptr<io::stream>> play(io::world w, endpoint to, buffer words,
                                           bytes script) {
  std::unique_ptr<io::stream> out = co_await w.network.connect(to);
  choices from(script);
  try {
    while (!from.empty()) {
      duration const pause = next_words(from, words);
      if (pause > duration{}) co_await w.clock.sleep_for(pause);
      co_await io::write(*out, words);
      words.clear();
    }
  } catch (std::system_error const&) {
    out->close(); // we were shown the door
  }
  co_return out;
}

} // namespace

void target(bytes input) {
  static std::vector<test::file_content> const files{{"", content}};
  static metainfo::metainfo const info =
      test::make_metainfo("payload.bin", files, piece_length);
  choices from(input);
  std::uint8_t const flags = from.byte();
  test::swarm swarm(1, info, files);
  session::settings alone;
  alone.announce = false;
  auto& victim = swarm.add_host({});
  auto const half = bytes(content).first(content.size() / 2);
  if (flags & 2) test::write_file(victim.folder.path() / "payload.bin", half);
  swarm.start(victim, {}, alone);
  auto& hostile = swarm.sim.add_host(ip_address::v4(0x0a020001));
  auto stream = swarm.sim.run(
      play(hostile.doors(), swarm.at(victim), hello(info.hash, flags), from.rest()));
  if (flags & 4) stream->close();
  auto& honest = swarm.add_host({});
  swarm.put_files(honest);
  swarm.start(honest, {}, alone);
  victim.torrent.connect_peer(swarm.at(honest));
  demand(swarm.sim.run_until([&] { return swarm.complete(victim); }, 30min),
         "nobody keeps us from completing");
  demand(swarm.has_right_bytes(victim), "the files are right");
}

} // namespace cotorra::fuzz
