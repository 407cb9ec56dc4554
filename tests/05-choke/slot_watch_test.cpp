// A slot that a peer holds and does not use.
#include "choke/slot_watch.hpp"
#include "support/catch.hpp"

using namespace cotorra;

namespace {
time_point const start{1h};
}

TEST_CASE("an unchoked peer that asks for nothing wastes its slot after five seconds") {
  slot_watch w;
  CHECK_FALSE(w.wastes(start)); // it has none
  w.unchoked(start);
  CHECK_FALSE(w.wastes(start + 4s));
  CHECK(w.wastes(start + 5s));
}

TEST_CASE("a peer that asks may take a minute until the next request") {
  slot_watch w;
  w.unchoked(start);
  w.asked(start + 2s);
  CHECK_FALSE(w.wastes(start + 61s));
  CHECK(w.wastes(start + 62s));
}

TEST_CASE("a peer that wasted its slot comes last for longer each time until it asks") {
  slot_watch w;
  time_point now = start;
  for (duration penalty : {30s, 60s, 120s}) {
    w.unchoked(now);
    now += 5s;
    w.choked(now);
    CHECK(w.wastes(now + penalty - 1s));
    CHECK_FALSE(w.wastes(now + penalty));
    now += penalty;
  }
  w.unchoked(now);
  w.asked(now + 1s);
  w.choked(now + 2s);
  CHECK_FALSE(w.wastes(now + 2s)); // it used its slot: no penalty
}

TEST_CASE("a peer that is choked in time has wasted nothing") {
  slot_watch w;
  w.unchoked(start);
  w.choked(start + 2s);
  CHECK_FALSE(w.wastes(start + 2s));
}
