// Requests that were answered or cancelled leave gaps in the queue, and nothing is told
// of a gap.
#include "07-pieces/print.hpp"
#include "piece/request_queue.hpp"

using namespace cotorra;
using namespace cotorra::piece;

namespace {

constexpr time_point t(1h);

block nth(std::uint32_t n) { return {n / 16, n % 16 * block_size, block_size}; }

request_queue asked(std::vector<std::uint32_t> const& blocks) {
  request_queue q(100);
  for (std::uint32_t const n : blocks) q.sent(nth(n), t);
  return q;
}

} // namespace

TEST_CASE("the blocks of a piece that are outstanding are found among those of others") {
  request_queue q = asked({0, 16, 1, 17, 2});
  CHECK(q.blocks_of(0) == std::vector{nth(0), nth(1), nth(2)});
  q.cancelled(nth(0)); // a gap at the beginning
  q.cancelled(nth(1)); // and one in the middle
  CHECK(q.blocks_of(0) == std::vector{nth(2)});
  CHECK(q.blocks_of(1) == std::vector{nth(16), nth(17)});
  CHECK(q.blocks_of(2).empty());
  q.take_all();
  CHECK(q.blocks_of(0).empty());
}

TEST_CASE("a request that was cancelled is never late or lost") {
  request_queue q = asked({0, 1, 2});
  q.cancelled(nth(1));
  CHECK(q.late(t + 60s) == std::vector{nth(0), nth(2)});
  CHECK(q.lost(t + 5min) == std::vector{nth(0), nth(2)});
  CHECK(q.outstanding() == 0);
}

TEST_CASE("what is taken from the queue holds no request that was cancelled") {
  request_queue q = asked({0, 1, 2});
  q.cancelled(nth(1));
  CHECK(q.take_all() == std::vector{nth(0), nth(2)});
}

TEST_CASE("a request of a minute is late though the one before it is told already") {
  request_queue q = asked({0});
  q.sent(nth(1), t + 10s);
  CHECK(q.late(t + 60s) == std::vector{nth(0)});
  CHECK(q.late(t + 70s) == std::vector{nth(1)});
}

TEST_CASE("a peer that chokes us has no request that it could be late with") {
  request_queue q = asked({0});
  SECTION("all are taken") { q.take_all(); }
  SECTION("the last one is cancelled") { q.cancelled(nth(0)); }
  CHECK(q.room(t + 2min) == 2);
  CHECK_FALSE(q.snubbed());
}

TEST_CASE("a pause ends the old rate, and the peer begins anew") {
  request_queue q(2000);
  time_point now = t;
  for (std::uint32_t n = 0; n < 300; ++n, now += 10ms) {
    q.sent(nth(n), now);
    q.arrived(nth(n), now + 10ms);
  }
  CHECK(q.rate() > 50.0 * block_size);
  SECTION("of less than a second: the rate stays") {
    q.sent(nth(300), now + 900ms);
    CHECK(q.rate() > 0);
  }
  SECTION("of a second") {
    q.sent(nth(300), now + 1s);
    CHECK(q.rate() == 0);
  }
  SECTION("of a minute") {
    q.sent(nth(300), now + 1min);
    CHECK(q.rate() == 0);
    std::size_t const before = q.depth();
    q.arrived(nth(300), now + 1min + 10ms);
    CHECK(q.depth() > before); // slow start again
  }
}

TEST_CASE("a new limit of the peer holds at once") {
  request_queue q;
  q.fix_depth(100);
  CHECK(q.depth() == 100);
  q.set_reqq(7);
  CHECK(q.depth() == 7);
  q.set_reqq(0); // no peer takes none at all
  CHECK(q.depth() == 1);
}

TEST_CASE("the rate follows each second, by half once it has stopped growing") {
  request_queue q(2000);
  q.fix_depth(100);
  time_point now = t;
  std::uint32_t next = 0;
  auto a_second_of = [&](std::uint32_t blocks) {
    for (std::uint32_t i = 0; i < blocks; ++i) q.sent(nth(next + i), now);
    for (std::uint32_t i = 1; i < blocks; ++i) q.arrived(nth(next++), now + 500ms);
    q.arrived(nth(next++), now += 1s);
    return q.rate() / block_size;
  };
  CHECK(a_second_of(10) == Approx(10));
  CHECK(a_second_of(12) == Approx(12)); // it grows
  CHECK(a_second_of(12) == Approx(12)); // no longer
  CHECK(a_second_of(20) == Approx(16)); // (12 + 20) / 2
  q.room(now + 900ms);
  q.room(now + 1s); // nothing is asked for: that is no silence
  CHECK(q.rate() / block_size == Approx(16));
  q.sent(nth(next), now + 1ms);
  q.room(now + 999ms);
  CHECK(q.rate() / block_size == Approx(16));
  q.room(now + 1s); // one request is open, and nothing has come
  CHECK(q.rate() / block_size == Approx(8));
}

TEST_CASE(
    "a peer whose first block takes seconds is still asked for more with each block") {
  request_queue q;
  for (std::uint32_t n = 0; n < 2; ++n) q.sent(nth(n), t);
  CHECK(q.room(t + 2s) == 0);
  CHECK(q.arrived(nth(0), t + 3s));
  CHECK(q.depth() == 3);
}

TEST_CASE("what came before a pause does not count after it") {
  request_queue q;
  q.sent(nth(0), t);
  CHECK(q.arrived(nth(0), t + 10ms));
  q.sent(nth(1), t + 1min);
  q.room(t + 1min + 1s);
  CHECK(q.rate() == 0);
}

TEST_CASE("a peer that owes one last block snubs us like any other") {
  request_queue q;
  for (std::uint32_t n = 0; n < 2; ++n) q.sent(nth(n), t);
  CHECK(q.arrived(nth(0), t + 1s));
  q.room(t + 60s);
  CHECK_FALSE(q.snubbed());
  q.room(t + 61s);
  CHECK(q.snubbed());
}
