// A first download: one peer after another, one piece after another, each verified.
//   first_download FILE.torrent FOLDER [HOST:PORT]
#include "handshake/handshake_talk.hpp"
#include "handshake/peer_id.hpp"
#include "io/deadline.hpp"
#include "io/real_world.hpp"
#include "message/message_talk.hpp"
#include "metainfo/metainfo_wire.hpp"
#include "piece/check_talk.hpp"
#include "piece/finish_talk.hpp"
#include "tracker/announce_talk.hpp"
#include <asio/co_spawn.hpp>
#include <fmt/format.h>
#include <fstream>
#include <iterator>

using namespace cotorra;
using namespace cotorra::piece;

namespace {

struct download {
  io::world world;
  metainfo::metainfo torrent;
  storage files;
  piece_layout layout{torrent.total_length, torrent.piece_length};
  piece_hashes hashes{torrent.pieces};
  disk_lane disk{world.workers};
  peer_id id = handshake::make_peer_id(world.random);
  buffer_pool memory{};
  piece_index next = 0; // all before it are on the disk
};

task<message::any> hear(message::message_reader& in) {
  std::optional<message::any> const m = co_await in.next();
  if (!m) throw protocol_error(errc::end_of_stream, "the peer left");
  co_return *m;
}

// Asks for all blocks of the piece at once, and takes what comes.
task<> get_blocks(open_piece& piece, piece_layout const& layout, io::stream& peer,
                  message::message_reader& in) {
  buffer requests;
  for (std::uint32_t n = 0; n < piece.block_count(); ++n) {
    block const b = layout.block_at(piece.index(), n);
    message::encode(requests, message::request{b.piece, b.begin, b.length});
  }
  co_await io::write(peer, requests);
  while (!piece.complete()) {
    message::any const m = co_await hear(in);
    if (std::holds_alternative<message::choke>(m))
      throw protocol_error(errc::end_of_stream, "the peer gives us no more");
    auto const* const p = std::get_if<message::piece>(&m);
    if (p == nullptr) continue; // a have, a keep-alive
    block const b{p->piece, p->begin, static_cast<std::uint32_t>(p->block.size())};
    if (b.piece == piece.index() && layout.is_whole_block(b))
      piece.write_block(b, p->block, peer.remote());
  }
}

task<> get_piece(download& d, io::stream& peer, message::message_reader& in) {
  auto const piece = std::make_shared<open_piece>(d.layout, d.next, d.memory);
  time_point const patience = d.world.clock.now() + 60s;
  task<> blocks = get_blocks(*piece, d.layout, peer, in);
  co_await io::within(d.world.clock, patience, std::move(blocks));
  piece_result const r = co_await finish_piece(d.disk, d.files, piece, d.hashes);
  if (!r.verified) throw protocol_error(errc::bad_piece, "it sent a wrong piece");
  if (r.error) throw std::runtime_error(d.files.where(r.error));
  fmt::print("piece {} of {} is right\n", d.next + 1, d.layout.piece_count());
}

task<> download_from(download& d, endpoint where) {
  std::unique_ptr<io::stream> const peer = co_await d.world.network.connect(where);
  io::reader in_bytes(*peer);
  handshake::handshake const ours{{}, d.torrent.hash, d.id};
  handshake::handshake const theirs =
      co_await handshake::exchange_handshakes(in_bytes, *peer, ours);
  fmt::print("{} is {}\n", where.text(), handshake::client_name(theirs.id));
  message::message_reader in(in_bytes, message::limit_for(d.layout.piece_count()));
  message::small_frame const interested = message::to_frame(message::interested{});
  co_await io::write(*peer, interested.view());
  for (bool choked = true; choked;) {
    message::any const m = co_await hear(in);
    choked = !std::holds_alternative<message::unchoke>(m);
  }
  for (; d.next < d.layout.piece_count(); ++d.next) co_await get_piece(d, *peer, in);
}

task<std::vector<tracker::peer>> ask_tracker(download& d) {
  tracker::announce_request ask;
  ask.info_hash = d.torrent.hash;
  ask.peer_id = d.id;
  ask.port = 6881;
  ask.left = d.torrent.total_length;
  std::string const url = d.torrent.trackers.at(0).at(0);
  tracker::announce_answer answer =
      co_await tracker::announce(d.world.network, d.world.clock, url, ask);
  co_return std::move(answer.peers);
}

task<> run(download& d, std::vector<tracker::peer> peers) {
  std::error_code const error = d.files.prepare();
  if (error) throw std::runtime_error(d.files.where(error));
  if (peers.empty()) peers = co_await ask_tracker(d);
  for (tracker::peer const& p : peers) {
    try {
      co_await download_from(d, p.address);
      co_return;
    } catch (std::exception const& e) { // then the next one
      fmt::print("{}: {}\n", p.address.text(), e.what());
    }
  }
}

} // namespace

int main(int count, char** words) try {
  std::ifstream file(count > 2 ? words[1] : "", std::ios::binary);
  std::string const text{std::istreambuf_iterator<char>(file), {}};
  metainfo::metainfo const torrent = metainfo::decode(as_bytes(text));
  std::vector<storage_file> files;
  for (metainfo::file_entry const& f : torrent.files)
    files.push_back({f.path_text(), f.length, f.padding, f.executable});
  std::vector<tracker::peer> peers;
  if (count > 3) peers.push_back({endpoint::parse(words[3]).value()});
  io::real_world world;
  download d{world.doors(), torrent, storage(words[2], file_map(files))};
  asio::co_spawn(world.context(), run(d, peers), [](std::exception_ptr e) {
    if (e) std::rethrow_exception(e);
  });
  world.context().run();
  return d.next == d.layout.piece_count() ? 0 : 1;
} catch (std::exception const& e) {
  fmt::print(stderr, "first_download FILE.torrent FOLDER [HOST:PORT]: {}\n", e.what());
  return 2;
}
