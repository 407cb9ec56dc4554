// No path leads past join(): what a group lets run has ended before what it refers to
// goes.
#include "io/task_group.hpp"
#include "print.hpp"
#include "support/bench.hpp"
#include "support/catch.hpp"
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <new>

using namespace cotorra;
using test::bench;

namespace {

using texts = std::vector<std::string>;

// Says when it goes. It speaks through another's string, which must still be there.
struct mark {
  std::string const& name;
  texts& gone;
  ~mark() { gone.push_back(name + " goes"); }
};

io::task<> wait_for_ever(bench& desk, std::string const& name, texts& told) {
  mark const here{name, told};
  told.push_back(name + " begins");
  asio::steady_timer never(desk.executor(), asio::steady_timer::time_point::max());
  co_await never.async_wait(asio::use_awaitable);
}

io::task<> sleep_and_tell(bench& desk, duration d, std::string name, texts& told) {
  co_await desk.clock.sleep_for(d);
  told.push_back(name);
}

io::task<> cannot_be_made() { throw std::bad_alloc(); }
io::task<> no_memory_for_the_frame() { // thrown by the call, not by the coroutine
  throw std::bad_alloc();
  return cannot_be_made();
}

io::task<> fail_before_join(bench& desk, texts& told) {
  std::string const name = "member";
  io::task_group group(desk.executor());
  group.spawn(wait_for_ever(desk, name, told));
  group.spawn(wait_for_ever(desk, name, told));
  group.spawn(no_memory_for_the_frame());
  co_await group.join();
}

io::task<> parent_of(bench& desk, std::vector<std::string> names, texts& told) {
  std::string const mine = names.back();
  names.pop_back();
  std::string const twin = "twin of " + mine;
  mark const here{mine, told};
  io::task_group group(desk.executor());
  group.spawn(wait_for_ever(desk, twin, told));
  if (!names.empty()) group.spawn(parent_of(desk, names, told));
  co_await group.join();
}

io::task<> spawn_while_joined(bench& desk, io::task_group& group, texts& told) {
  co_await desk.clock.sleep_for(1s);
  group.spawn(sleep_and_tell(desk, 1s, "late", told));
}

io::task<> join_twice(bench& desk, texts& told) {
  io::task_group group(desk.executor());
  group.spawn(spawn_while_joined(desk, group, told));
  co_await group.join();
  told.push_back("joined");
  group.spawn(sleep_and_tell(desk, 1s, "again", told));
  co_await group.join();
}

io::task<> cancel_then_join(bench& desk, texts& told) {
  std::string const name = "member";
  io::task_group group(desk.executor());
  group.spawn(wait_for_ever(desk, name, told));
  group.cancel();
  co_await group.join();
}

std::ptrdiff_t place_of(texts const& all, std::string const& one) {
  return std::find(all.begin(), all.end(), one) - all.begin();
}

} // namespace

TEST_CASE("group / a failure between spawn and join: no member has begun, all go") {
  bench desk;
  texts told;
  auto const r = desk.start(fail_before_join(desk, told));
  REQUIRE(r->done);
  CHECK_THROWS_AS(r->get(), std::bad_alloc);
  desk.settle();
  CHECK(told.empty());
}

TEST_CASE("group / a group that nobody joins goes at once, with what was spawned") {
  bench desk;
  texts told;
  std::string const name = "member";
  auto held = std::make_shared<int>();
  auto hold = [](std::shared_ptr<int>) -> io::task<> { co_return; };
  {
    io::task_group group(desk.executor());
    group.spawn(hold(held));
    group.spawn(wait_for_ever(desk, name, told));
    desk.settle();
    CHECK(group.size() == 2);
    CHECK(held.use_count() == 2);
  }
  CHECK(held.use_count() == 1);
  desk.settle();
  CHECK(told.empty());
}

TEST_CASE("group / members go before the one who joins, also with the whole loop") {
  texts told;
  {
    bench desk;
    texts const family{"grandchild", "child", "parent"};
    auto const r = desk.start(parent_of(desk, family, told));
    REQUIRE_FALSE(r->done);
    REQUIRE(told.size() == 3); // the twins have begun
  }
  REQUIRE(told.size() == 9);
  for (std::string who : {"grandchild", "child", "parent"})
    CHECK(place_of(told, "twin of " + who + " goes") < place_of(told, who + " goes"));
  CHECK(place_of(told, "grandchild goes") < place_of(told, "child goes"));
  CHECK(place_of(told, "child goes") < place_of(told, "parent goes"));
}

TEST_CASE("group / what is spawned while it is joined starts at once and it can be used "
          "again") {
  bench desk;
  texts told;
  auto const r = desk.start(join_twice(desk, told));
  desk.advance(1s);
  CHECK(told.empty());
  desk.advance(1s);
  CHECK(told == texts{"late", "joined"});
  desk.advance(1s);
  CHECK(told == texts{"late", "joined", "again"});
  CHECK(r->done);
}

TEST_CASE("group / a member that is cancelled before join never begins") {
  bench desk;
  texts told;
  CHECK(desk.start(cancel_then_join(desk, told))->done);
  CHECK(told.empty());
}

TEST_CASE("group / a group without members is joined at once") {
  bench desk;
  io::task_group group(desk.executor());
  CHECK(desk.start(group.join())->done);
}
