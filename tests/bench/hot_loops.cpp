// hot_loops block|announce|torrent N: does that N times, and nothing else.
#include "hot_loops.hpp"
#include "io/simulation.hpp"
#include "metainfo/create_wire.hpp"
#include "metainfo/metainfo_wire.hpp"
#include "support/memory_network.hpp"
#include "tracker_server/http_face_talk.hpp"
#include <cstdlib>
#include <fmt/format.h>

namespace cotorra::bench {
namespace {

constexpr std::uint32_t peers = 200; // in the swarm that the tracker knows
constexpr std::uint32_t files = 20'000;

std::string announce_of(std::uint32_t number) {
  return fmt::format("GET /announce?info_hash=01234567890123456789&peer_id=-CT0100-{:012}"
                     "&port={}&uploaded=0&downloaded=0&left={}&compact=1&numwant=50 "
                     "HTTP/1.1\r\nHost: tracker\r\nUser-Agent: cotorra\r\n\r\n",
                     number, 7000 + number, number % 2 * 1000);
}

// One client that asks again and again on one connection, as the peers of a swarm.
io::task<> ask(io::network& net, endpoint tracker, std::uint32_t count,
               io::task_group& all) {
  std::unique_ptr<io::stream> const s = co_await net.connect(tracker);
  buffer answer(64 << 10);
  for (std::uint32_t i = 0; i < count; ++i) {
    std::string const request = announce_of(i % peers);
    co_await io::write(*s, as_bytes(request));
    std::size_t const size = co_await s->read_some(answer); // a pipe gives all of it
    if (i >= peers && size < 50 * 6) throw std::runtime_error("an answer lacks peers");
  }
  all.cancel();
}

io::task<> tracker_and_client(tracker_server::server& tracker, io::network& net,
                              std::uint32_t count) {
  io::executor const ex = co_await asio::this_coro::executor;
  io::task_group all(ex);
  all.spawn(tracker.run(), "tracker");
  all.spawn(ask(net, tracker.local(), count, all), "client");
  co_await all.join();
}

buffer torrent_of_many_files() {
  std::vector<metainfo::created_file> entries;
  for (std::uint32_t i = 0; i < files; ++i) {
    metainfo::created_file one;
    one.path = {fmt::format("dir{:03}", i % 100), fmt::format("file{:06}.bin", i)};
    one.length = 32 << 10;
    entries.push_back(one);
  }
  metainfo::create_options how;
  how.name = "tree";
  how.piece_length = 1 << 20;
  std::vector<sha1_digest> const pieces(files / 32);
  return metainfo::encode(how, entries, pieces);
}

} // namespace

void answer_announces(std::uint32_t count) {
  io::simulation sim(1);
  io::world doors = sim.add_host(*ip_address::parse("192.0.2.1")).doors();
  test::memory_network net(sim.executor());
  io::world const here{doors.executor, net, doors.clock, doors.workers, doors.random};
  tracker_server::server tracker(here, {.listen = *endpoint::parse("192.0.2.1:6969")});
  sim.run(tracker_and_client(tracker, net, count));
}

void read_torrents(std::uint32_t count) {
  buffer const torrent = torrent_of_many_files();
  for (std::uint32_t i = 0; i < count; ++i)
    if (metainfo::decode(torrent).files.size() != files)
      throw std::runtime_error("files are missing");
}

} // namespace cotorra::bench

int main(int argc, char** argv) {
  if (argc != 3) return 2;
  std::string_view const what = argv[1];
  auto const count = static_cast<std::uint32_t>(std::atoi(argv[2]));
  if (what == "block")
    cotorra::bench::receive_blocks(count);
  else if (what == "announce")
    cotorra::bench::answer_announces(count);
  else if (what == "torrent")
    cotorra::bench::read_torrents(count);
  else
    return 2;
}
