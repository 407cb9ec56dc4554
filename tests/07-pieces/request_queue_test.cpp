// How much to ask of one peer. Time is a plain number here.
#include "07-pieces/print.hpp"
#include "piece/request_queue.hpp"
#include "support/story.hpp"
#include <fmt/format.h>

using namespace cotorra;
using namespace cotorra::piece;

namespace {

block nth(std::uint32_t n) { return {n / 16, n % 16 * block_size, block_size}; }

// A peer that answers in order, `rate` blocks a second, after `delay`.
struct line {
  request_queue queue{};
  time_point now = time_point(1h);
  std::uint32_t sent = 0, came = 0;
  double credit = 0;
  std::vector<time_point> sent_at{};

  void ask() {
    for (std::size_t room = queue.room(now); room > 0; --room) {
      sent_at.push_back(now);
      queue.sent(nth(sent++), now);
    }
  }
  void run(duration time, double blocks_a_second, duration delay = 1ms) {
    for (time_point const end = now + time; now < end; now += 1ms) {
      ask();
      credit = std::min(credit + blocks_a_second / 1000, std::max(1.0, blocks_a_second));
      while (credit >= 1 && came < sent && sent_at[came] + delay <= now) {
        REQUIRE(queue.arrived(nth(came++), now));
        credit -= 1;
        ask();
      }
    }
  }
};

} // namespace

TEST_CASE("the distance to a peer does not set the speed") {
  line l;
  test::story s;
  s.given("a peer that sends 1000 blocks a second, 50 ms away");
  s.you("ask as much as the queue has room for, for 4 seconds");
  l.run(4s, 1000, 50ms);
  s.expect("more than 3000 blocks", l.came > 3000,
           fmt::format("{} blocks; requests under way: {}", l.came, l.queue.depth()));
  s.given("another one, near, that sends 64 blocks a second");
  line slow{request_queue(2000)};
  slow.run(12s, 64);
  s.expect("you ask for three seconds ahead: 170 to 200 blocks",
           slow.queue.depth() >= 170 && slow.queue.depth() <= 200,
           fmt::format("requests under way: {}", slow.queue.depth()));
}

TEST_CASE("a round trip of more than three seconds counts in their place") {
  line far{request_queue(2000)};
  test::story s;
  s.given("a peer that sends 10 blocks a second, 6 s away");
  s.you("keep 100 requests under way for 40 s, and then follow its rate");
  far.queue.fix_depth(100);
  far.run(40s, 10, 6s);
  far.queue.fix_depth(0);
  s.expect("you ask for six seconds ahead: 55 to 65 blocks",
           far.queue.depth() >= 55 && far.queue.depth() <= 65,
           fmt::format("requests under way: {}", far.queue.depth()));
}

TEST_CASE("the parts of a block count until the end of the sum") {
  line slow{request_queue(2000)};
  test::story s;
  s.given("a peer that sends 17 blocks in 10 seconds");
  s.you("ask as much as the queue has room for, for 30 seconds");
  slow.run(30s, 1.7);
  s.expect("you ask for three seconds ahead: 4 or 5 blocks",
           slow.queue.depth() == 4 || slow.queue.depth() == 5,
           fmt::format("requests under way: {}", slow.queue.depth()));
}

TEST_CASE("a new peer is asked for two blocks") {
  request_queue q;
  CHECK(q.room(time_point(1h)) == 2);
}

TEST_CASE("each block that comes makes room for two") {
  request_queue q;
  time_point const t(1h);
  q.sent(nth(0), t);
  q.sent(nth(1), t);
  CHECK(q.room(t) == 0);
  CHECK(q.arrived(nth(0), t + 1ms));
  CHECK(q.room(t + 1ms) == 2);
}

TEST_CASE("on loopback the queue is full size within milliseconds") {
  line l{request_queue(2000)};
  l.run(40ms, 65536); // 1 GiB/s
  CHECK(l.queue.depth() == 2000);
}

TEST_CASE("a peer that does not say how many requests it takes gets 250") {
  line l{};
  l.run(40ms, 65536);
  CHECK(l.queue.depth() == 250);
  CHECK(l.queue.outstanding() > 250 - 32);
}

TEST_CASE("a deep queue is refilled by many requests at once") {
  request_queue q(100);
  q.fix_depth(100);
  time_point const t(1h);
  for (std::uint32_t i = 0; i < 100; ++i) q.sent(nth(i), t);
  for (std::uint32_t i = 0; i < 24; ++i) {
    q.arrived(nth(i), t);
    CHECK(q.room(t) == 0);
  }
  q.arrived(nth(24), t); // a quarter of them
  CHECK(q.room(t) == 25);
  request_queue deep(2000);
  deep.fix_depth(2000);
  for (std::uint32_t i = 0; i < 2000; ++i) deep.sent(nth(i), t);
  for (std::uint32_t i = 0; i < 31; ++i) deep.arrived(nth(i), t);
  CHECK(deep.room(t) == 0);
  deep.arrived(nth(31), t);
  CHECK(deep.room(t) == 32);
}

TEST_CASE("where the queue is the limit no request waits for others") {
  line l; // 250 requests, and each takes 50 ms: 5000 blocks a second, not one more
  l.run(20s, 20000, 50ms);
  CHECK(l.came > 96'000);
}

TEST_CASE("a peer that takes few requests gets no more") {
  line l{request_queue(5)};
  l.run(100ms, 65536);
  CHECK(l.queue.depth() == 5);
  request_queue one(1);
  CHECK(one.room(time_point(1h)) == 1);
}

TEST_CASE("reqq may come after the first requests and is never more than 2000") {
  request_queue q;
  q.set_reqq(1000000);
  line l{q};
  l.run(100ms, 65536);
  CHECK(l.queue.depth() == request_queue::largest_depth);
}

TEST_CASE("a fixed depth stays, however fast the peer is") {
  line l;
  l.queue.fix_depth(5);
  l.run(5s, 2000, 50ms);
  CHECK(l.queue.depth() == 5);
  CHECK(l.came == Approx(500).epsilon(0.05)); // 5 requests each 50 ms, for 5 s
  l.queue.set_reqq(3);
  CHECK(l.queue.room(l.now) == 0);
  CHECK(l.queue.depth() == 3);
}

TEST_CASE("a steady peer is asked for three seconds ahead") {
  line l{request_queue(2000)};
  l.run(12s, 64); // 1 MiB/s
  CHECK(l.queue.depth() >= 170);
  CHECK(l.queue.depth() <= 200);
  CHECK(l.queue.rate() > 60.0 * block_size);
  CHECK(l.queue.rate() < 68.0 * block_size);
}

TEST_CASE("a distant fast peer gets its pipe filled") {
  line l{request_queue(2000)};
  l.run(10s, 640, 300ms); // 10 MiB/s, 192 blocks on the way
  CHECK(l.queue.rate() > 600.0 * block_size);
}

TEST_CASE("a slow peer keeps two requests") {
  line l{};
  test::story s;
  s.given("a peer that sends 3 blocks in 10 seconds");
  s.you("ask as much as the queue has room for, for 30 seconds");
  l.run(30s, 0.3);
  s.expect("more than 5 blocks have come", l.came > 5, fmt::format("{}", l.came));
  s.expect("two requests are under way", l.queue.depth() == 2,
           fmt::format("requests under way: {}", l.queue.depth()));
}

TEST_CASE("a peer that gets slower is asked for less") {
  line l{request_queue(2000)};
  l.run(6s, 200);
  std::size_t const before = l.queue.depth();
  l.run(20s, 20);
  CHECK(l.queue.depth() < before / 4);
}

TEST_CASE("silence for a minute makes a peer snubbed and one block ends that") {
  line l{};
  l.run(5s, 100);
  CHECK_FALSE(l.queue.snubbed());
  l.now += 59s;
  l.queue.room(l.now);
  CHECK_FALSE(l.queue.snubbed());
  l.now += 2s;
  CHECK(l.queue.room(l.now) == 0);
  CHECK(l.queue.snubbed());
  CHECK(l.queue.depth() == 1);
  CHECK(l.queue.arrived(nth(l.came), l.now));
  CHECK_FALSE(l.queue.snubbed());
  CHECK(l.queue.depth() >= 2);
}

TEST_CASE("a peer that begins to send after a snub is asked for more with each block") {
  request_queue q;
  time_point const t(1h);
  for (std::uint32_t n = 0; n < 2; ++n) q.sent(nth(n), t);
  CHECK(q.room(t + 61s) == 0);
  REQUIRE(q.snubbed());
  for (std::uint32_t n = 0; n < 2; ++n) CHECK(q.arrived(nth(n), t + 61s));
  CHECK(q.depth() == 3);
}

TEST_CASE("a peer of whom nothing is asked is never snubbed") {
  request_queue q;
  CHECK(q.room(time_point(1h)) == 2);
  CHECK(q.room(time_point(3h)) == 2);
  CHECK_FALSE(q.snubbed());
}

TEST_CASE("requests are late one by one in the order of asking and told once") {
  request_queue q(10);
  time_point const t(1h);
  q.sent(nth(0), t);
  q.sent(nth(1), t + 10s);
  CHECK(q.late(t + 59s).empty());
  CHECK(q.late(t + 60s) == std::vector{nth(0)});
  CHECK(q.late(t + 61s).empty());
  CHECK(q.outstanding() == 2); // both may still come
  CHECK(q.late(t + 62s, request_queue::endgame_timeout) == std::vector{nth(1)});
  CHECK(q.arrived(nth(0), t + 63s)); // late, and as good
}

TEST_CASE("a slow peer that answers in order loses no request") {
  request_queue q(10);
  time_point t(1h);
  for (std::uint32_t n = 0; n < 3; ++n) q.sent(nth(n), t);
  for (std::uint32_t n = 0; n < 3; ++n) {
    t += 100s;
    CHECK(q.lost(t).empty());
    CHECK(q.arrived(nth(n), t));
  }
}

TEST_CASE("a request that the peer passed over is lost after a minute") {
  request_queue q(10);
  time_point const t(1h);
  q.sent(nth(0), t);
  q.sent(nth(1), t + 1s);
  CHECK(q.arrived(nth(1), t + 2s));
  CHECK(q.lost(t + 59s).empty());
  CHECK(q.lost(t + 60s) == std::vector{nth(0)});
  CHECK(q.outstanding() == 0);
  CHECK_FALSE(q.arrived(nth(0), t + 62s)); // too late
}

TEST_CASE("a request to a peer that falls silent is lost after five minutes") {
  request_queue q(10);
  time_point const t(1h);
  q.sent(nth(0), t);
  CHECK(q.lost(t + 299s).empty());
  CHECK(q.lost(t + 300s) == std::vector{nth(0)});
}

TEST_CASE("a peer whose requests are all late stays snubbed") {
  request_queue q;
  time_point const t(1h);
  q.sent(nth(0), t);
  CHECK(q.late(t + 61s).size() == 1);
  CHECK(q.snubbed());
  CHECK(q.room(t + 62s) == 0);
  CHECK(q.lost(t + 6min).size() == 1);
  CHECK(q.room(t + 6min) == 1);
}

TEST_CASE("a peer that never sends is snubbed though other peers are asked after 20 s") {
  request_queue queue;
  time_point now = time_point(1h);
  for (std::uint32_t n = 0; n < 65; ++n, now += 1s) {
    if (queue.room(now) > 0) queue.sent(nth(n), now);
    queue.late(now, request_queue::endgame_timeout);
  }
  CHECK(queue.snubbed());
  CHECK(queue.depth() == 1);
}

TEST_CASE("what was cancelled or rejected is outstanding no more") {
  request_queue q;
  time_point const t(1h);
  q.sent(nth(0), t);
  q.sent(nth(1), t);
  CHECK(q.cancelled(nth(0)));
  CHECK_FALSE(q.cancelled(nth(0)));
  CHECK(q.rejected(nth(1)));
  CHECK(q.outstanding() == 0);
  CHECK(q.room(t) == 2);
}

TEST_CASE("a block must match in all of its numbers") {
  request_queue q;
  time_point const t(1h);
  q.sent({1, 0, 100}, t);
  CHECK_FALSE(q.arrived({1, 0, 99}, t));
  CHECK_FALSE(q.arrived({2, 0, 100}, t));
  CHECK_FALSE(q.arrived({1, 16384, 100}, t));
  CHECK(q.arrived({1, 0, 100}, t));
  CHECK_FALSE(q.arrived({1, 0, 100}, t));
}

TEST_CASE("answers in any order are found and what is left is taken in order") {
  request_queue q(500);
  time_point const t(1h);
  for (std::uint32_t n = 0; n < 400; ++n) q.sent(nth(n), t);
  for (std::uint32_t n = 399; n >= 100; --n)
    if (n % 3 != 0) REQUIRE(q.arrived(nth(n), t));
  std::vector<block> left;
  for (std::uint32_t n = 0; n < 400; ++n)
    if (n < 100 || n % 3 == 0) left.push_back(nth(n));
  CHECK(q.outstanding() == left.size());
  CHECK(q.take_all() == left);
  CHECK(q.outstanding() == 0);
  CHECK(q.take_all().empty());
}
