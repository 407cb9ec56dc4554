// A peer that unchokes us, and then sends nothing.
#include "choke/snub_watch.hpp"
#include "support/catch.hpp"

using namespace cotorra;
using namespace cotorra::choke;

namespace {
constexpr time_point start = time_point(1h);
}

bool snubbed_at(snub_watch& watch, duration later) {
  watch.look(start + later);
  return watch.snubbed();
}

TEST_CASE("a peer that owes us nothing has not snubbed us") {
  snub_watch watch;
  CHECK_FALSE(snubbed_at(watch, 10h));
}

TEST_CASE("a minute without the block that was asked for is a snub") {
  snub_watch watch;
  watch.requested(start);
  watch.requested(start + 30s); // asking again does not restart the minute
  CHECK_FALSE(snubbed_at(watch, 59s));
  CHECK(watch.look(start + 60s));
  CHECK(watch.snubbed());
  CHECK_FALSE(watch.look(start + 61s)); // no news
  CHECK(watch.snubbed());
}

TEST_CASE("each block starts the minute again while more are open") {
  snub_watch watch;
  watch.requested(start);
  watch.got_block(start + 50s, true);
  CHECK_FALSE(snubbed_at(watch, 109s));
  CHECK(snubbed_at(watch, 110s));
  watch.got_block(start + 120s, false);
  CHECK_FALSE(snubbed_at(watch, 10h));
}

TEST_CASE("a choke takes our requests away and with them the reason to wait") {
  snub_watch watch;
  watch.requested(start);
  watch.nothing_open();
  CHECK_FALSE(snubbed_at(watch, 60s));
}

TEST_CASE("a peer that snubbed us stays so until its next block") {
  snub_watch watch;
  watch.requested(start);
  CHECK(snubbed_at(watch, 60s));
  watch.nothing_open();
  watch.requested(start + 70s);
  CHECK(watch.snubbed());
  watch.got_block(start + 71s, true);
  CHECK_FALSE(watch.snubbed());
}
