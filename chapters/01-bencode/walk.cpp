// A peer says an integer a few bytes at a time. Its reader waits in the middle of it.
#include "../book/desk.hpp"
#include "bencode/read_talk.hpp"
#include "io/memory_pipe.hpp"

using namespace cotorra;

namespace {

task<> say(io::stream& wire, io::clock& clock) {
  for (std::string_view part : {"i", "-4", "2e4:spam"}) {
    co_await io::write(wire, as_bytes(part));
    co_await clock.sleep_for(1s);
  }
}

task<> hear(io::stream& wire) {
  io::reader in(wire);
  buffer const came = co_await bencode::read(in);
  bencode::document const value = bencode::decode(came);
  fmt::print("{} is the integer {}\n", as_text(came), value.root().integer());
  fmt::print("{} is left for the next reader\n", as_text(in.buffered()));
}

} // namespace

int main() {
  desk table;
  auto [near_end, far_end] = io::memory_stream::pair(table.executor());
  table.start(hear(*far_end));
  table.start(say(*near_end, table.clock));
  table.run();
}
