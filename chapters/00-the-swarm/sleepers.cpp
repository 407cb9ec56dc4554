// Two coroutines that wait for a clock. The clock is a virtual one, and main() moves it.
#include "io/virtual_clock.hpp"
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <fmt/format.h>

using namespace cotorra;

namespace {

task<> sleeper(io::clock& clock, char const* name, duration pause) {
  time_point const start = clock.now();
  for (int times = 0; times < 3; ++times) {
    fmt::print("{:.0f} s: {} falls asleep\n", seconds(clock.now() - start), name);
    co_await clock.sleep_for(pause);
  }
  fmt::print("{:.0f} s: {} has slept enough\n", seconds(clock.now() - start), name);
}

} // namespace

int main() {
  asio::io_context loop;
  io::virtual_clock clock(loop.get_executor());
  asio::co_spawn(loop, sleeper(clock, "Ana", 2s), asio::detached);
  asio::co_spawn(loop, sleeper(clock, "Beto", 3s), asio::detached);
  loop.poll(); // until both of them wait
  while (auto const next = clock.next()) {
    clock.advance_to(*next);
    loop.restart();
    loop.poll();
  }
}
