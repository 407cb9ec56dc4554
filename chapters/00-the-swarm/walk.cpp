// Two coroutines in one thread, a wire between them and a clock: which one is suspended,
// what resumes it, and what happens to the borders between two writes?
#include "../book/desk.hpp"
#include "io/memory_pipe.hpp"

using namespace cotorra;

namespace {

task<> talk(io::stream& wire, io::clock& clock) {
  bytes const first = as_bytes("Hola"), second = as_bytes(", cotorra"),
              third = as_bytes("!");
  co_await io::write(wire, first);
  co_await io::write(wire, second);
  co_await clock.sleep_for(5s);
  co_await io::write(wire, third);
  wire.close();
}

task<> listen(io::stream& wire, io::clock& clock) {
  time_point const start = clock.now();
  buffer room(64);
  for (;;) {
    std::size_t const n = co_await wire.read_some(room);
    if (n == 0) break;
    fmt::print("after {:.0f} s: {} bytes, \"{}\"\n", seconds(clock.now() - start), n,
               as_text(bytes(room).first(n)));
  }
  fmt::print("the other end is closed\n");
}

} // namespace

int main() {
  desk table;
  auto [near_end, far_end] = io::memory_stream::pair(table.executor());
  table.start(listen(*far_end, table.clock));
  table.start(talk(*near_end, table.clock));
  table.run();
}
