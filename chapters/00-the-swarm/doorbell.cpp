// One coroutine waits for an event, and another one sets it.
#include "../book/desk.hpp"
#include "io/event.hpp"

using namespace cotorra;

namespace {

task<> host(io::event& bell) {
  fmt::print("host: I wait for the bell\n");
  co_await bell.wait();
  fmt::print("host: I heard it, and open the door\n");
}

task<> guest(io::event& bell, io::clock& clock) {
  co_await clock.sleep_for(5s);
  fmt::print("guest: I ring\n");
  bell.set();
  fmt::print("guest: I have rung, and the door is still closed\n");
}

} // namespace

int main() {
  desk table;
  io::event bell(table.executor());
  table.start(host(bell));
  table.start(guest(bell, table.clock));
  table.run();
}
