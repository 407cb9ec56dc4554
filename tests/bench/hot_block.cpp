// A download from a scripted seed. The session is the real one, from the bytes of the
// stream to the file; the seed answers each request with the same block of zeros.
#include "base/sha.hpp"
#include "handshake/handshake_talk.hpp"
#include "hot_loops.hpp"
#include "io/simulation.hpp"
#include "message/message_talk.hpp"
#include "metainfo/create_wire.hpp"
#include "session/session.hpp"
#include "support/memory_network.hpp"
#include "support/temporary_folder.hpp"

namespace cotorra::bench {
namespace {

constexpr std::uint32_t piece_length = 256 << 10, block_length = 16 << 10;
constexpr std::size_t depth = 32; // requests on their way: always as many

std::shared_ptr<metainfo::metainfo const> zeros(std::uint32_t blocks) {
  metainfo::created_file file;
  file.length = std::uint64_t{blocks} * block_length;
  metainfo::create_options how;
  how.name = "zeros.bin";
  how.piece_length = piece_length;
  auto const count = metainfo::count_pieces(file.length, piece_length);
  std::vector<sha1_digest> const pieces(count, sha1(buffer(piece_length)));
  buffer const torrent = metainfo::encode(how, {&file, 1}, pieces);
  return std::make_shared<metainfo::metainfo const>(metainfo::decode(torrent));
}

io::task<> answer(io::stream& to, message::any const& heard, bytes block) {
  auto const* const r = std::get_if<message::request>(&heard);
  if (!r) co_return;
  auto const header = message::piece_header(r->piece, r->begin, r->length);
  bytes const both[] = {header, block.first(r->length)};
  co_await to.write(both);
}

io::task<> seed(io::listener& door, info_hash hash) {
  std::unique_ptr<io::stream> const s = co_await door.accept();
  io::reader in(*s);
  handshake::handshake ours{{}, hash, {}};
  ours.reserved.set_fast();
  handshake::torrent_lookup const lookup = [&ours](info_hash const&) { return ours; };
  auto talk = handshake::answer_handshake(in, *s, lookup);
  co_await std::move(talk);
  buffer greeting;
  message::encode(greeting, message::have_all{});
  message::encode(greeting, message::unchoke{});
  co_await io::write(*s, greeting);
  buffer const block(block_length);
  message::message_reader messages(in);
  for (;;) {
    auto const m = co_await messages.next();
    if (!m) co_return;
    auto reply = answer(*s, *m, block);
    co_await std::move(reply);
  }
}

session::settings always_the_same() {
  session::settings s;
  s.listen_interfaces = {*endpoint::parse("192.0.2.2:6881")};
  s.request_depth = depth;
  return s;
}

} // namespace

void receive_blocks(std::uint32_t count) {
  test::temporary_folder const folder;
  io::simulation sim(1);
  io::world doors = sim.add_host(*ip_address::parse("192.0.2.2")).doors();
  test::memory_network net(sim.executor());
  io::world const here{doors.executor, net, doors.clock, doors.workers, doors.random};
  auto const info = zeros(count);
  auto const door = net.listen(*endpoint::parse("192.0.2.1:6881"));
  sim.spawn(seed(*door, info->hash), "seed");

  session::session ours(here, always_the_same());
  session::add_torrent_params p;
  p.ti = info;
  p.save_path = folder.path();
  p.peers = {door->local()};
  auto const torrent = ours.add_torrent(std::move(p));
  sim.spawn(ours.run(), "session");
  bool const complete = sim.run_until([&] { return torrent.status().is_seeding; }, 1h);
  if (!complete) throw std::runtime_error("the download does not end");
  ours.stop();
  sim.run_for(5s);
  sim.end();
}

} // namespace cotorra::bench
