// Three coroutines in a group: one ends, one fails, and so the third is cancelled.
#include "../book/desk.hpp"
#include "io/task_group.hpp"
#include <asio/this_coro.hpp>
#include <stdexcept>

using namespace cotorra;

namespace {

task<> work(io::clock& clock, char const* name, duration needed) {
  fmt::print("{} begins\n", name);
  co_await clock.sleep_for(needed);
  fmt::print("{} is done\n", name);
}

task<> fail(io::clock& clock) {
  co_await clock.sleep_for(2s);
  throw std::runtime_error("the disk is full");
}

task<> all_three(io::clock& clock) {
  io::executor const loop = co_await asio::this_coro::executor;
  io::task_group group(loop);
  group.spawn(work(clock, "the short work", 1s));
  group.spawn(work(clock, "the long work", 1h));
  group.spawn(fail(clock));
  fmt::print("none of the three has begun\n");
  co_await group.join();
}

} // namespace

int main() {
  desk table;
  table.start(all_three(table.clock));
  table.run();
}
