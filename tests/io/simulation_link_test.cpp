// One direction of a simulated link: the flows that have bytes waiting share it by bytes.
#include "io/simulation_link.hpp"
#include "print.hpp"
#include "support/catch.hpp"
#include <string>

using namespace cotorra;
using namespace std::chrono_literals;
using io::link_queue;

namespace {

// A link, and when what passed it was through.
struct desk {
  explicit desk(std::uint64_t rate) { link.set_rate(now, rate); }
  link_queue link;
  time_point now{};
  struct passed {
    std::string name;
    duration when;
    bool operator==(passed const&) const = default;
    friend std::ostream& operator<<(std::ostream& out, passed const& p) {
      return out << p.name << " after " << seconds(p.when) << " s";
    }
  };
  std::vector<passed> log;

  void push(std::uint64_t flow, std::size_t size, std::string name) {
    link.push(now, {flow, size,
                    [this, name] { log.push_back({name, now.time_since_epoch()}); }});
    ask();
  }
  void run_until(duration end) {
    while (!due.empty() && due.front() <= time_point(end)) {
      now = due.front();
      std::erase(due, now);
      while (auto const p = link.take(now)) p->through();
      ask();
    }
    now = time_point(end);
  }
  void ask() {
    if (auto const when = link.wake(now)) due.push_back(*when);
    std::ranges::sort(due);
    asked = std::max(asked, due.size());
  }
  std::vector<time_point> due;
  std::size_t asked = 0;
};

} // namespace

TEST_CASE("link / a packet alone takes its size divided by the rate") {
  desk d(1000);
  d.push(1, 500, "a");
  d.push(1, 250, "b");
  d.run_until(10s);
  CHECK(d.log == std::vector<desk::passed>{{"a", 500ms}, {"b", 750ms}});
}

TEST_CASE("link / a small packet does not wait for a large one that is on its way") {
  desk d(1000);
  d.push(1, 1000, "large");
  d.run_until(100ms);
  d.push(2, 10, "small"); // half of the rate is its own
  d.run_until(10s);
  CHECK(d.log == std::vector<desk::passed>{{"small", 120ms}, {"large", 1010ms}});
}

TEST_CASE("link / small packets of many flows do not wait for each other's bulk") {
  desk d(100'000);
  for (std::uint64_t flow = 0; flow < 9; ++flow)
    for (int i = 0; i < 2; ++i) d.push(flow, 16'384, "block");
  d.push(9, 17, "request");
  d.run_until(100ms);
  REQUIRE(d.log.size() == 1); // in turns of a block it would have been 1.5 s
  CHECK(d.log[0] == desk::passed{"request", 1700us});
}

TEST_CASE("link / the size of their packets does not change what flows get") {
  desk d(1'000'000);
  for (int i = 0; i < 1000; ++i) d.push(1, 1000, "thin");
  for (int i = 0; i < 10; ++i) d.push(2, 100'000, "thick");
  d.run_until(1001ms);
  CHECK(std::ranges::count(d.log, "thin", &desk::passed::name) == 500);
  CHECK(std::ranges::count(d.log, "thick", &desk::passed::name) == 5);
}

TEST_CASE("link / a flow that has passed leaves its share to the remaining flows") {
  desk d(1000);
  d.push(1, 100, "a");
  d.push(2, 200, "b");
  d.push(3, 300, "c");
  d.run_until(10s);
  // 100 bytes each in 300 ms, then 100 each of two in 200 ms, then the last 100
  CHECK(d.log == std::vector<desk::passed>{{"a", 300ms}, {"b", 500ms}, {"c", 600ms}});
}

TEST_CASE("link / a flow that comes back has saved nothing up") {
  desk d(1000);
  d.push(1, 1000, "bulk");
  d.run_until(900ms);
  d.push(2, 100, "late");
  d.run_until(10s);
  CHECK(d.log[0].when == 1100ms);
  CHECK(d.log[1].when == 1100ms);
}

TEST_CASE("link / a new rate counts from now on") {
  desk d(1000);
  d.push(1, 1000, "a");
  d.run_until(500ms);
  bool const faster = GENERATE(true, false);
  d.link.set_rate(d.now, faster ? 5000 : 500);
  d.ask();
  d.run_until(10s);
  CHECK(d.log == std::vector<desk::passed>{{"a", faster ? 600ms : 1500ms}});
}

TEST_CASE("link / no limit lets everything pass at once") {
  desk d(0);
  d.push(1, 1'000'000, "a");
  d.push(1, 0, "end");
  d.run_until(0s);
  CHECK(d.log == std::vector<desk::passed>{{"a", 0s}, {"end", 0s}});
}

TEST_CASE("link / an empty packet passes after the bytes before it") {
  desk d(1000);
  d.push(1, 10, "a");
  d.push(1, 0, "end");
  d.run_until(10ms);
  CHECK(d.log == std::vector<desk::passed>{{"a", 10ms}, {"end", 10ms}});
  CHECK(d.link.waiting(1) == 0);
}

TEST_CASE("link / many packets ask for few wake-ups") {
  desk d(1'000'000);
  for (std::uint64_t flow = 0; flow < 1000; ++flow) d.push(flow, 1000, "x");
  CHECK(d.asked == 1);
  d.run_until(2s);
  CHECK(d.log.size() == 1000);
  CHECK(d.log.back().when == 1s);
}
