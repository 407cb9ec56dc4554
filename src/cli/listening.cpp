#include "cli/listening.hpp"
#include "base/error.hpp"
#include "cli/keys.hpp"
#include "cli/output.hpp"
#include "io/task_group.hpp"
#include <fmt/format.h>

namespace cotorra::cli {

ip_address loopback() { return ip_address::v4(0x7F000001); }

std::string host_for(endpoint const& listening) {
  ip_address const a = listening.address;
  return a.is_unspecified() ? (a.is_v6 ? "::1" : "127.0.0.1") : a.text();
}

namespace {

task<int> join(io::task_group& group, std::string first_line) {
  say(first_line);
  flush();
  co_await group.join();
  co_return done;
}

} // namespace

void run_until_interrupted(io::real_world& world, task<> service,
                           std::string first_line) {
  io::task_group group(world.context().get_executor());
  keyboard keys;
  auto on_key = [&group](char key) {
    if (key == 'q') return group.cancel();
    say("keys: q quit");
    flush();
  };
  io::world const doors = world.doors();
  group.spawn(std::move(service), "service");
  group.spawn(listen_to_keys(doors.clock, keys, std::move(on_key)), "keys");
  run_task(world, join(group, std::move(first_line)), [&group] { group.cancel(); });
}

void explain_listening(endpoint const& where, std::system_error const& e) {
  throw input_error(fmt::format("cannot listen on {}: {}; choose another address or port "
                                "with --listen",
                                where.text(), io::why_not_listening(e.code())));
}

} // namespace cotorra::cli
