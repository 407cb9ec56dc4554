// idle_session PORT CONNECTIONS FOLDER TORRENT...: a session that seeds these torrents
// out of FOLDER until it is ended. So many peers may connect, and no terminal, no trace
// and no Python takes memory beside the engine. Says "ready" when all is checked, then
// what the heap holds at each line that it is sent.
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

task<> until_checked(io::clock& time, session::session& s) {
  using enum session::torrent_status::state_t;
  for (auto const& t : s.get_torrents())
    while (t.status().state == checking_files) co_await time.sleep_for(10ms);
}

task<> answer_lines(io::real_world& world, session::session& s) {
  io::world const doors = world.doors();
  co_await until_checked(doors.clock, s);
  say("ready");
  asio::posix::stream_descriptor in(doors.executor, ::dup(0));
  char line[64];
  for (;;) {
    auto const into = asio::buffer(line);
    co_await in.async_read_some(into, asio::use_awaitable);
    say("heap");
  }
}

} // namespace

int main(int argc, char** argv) {
  if (argc < 4) return 2;
  io::real_world world(2);
  session::settings with;
  auto const port = static_cast<std::uint16_t>(std::atoi(argv[1]));
  with.listen_interfaces = {{ip_address::v4(0x7f000001), port}};
  with.connections_limit = with.connections_limit_per_torrent =
      static_cast<std::size_t>(std::atoi(argv[2]));
  session::session ours(world.doors(), with);
  ours.listen();
  say("empty");
  std::vector<std::shared_ptr<metainfo::metainfo const>> all;
  for (int i = 4; i < argc; ++i) all.push_back(read(argv[i]));
  say("metainfo");
  for (auto& ti : all) {
    session::add_torrent_params p;
    p.ti = std::move(ti);
    p.save_path = argv[3];
    p.upload_mode = true;
    ours.add_torrent(std::move(p));
  }
  auto const end = [](std::exception_ptr) { std::_Exit(0); };
  asio::co_spawn(world.context(), ours.run(), end);
  asio::co_spawn(world.context(), answer_lines(world, ours), end);
  world.context().run();
}
