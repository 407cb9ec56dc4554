// bare_session PORT CONNECTIONS FOLDER PEERS PEER_PORT TORRENT...: a session with these
// torrents in FOLDER, and nothing of a program beside the engine: no terminal, no trace.
// So many peers may connect. PEERS = 0: it seeds. Otherwise it downloads from so many
// peers, at 127.2.0.1, 127.2.0.2 ... on PEER_PORT. Says "ready" when all is checked,
// "complete" when all is here, then "heap" at each line that it is sent; each with the
// bytes that the heap has given out.
#include "io/real_world.hpp"
#include "metainfo/metainfo_wire.hpp"
#include "session/session.hpp"
#include <asio/co_spawn.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <asio/use_awaitable.hpp>
#include <cstdlib>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <malloc.h>
#include <unistd.h>

using namespace cotorra;

namespace {

std::shared_ptr<metainfo::metainfo const> read(char const* path) {
  std::ifstream in(path, std::ios::binary);
  std::string const text((std::istreambuf_iterator<char>(in)), {});
  return std::make_shared<metainfo::metainfo const>(metainfo::decode(as_bytes(text)));
}

void say(char const* what) {
  ::malloc_trim(0);
  auto const heap = ::mallinfo2();
  fmt::print("{} {}\n", what, heap.uordblks + heap.hblkhd);
  std::fflush(stdout);
}

task<> until_all(io::clock& time, session::session& s, auto is_so) {
  for (auto const& t : s.get_torrents())
    while (!is_so(t.status())) co_await time.sleep_for(5ms);
}

task<> tell(io::real_world& world, session::session& s) {
  using status = session::torrent_status;
  io::world const doors = world.doors();
  auto const checked = [](status const& t) {
    return t.state != status::state_t::checking_files;
  };
  co_await until_all(doors.clock, s, checked);
  say("ready");
  auto const complete = [](status const& t) { return t.is_seeding; };
  co_await until_all(doors.clock, s, complete);
  say("complete");
  asio::posix::stream_descriptor in(doors.executor, ::dup(0));
  char line[64];
  for (;;) {
    auto const into = asio::buffer(line);
    co_await in.async_read_some(into, asio::use_awaitable);
    say("heap");
  }
}

std::vector<endpoint> peers(std::uint32_t count, std::uint16_t port) {
  std::vector<endpoint> all;
  for (std::uint32_t i = 0; i < count; ++i)
    all.push_back({ip_address::v4(0x7f020001 + i / 250 * 256 + i % 250), port});
  return all;
}

session::settings settings(char** argv) {
  session::settings s;
  s.listen_interfaces = {
      {ip_address::v4(0x7f000001), static_cast<std::uint16_t>(std::atoi(argv[1]))}};
  s.connections_limit = s.connections_limit_per_torrent =
      static_cast<std::size_t>(std::atoi(argv[2]));
  return s;
}

} // namespace

int main(int argc, char** argv) {
  if (argc < 6) return 2;
  io::real_world world(2);
  session::session ours(world.doors(), settings(argv));
  ours.listen();
  say("empty");
  std::vector<std::shared_ptr<metainfo::metainfo const>> all;
  for (int i = 6; i < argc; ++i) all.push_back(read(argv[i]));
  say("metainfo");
  for (auto& ti : all) {
    session::add_torrent_params p;
    p.ti = std::move(ti);
    p.save_path = argv[3];
    p.peers = peers(static_cast<std::uint32_t>(std::atoi(argv[4])),
                    static_cast<std::uint16_t>(std::atoi(argv[5])));
    p.upload_mode = p.peers.empty();
    ours.add_torrent(std::move(p));
  }
  auto const end = [](std::exception_ptr) { std::_Exit(0); };
  asio::co_spawn(world.context(), ours.run(), end);
  asio::co_spawn(world.context(), tell(world, ours), end);
  world.context().run();
}
