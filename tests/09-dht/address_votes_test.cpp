// Where we are, as others see it.
#include "09-dht/ids.hpp"
#include "dht/address_votes.hpp"

using namespace cotorra;
using namespace cotorra::dht;

namespace {
ip_address voter(unsigned n) { return ip_address::v4(0x08000000 + n * 256); }
ip_address const home = ip_address::v4(0x05060708), other = ip_address::v4(0x05060709);
} // namespace

TEST_CASE("five voters that agree tell us our address") {
  address_votes votes;
  for (unsigned n = 1; n < 5; ++n) CHECK_FALSE(votes.vote(voter(n), home));
  CHECK_FALSE(votes.known());
  CHECK(votes.vote(voter(5), home));
  CHECK(votes.known() == home);
  CHECK_FALSE(votes.vote(voter(6), home)); // nothing new
}

TEST_CASE("one voter has one vote") {
  address_votes votes;
  for (int i = 0; i < 50; ++i) CHECK_FALSE(votes.vote(voter(1), home));
}

TEST_CASE("a few liars do not move us, and a new address does when most see it") {
  address_votes votes;
  for (unsigned n = 1; n <= 10; ++n) votes.vote(voter(n), home);
  for (unsigned n = 11; n <= 17; ++n) CHECK_FALSE(votes.vote(voter(n), other));
  CHECK(votes.known() == home);
  bool moved = false;
  for (unsigned n = 18; n <= 60; ++n) moved = votes.vote(voter(n), other) || moved;
  CHECK(moved);
  CHECK(votes.known() == other);
}

TEST_CASE("a local address, or one of the other family, is no vote") {
  address_votes votes;
  for (unsigned n = 1; n <= 20; ++n) {
    CHECK_FALSE(votes.vote(voter(n), test::place(1).address));
    CHECK_FALSE(votes.vote(voter(n), test::at("[2a00::1]:1").address));
  }
  CHECK_FALSE(votes.known());
}
