// How much one address may ask.
#include "09-dht/print.hpp"
#include "dht/flood_guard.hpp"

using namespace cotorra;
using namespace cotorra::dht;

namespace {

time_point const start{100h};
ip_address address(std::string_view text) { return ip_address::parse(text).value(); }
ip_address stranger(unsigned n) { return ip_address::v4(0x0b000000 + n); }

// How many of n datagrams, sent at one moment, are heard.
unsigned heard(flood_guard& guard, ip_address const& from, unsigned n, time_point at) {
  unsigned count = 0;
  for (unsigned i = 0; i < n; ++i) count += guard.hears(from, at);
  return count;
}

} // namespace

TEST_CASE("an address may ask a hundred times in ten seconds, this machine like others") {
  flood_guard guard;
  for (char const* text : {"192.0.2.1", "127.0.0.1", "::1"}) {
    CAPTURE(text);
    CHECK(heard(guard, address(text), 150, start) == 100);
    CHECK(heard(guard, address(text), 150, start + 10s - 1ns) == 0);
    CHECK(heard(guard, address(text), 150, start + 10s) == 100);
    CHECK_FALSE(guard.blocks(address(text), start + 10s));
  }
  CHECK(heard(guard, address("192.0.2.2"), 10, start) == 10); // another one is not hurt
}

TEST_CASE("an address that floods is not heard for five minutes after it has stopped") {
  flood_guard guard;
  ip_address const flooding = address("192.0.2.1");
  CHECK(heard(guard, flooding, 999, start) == 100);
  CHECK_FALSE(guard.blocks(flooding, start));
  CHECK(heard(guard, flooding, 1, start) == 0);
  CHECK(guard.blocks(flooding, start));
  CHECK(heard(guard, flooding, 2000, start + 4min) == 0); // it goes on
  CHECK(heard(guard, flooding, 1, start + 8min) == 0);
  CHECK(heard(guard, flooding, 1, start + 9min) == 1);
  CHECK_FALSE(guard.blocks(flooding, start + 9min));
}

TEST_CASE("of IPv6 a whole network is one address") {
  flood_guard guard;
  unsigned count = 0;
  ip_address from = address("2001:db8:1:2::");
  for (unsigned n = 0; n < 256; ++n) {
    from.value[15] = static_cast<std::byte>(n);
    count += guard.hears(from, start);
  }
  CHECK(count == 100);
  CHECK(guard.hears(address("2001:db8:1:3::"), start));
}

TEST_CASE("a crowd of forged senders is bounded, and hides no flood") {
  flood_limits const limits{.owners = 50};
  flood_guard guard(limits);
  ip_address const flooding = address("192.0.2.1"), busy = address("192.0.2.2");
  heard(guard, flooding, 1000, start);
  heard(guard, busy, 100, start);
  for (unsigned n = 0; n < 5000; ++n) {
    CHECK(guard.hears(stranger(n), start + 1s));
    REQUIRE(guard.owners() <= limits.owners);
  }
  CHECK(guard.blocks(flooding, start + 1s));
  CHECK_FALSE(guard.hears(busy, start + 1s));
}

TEST_CASE("when all that are remembered are blocked, a new one is heard all the same") {
  flood_limits const limits{.heard = 1, .flood = 2, .owners = 3};
  flood_guard guard(limits);
  for (unsigned n = 0; n < 3; ++n) heard(guard, stranger(n), 2, start + n * 1s);
  CHECK(guard.hears(stranger(9), start + 3s));
  CHECK(guard.owners() == 3);
  CHECK_FALSE(guard.blocks(stranger(0), start + 3s)); // free soonest: forgotten
  CHECK(guard.blocks(stranger(2), start + 3s));
}

TEST_CASE("addresses that are quiet are forgotten") {
  flood_guard guard;
  for (unsigned n = 0; n < 100; ++n) guard.hears(stranger(n), start);
  CHECK(guard.owners() == 100);
  guard.hears(stranger(1000), start + 10s);
  CHECK(guard.owners() == 1);
}

TEST_CASE("in a laboratory an address may ask as often as it likes") {
  flood_guard guard({.on = false});
  CHECK(heard(guard, address("127.0.0.1"), 100'000, start) == 100'000);
  CHECK(guard.owners() == 0);
}

TEST_CASE("owners that are quiet again are forgotten, and one that is blocked is not") {
  flood_guard guard;
  for (unsigned n = 0; n < 50; ++n) heard(guard, stranger(n), 3, start);
  heard(guard, address("192.0.2.1"), 1000, start);
  guard.expire(start + 9s);
  CHECK(guard.owners() == 51);
  guard.expire(start + 10s);
  CHECK(guard.owners() == 1);
  CHECK(guard.blocks(address("192.0.2.1"), start + 10s));
}
