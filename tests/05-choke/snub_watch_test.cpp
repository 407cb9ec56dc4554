// A peer that let us ask, and sends nothing.
#include "choke/snub_watch.hpp"
#include "support/catch.hpp"

using namespace cotorra;

namespace {
constexpr time_point start = time_point(1h);
}

TEST_CASE("a peer that owes us nothing has not snubbed us") {
  snub_watch watch;
  CHECK_FALSE(watch.snubbed(start + 10h));
}

TEST_CASE("a minute without the block that was asked for is a snub") {
  snub_watch watch;
  watch.requested(start);
  watch.requested(start + 30s); // asking again does not start anew
  CHECK_FALSE(watch.snubbed(start + 59s));
  CHECK(watch.snubbed(start + 60s));
}

TEST_CASE("each block starts the minute anew while more are open") {
  snub_watch watch;
  watch.requested(start);
  watch.got_block(start + 50s, true);
  CHECK_FALSE(watch.snubbed(start + 109s));
  CHECK(watch.snubbed(start + 110s));
  watch.got_block(start + 120s, false);
  CHECK_FALSE(watch.snubbed(start + 10h));
}

TEST_CASE("a choke takes our requests away and with them the snub") {
  snub_watch watch;
  watch.requested(start);
  watch.nothing_open();
  CHECK_FALSE(watch.snubbed(start + 60s));
}
