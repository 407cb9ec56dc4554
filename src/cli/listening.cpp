#include "cli/listening.hpp"
#include "base/error.hpp"
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
  group.spawn(std::move(service), "service");
  run_task(world, join(group, std::move(first_line)), [&group] { group.cancel(); });
}

void explain_listening(endpoint const& where, std::system_error const& e) {
  throw input_error(fmt::format("{}: cannot listen there ({}): choose another address or "
                                "port with --listen",
                                where.text(), e.code().message()));
}

} // namespace cotorra::cli
