// What the choker ranks by.
#include "base/rate_meter.hpp"
#include "support/catch.hpp"

using namespace cotorra;

namespace {
constexpr time_point start = time_point(1h);

// 1000 bytes every 100 ms.
void flow(rate_meter& meter, time_point from, duration how_long) {
  for (time_point t = from; t < from + how_long; t += 100ms) meter.add(1000, t);
}

bool is_about(double wanted, double found) {
  return found > 0.95 * wanted && found < 1.05 * wanted;
}
} // namespace

TEST_CASE("a meter without bytes shows nothing") {
  rate_meter const meter;
  CHECK(meter.per_second(start) == 0);
  CHECK(meter.smooth_per_second(start) == 0);
  CHECK(meter.total() == 0);
}

TEST_CASE("a steady flow is shown as it is") {
  rate_meter meter;
  flow(meter, start, 60s);
  for (duration const after : {0ms, 50ms}) {
    CHECK(is_about(10000, meter.per_second(start + 60s + after)));
    CHECK(is_about(10000, meter.smooth_per_second(start + 60s + after)));
  }
  CHECK(meter.total() == 600 * 1000);
}

TEST_CASE("a young meter is not diluted by the time before it") {
  rate_meter meter;
  flow(meter, start + 300ms, 2s);
  CHECK(is_about(10000, meter.per_second(start + 2300ms)));
  CHECK(is_about(10000, meter.smooth_per_second(start + 2300ms)));
}

TEST_CASE("the first byte is no flood") {
  rate_meter meter;
  meter.add(1000, start + 999ms);
  CHECK(meter.per_second(start + 999ms) == 1000);
  CHECK(meter.per_second(start + 1s) == 1000);
}

TEST_CASE("five seconds after the last byte the rate is zero and the smooth one is not") {
  rate_meter meter;
  flow(meter, start, 30s);
  CHECK(meter.per_second(start + 32s) < 7000);
  CHECK(meter.per_second(start + 32s) > 3000);
  CHECK(meter.per_second(start + 35s) == 0);
  CHECK(meter.smooth_per_second(start + 35s) > 5000);
  CHECK(meter.smooth_per_second(start + 50s) == 0);
}

TEST_CASE("old seconds are not counted again when the ring comes round") {
  rate_meter meter;
  meter.add(1000000, start);
  meter.add(10, start + 20s);
  CHECK(meter.smooth_per_second(start + 20s) < 1);
  meter.add(10, start + 2h);
  CHECK(meter.per_second(start + 2h) < 10);
  CHECK(meter.total() == 1000020);
}
