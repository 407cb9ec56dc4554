// A slot that a peer holds and does not use, or hardly.
#include "choke/slot_watch.hpp"
#include "support/catch.hpp"

using namespace cotorra;
using namespace cotorra::choke;

namespace {
time_point const start{1h};
constexpr duration quickly = slot_watch::short_patience, patiently = slot_watch::patience;
constexpr double plenty = 1e6, little = 15.0 * 1024; // bytes a second
} // namespace

TEST_CASE("an unchoked peer that asks for nothing is given two seconds") {
  slot_watch w;
  CHECK_FALSE(w.asks_for_nothing(start, quickly)); // it has no slot
  w.unchoked(start);
  CHECK_FALSE(w.asks_for_nothing(start + 1s, quickly));
  CHECK(w.asks_for_nothing(start + 2s, quickly));
}

TEST_CASE("the two seconds begin when the unchoke has gone out") {
  slot_watch w;
  w.unchoked(start);
  w.still_sending(start + 5s);
  CHECK_FALSE(w.asks_for_nothing(start + 6s, quickly));
  CHECK(w.asks_for_nothing(start + 7s, quickly));
}

TEST_CASE("a peer that asks may take a minute until the next request") {
  slot_watch w;
  w.unchoked(start);
  w.asked(start + 2s);
  CHECK_FALSE(w.asks_for_nothing(start + 61s, quickly));
  CHECK(w.asks_for_nothing(start + 62s, quickly));
}

TEST_CASE("a peer that may have a reason to ask for nothing is given five seconds") {
  slot_watch w;
  w.unchoked(start);
  CHECK_FALSE(w.asks_for_nothing(start + 4s, patiently));
  CHECK(w.asks_for_nothing(start + 5s, patiently));
}

TEST_CASE("a peer that takes less than a block a second is found out after ten seconds") {
  slot_watch w;
  CHECK_FALSE(w.takes_little(start, 0)); // it has no slot
  w.unchoked(start);
  CHECK_FALSE(w.takes_little(start + 9s, little));
  CHECK(w.takes_little(start + 10s, little));
  CHECK_FALSE(w.takes_little(start + 10s, plenty));
}

TEST_CASE("a peer that wasted its slot comes last for longer each time until it asks") {
  slot_watch w;
  time_point now = start;
  for (duration penalty : {30s, 60s, 120s}) {
    w.unchoked(now);
    CHECK_FALSE(w.is_barred(now));
    w.choked(now, true);
    CHECK(w.is_barred(now + penalty - 1s));
    CHECK_FALSE(w.is_barred(now + penalty));
    now += penalty;
  }
  w.unchoked(now);
  w.asked(now);
  w.choked(now, true); // it took little
  CHECK(w.is_barred(now + 29s));
  CHECK_FALSE(w.is_barred(now + 30s));
}

TEST_CASE("a request for a granted piece does not shorten the penalty") {
  slot_watch w;
  w.unchoked(start);
  w.choked(start + 2s, true);
  w.asked(start + 3s);
  CHECK(w.is_barred(start + 31s));
}

TEST_CASE("a peer that is choked in time has wasted nothing") {
  slot_watch w;
  w.unchoked(start);
  w.choked(start + 1s, false);
  CHECK_FALSE(w.is_barred(start + 1s));
}
