#include "choke/uplink_watch.hpp"
#include "support/catch.hpp"

using namespace cotorra;
using namespace cotorra::choke;

TEST_CASE("an uplink that carries next to nothing is not full") {
  uplink_watch u;
  CHECK_FALSE(u.may_be_full());
  u.look(16 * 1024); // four peers, each a block every four seconds
  CHECK_FALSE(u.may_be_full());
  u.look(25'000);
  CHECK(u.may_be_full());
}

TEST_CASE("an uplink that carried far more lately is not full") {
  uplink_watch u;
  u.look(1'000'000);
  CHECK(u.may_be_full());
  u.look(300'000);
  CHECK(u.may_be_full());
  u.look(200'000);
  CHECK_FALSE(u.may_be_full());
  for (int second = 0; second < 600; ++second) u.look(100'000);
  CHECK(u.may_be_full()); // it has become slower
}
