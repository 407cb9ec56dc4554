// Virtual time: it stands still until told, and wakes sleepers in order.
#include "print.hpp"
#include "support/bench.hpp"
#include "support/catch.hpp"
#include "support/joined_group.hpp"

using namespace cotorra;
using test::bench;

namespace {

io::task<> sleep(io::clock& time, duration d, std::vector<duration>& woken) {
  co_await time.sleep_for(d);
  woken.push_back(d);
}

} // namespace

TEST_CASE("virtual clock / sleepers wake at their time and the earliest first") {
  bench desk;
  std::vector<duration> woken;
  desk.start(sleep(desk.clock, 3s, woken));
  desk.start(sleep(desk.clock, 1s, woken));
  desk.start(sleep(desk.clock, 2s, woken));
  desk.advance(999ms);
  CHECK(woken.empty());
  desk.advance(1ms);
  CHECK(woken == std::vector<duration>{1s});
  desk.advance(10s);
  CHECK(woken == std::vector<duration>{1s, 2s, 3s});
  CHECK_FALSE(desk.clock.next());
}

TEST_CASE("virtual clock / it tells when the next sleeper wakes and never goes back") {
  bench desk;
  std::vector<duration> woken;
  time_point const start = desk.clock.now();
  desk.start(sleep(desk.clock, 5s, woken));
  CHECK(desk.clock.next() == start + 5s);
  desk.clock.advance_to(start + 2s);
  desk.clock.advance_to(start + 1s);
  CHECK(desk.clock.now() == start + 2s);
}

TEST_CASE("virtual clock / sleeping until a time that has passed returns at once") {
  bench desk;
  std::vector<duration> woken;
  CHECK(desk.start(sleep(desk.clock, -1s, woken))->done);
}

TEST_CASE("virtual clock / a cancelled sleeper is forgotten") {
  bench desk;
  std::vector<duration> woken;
  test::joined_group group(desk);
  group.spawn(sleep(desk.clock, 5s, woken));
  desk.settle();
  group.cancel();
  desk.settle();
  CHECK(group.empty());
  CHECK_FALSE(desk.clock.next());
  CHECK(woken.empty());
}
