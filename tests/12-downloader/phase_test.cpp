// The life of a torrent: which phase follows which.
#include "session/phase.hpp"
#include "support/catch.hpp"

using namespace cotorra;

namespace {

life in(phase p) {
  life l(p != phase::learning, p == phase::resting);
  if (p == phase::swarming) l.checked();
  if (p == phase::leaving) l.leave();
  REQUIRE(l.enter() == p);
  return l;
}

} // namespace

TEST_CASE("a torrent is checked and then lives in its swarm") {
  life l(true, false);
  CHECK(l.enter() == phase::checking);
  CHECK(l.goes_on());
  l.checked();
  CHECK(l.next() == phase::swarming);
  CHECK(l.enter() == phase::swarming);
  CHECK(l.goes_on());
}

TEST_CASE("a torrent without its info dictionary learns it first") {
  life l(false, false);
  CHECK(l.enter() == phase::learning);
  l.checked(); // there is nothing to check
  CHECK(l.goes_on());
  l.learned();
  CHECK(l.enter() == phase::checking);
}

TEST_CASE("a pause ends each phase and resume goes back to what is due") {
  for (phase p : {phase::learning, phase::checking, phase::swarming}) {
    INFO(name(p));
    life l = in(p);
    l.pause();
    CHECK(l.paused());
    CHECK(l.enter() == phase::resting);
    CHECK(l.goes_on());
    l.resume();
    CHECK_FALSE(l.paused());
    CHECK(l.enter() == p);
  }
}

TEST_CASE("a pause that is undone at once changes nothing") {
  life l = in(phase::swarming);
  l.pause();
  l.resume();
  CHECK(l.goes_on());
}

TEST_CASE("a torrent that is added paused stays paused") {
  life l(true, true);
  CHECK(l.enter() == phase::resting);
  CHECK_FALSE(l.is_checked());
}

TEST_CASE("doubt about the files leads back to a check even across a pause") {
  life l = in(phase::swarming);
  l.doubt();
  l.pause(); // as after an error of the disk
  CHECK(l.enter() == phase::resting);
  CHECK_FALSE(l.is_checked());
  l.resume();
  CHECK(l.enter() == phase::checking);
}

TEST_CASE("leaving is final") {
  for (phase p : {phase::resting, phase::learning, phase::checking, phase::swarming}) {
    INFO(name(p));
    life l = in(p);
    l.leave();
    for (int i = 0; i < 2; ++i) {
      CHECK(l.enter() == phase::leaving);
      l.resume();
      l.pause();
      l.resume();
    }
    CHECK_FALSE(l.paused());
  }
}
