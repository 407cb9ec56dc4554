// Rate limits: the bucket by itself, and streams that pass through one.
#include "io/limited_stream.hpp"
#include "io/memory_pipe.hpp"
#include "print.hpp"
#include "simulated_desk.hpp"
#include "support/bench.hpp"
#include "support/catch.hpp"
#include <fmt/format.h>

using namespace cotorra;
using namespace cotorra::test;
using io::rate_limit;

namespace {

// `streams` writers through one limit for 10 s: how many bytes each brought through.
std::vector<std::size_t> ten_seconds(rate_limit& down, rate_limit& up,
                                     std::uint32_t streams, bool limit_reader) {
  simulated_desk d;
  io::host& a = d.sim.add_host(address(1));
  io::host& b = d.sim.add_host(address(2));
  std::vector<simulated_desk::wire*> wires;
  std::vector<std::size_t> came(streams, 0);
  bool ended = false;
  for (std::uint32_t i = 0; i < streams; ++i) {
    wires.push_back(&d.join(a, b));
    auto& end = limit_reader ? wires[i]->far : wires[i]->near;
    end = std::make_unique<io::limited_stream>(std::move(end), d.sim.clock(), down, up);
    d.sim.spawn(send_forever(*wires[i]->near));
    d.sim.spawn(count(*wires[i]->far, came[i], ended));
  }
  d.sim.run_for(10s);
  return came;
}

} // namespace

TEST_CASE("rate limit / ten seconds bring ten times the rate within 5 per cent") {
  auto const streams = GENERATE(1u, 7u);
  auto const rate = GENERATE(50'000u, 1'000'000u, 20'000'000u);
  bool const limit_reader = GENERATE(true, false);
  rate_limit limit(rate), none;
  auto const came = limit_reader ? ten_seconds(limit, none, streams, true)
                                 : ten_seconds(none, limit, streams, false);
  double all = 0;
  for (std::size_t n : came) {
    all += static_cast<double>(n);
    CHECK(static_cast<double>(n) == Approx(rate * 10.0 / streams).epsilon(0.05));
  }
  CHECK(all == Approx(rate * 10.0).epsilon(0.05));
}

TEST_CASE("rate limit / a torrent's limit stands under the session's") {
  rate_limit session(300'000), torrent(GENERATE(100'000u, 900'000u), &session), none;
  auto const came = ten_seconds(none, torrent, 3, false);
  double const all = static_cast<double>(came[0] + came[1] + came[2]);
  double const least = static_cast<double>(std::min(torrent.rate(), session.rate()));
  CHECK(all == Approx(least * 10).epsilon(0.05));
}

TEST_CASE("rate limit / it holds back while a stream waits for it or for one above it") {
  rate_limit session(100'000), torrent(0, &session);
  CHECK_FALSE(torrent.holds_back());
  auto const ticket = session.enter(1000);
  CHECK(torrent.holds_back());
  session.leave(ticket);
  CHECK_FALSE(torrent.holds_back());
}

TEST_CASE("rate limit / first come is first served") {
  time_point const start{1h};
  rate_limit limit(1000);
  auto const first = limit.enter(1000), second = limit.enter(10);
  CHECK_FALSE(limit.may_pass(second, start));
  CHECK(limit.expected(first, start) == start + 1s);
  CHECK_FALSE(limit.may_pass(second, start + 999ms));
  CHECK(limit.may_pass(first, start + 1s));
  CHECK_FALSE(limit.may_pass(second, start + 1s));
  CHECK(limit.may_pass(second, start + 1010ms));
  CHECK(limit.waiting() == 0);
}

TEST_CASE("rate limit / a writer that leaves the queue makes room for the next") {
  time_point const start{1h};
  rate_limit limit(1000);
  auto const first = limit.enter(5000), second = limit.enter(10);
  CHECK_FALSE(limit.may_pass(second, start));
  limit.leave(first);
  CHECK(limit.may_pass(second, start + 10ms));
}

TEST_CASE("rate limit / a change counts from now on") {
  time_point const start{1h};
  rate_limit limit(10);
  auto const waiting = limit.enter(1000);
  CHECK_FALSE(limit.may_pass(waiting, start));
  SECTION("faster") {
    limit.set_rate(1000, start + 10s); // 100 bytes have come in
    CHECK_FALSE(limit.may_pass(waiting, start + 10s + 890ms));
    CHECK(limit.may_pass(waiting, start + 10s + 900ms));
  }
  SECTION("no limit any more") {
    limit.set_rate(0, start);
    CHECK(limit.may_pass(waiting, start));
    CHECK(limit.unlimited());
  }
}

TEST_CASE("rate limit / after an idle time no more than the bucket passes at once") {
  time_point const start{1h};
  rate_limit limit(8000);
  CHECK(limit.may_pass(limit.enter(0), start));
  CHECK(limit.may_pass(limit.enter(16 * 1024), start + 1h));
  CHECK_FALSE(limit.may_pass(limit.enter(1), start + 1h));
}

TEST_CASE("limited stream / the bytes keep their order wherever they are cut") {
  bench desk;
  auto [near, far] = io::memory_stream::pair(desk.executor());
  rate_limit down, up(2000);
  io::limited_stream limited(std::move(near), desk.clock, down, up);
  std::string text;
  for (int i = 0; i < 2000; ++i) text += fmt::format("{},", i);
  auto const all = as_bytes(text);
  bytes const parts[] = {all.first(1), bytes(), all.subspan(1, 3000), all.subspan(3001)};
  auto const writer = desk.start(limited.write(parts));
  desk.advance(2s);
  CHECK_FALSE(writer->done);
  CHECK(far->heard().size() == Approx(4000).margin(1024));
  desk.advance(3s);
  CHECK(writer->done);
  CHECK(as_text(far->heard()) == text);
}

TEST_CASE("limited stream / without a limit nothing waits") {
  bench desk;
  auto [near, far] = io::memory_stream::pair(desk.executor());
  rate_limit down, up;
  io::limited_stream limited(std::move(near), desk.clock, down, up);
  buffer const big(1'000'000);
  CHECK(desk.start(io::write(limited, big))->done);
  CHECK(far->heard().size() == big.size());
}

TEST_CASE("limited stream / a limit that is lifted lets the waiting go soon") {
  bench desk;
  auto [near, far] = io::memory_stream::pair(desk.executor());
  rate_limit down, up(100);
  io::limited_stream limited(std::move(near), desk.clock, down, up);
  buffer const some(5000);
  auto const writer = desk.start(io::write(limited, some));
  desk.advance(1s);
  CHECK_FALSE(writer->done);
  up.set_rate(0, desk.clock.now());
  desk.advance(250ms);
  CHECK(writer->done);
}

TEST_CASE("limited stream / closing ends the wait for a turn") {
  bench desk;
  auto [near, far] = io::memory_stream::pair(desk.executor());
  rate_limit down, up(1);
  io::limited_stream limited(std::move(near), desk.clock, down, up);
  auto const writer = desk.start(io::write(limited, as_bytes("some text")));
  limited.close();
  desk.advance(250ms);
  REQUIRE(writer->done);
  CHECK_THROWS_AS(writer->get(), std::system_error);
  CHECK(up.waiting() == 0);
}
