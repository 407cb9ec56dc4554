// The life of a torrent: which phase follows which.
#include "session/phase.hpp"
#include "support/catch.hpp"

using namespace cotorra;

namespace {

session::life in(session::phase p) {
  session::life l(p != session::phase::learning, p == session::phase::resting);
  if (p == session::phase::swarming) l.checked();
  if (p == session::phase::leaving) l.leave();
  REQUIRE(l.enter() == p);
  return l;
}

} // namespace

TEST_CASE("a torrent is checked and then lives in its swarm") {
  session::life l(true, false);
  CHECK(l.enter() == session::phase::checking);
  CHECK(l.goes_on());
  l.checked();
  CHECK(l.next() == session::phase::swarming);
  CHECK(l.enter() == session::phase::swarming);
  CHECK(l.goes_on());
}

TEST_CASE("a torrent without its info dictionary learns it first") {
  session::life l(false, false);
  CHECK(l.enter() == session::phase::learning);
  l.checked(); // there is nothing to check
  CHECK(l.goes_on());
  l.learned();
  CHECK(l.enter() == session::phase::checking);
}

TEST_CASE("a pause ends each phase and resume goes back to what is due") {
  for (session::phase p :
       {session::phase::learning, session::phase::checking, session::phase::swarming}) {
    INFO(session::name(p));
    session::life l = in(p);
    l.pause();
    CHECK(l.paused());
    CHECK(l.enter() == session::phase::resting);
    CHECK(l.goes_on());
    l.resume();
    CHECK_FALSE(l.paused());
    CHECK(l.enter() == p);
  }
}

TEST_CASE("a pause that is undone at once changes nothing") {
  session::life l = in(session::phase::swarming);
  l.pause();
  l.resume();
  CHECK(l.goes_on());
}

TEST_CASE("a torrent that is added paused stays paused") {
  session::life l(true, true);
  CHECK(l.enter() == session::phase::resting);
  CHECK_FALSE(l.is_checked());
}

TEST_CASE("doubt about the files leads back to a check even across a pause") {
  session::life l = in(session::phase::swarming);
  l.doubt();
  l.pause(); // as after an error of the disk
  CHECK(l.enter() == session::phase::resting);
  CHECK_FALSE(l.is_checked());
  l.resume();
  CHECK(l.enter() == session::phase::checking);
}

TEST_CASE("leaving is final") {
  for (session::phase p : {session::phase::resting, session::phase::learning,
                           session::phase::checking, session::phase::swarming}) {
    INFO(session::name(p));
    session::life l = in(p);
    l.leave();
    for (int i = 0; i < 2; ++i) {
      CHECK(l.enter() == session::phase::leaving);
      l.resume();
      l.pause();
      l.resume();
    }
    CHECK_FALSE(l.paused());
  }
}
