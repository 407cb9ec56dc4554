// Places among the connections: how many a network may hold, and for which peers some are
// kept.
#include "session/places.hpp"
#include "support/catch.hpp"

using namespace cotorra;

namespace {

ip_address at(char const* text) { return *ip_address::parse(text); }
session::visitor guest(char const* text) { return {at(text), false}; }
session::visitor dialled(char const* text) { return {at(text), true}; }

} // namespace

TEST_CASE("no network takes more places than it leaves free") {
  session::places few(8);
  auto come = [&](char const* from) {
    std::size_t came = 0;
    for (; few.has_place_for(guest(from)); ++came) few.take(guest(from));
    return came;
  };
  CHECK(come("192.0.2.1") == 5); // with 4 it leaves 4, and may have one of these
  CHECK(come("192.0.2.2") == 2);
  CHECK_FALSE(few.has_place_for(dialled("192.0.2.1")));
  few.leave(guest("192.0.2.1"));
  few.leave(guest("192.0.2.1"));
  CHECK(few.has_place_for(dialled("192.0.2.1")));
}

TEST_CASE("peers that share 48 bits of an IPv6 address are one network") {
  session::places few(4);
  for (char const* from : {"2001:db8::1", "2001:db8::2", "2001:db8::3"})
    few.take(guest(from));
  CHECK_FALSE(few.has_place_for(guest("2001:db8:0:ffff::4")));
  CHECK(few.has_place_for(guest("2001:db8:1::1")));
}

TEST_CASE("a peer that leaves frees a place, but not for a network beyond its share") {
  session::places few(8);
  session::visitor const crowd = guest("192.0.2.1"), one = guest("192.0.2.2"),
                         newcomer = guest("192.0.2.3");
  for (int i = 0; i < 5; ++i) few.take(crowd);
  few.take(one);
  // two places are free, and only one of its own makes room for one of the crowd
  CHECK_FALSE(few.would_enter(crowd, one));
  CHECK_FALSE(few.would_enter(crowd, crowd));
  few.leave(crowd);
  CHECK(few.would_enter(crowd, crowd));
  few.take(crowd);
  few.take(guest("192.0.2.4"));
  few.take(dialled("192.0.2.5"));
  CHECK_FALSE(few.has_place_for(newcomer)); // full
  CHECK(few.would_enter(newcomer, one));
  CHECK(few.would_enter(dialled("192.0.2.3"), crowd));
  // a guest for which no place is kept is not helped by a peer that we dialled
  few.expect(1);
  CHECK_FALSE(few.would_enter(newcomer, dialled("192.0.2.5")));
}

TEST_CASE("a machine may be full of peers on its own address") {
  session::places few(4);
  for (int i = 0; i < 4; ++i) {
    CHECK(few.has_place_for(guest("127.0.0.1")));
    few.take(guest("127.0.0.1"));
  }
}

TEST_CASE("a place is free again when its holder leaves") {
  session::places one(1);
  {
    session::place first(one, guest("192.0.2.1"));
    session::place const moved = std::move(first);
    CHECK(moved.taken());
    CHECK_FALSE(first.taken());
    CHECK_FALSE(one.has_place_for(guest("192.0.2.1")));
  }
  CHECK(one.none_taken());
  CHECK(one.has_place_for(guest("192.0.2.1")));
}

TEST_CASE("peers that dial us leave a quarter of the places to those we could dial") {
  session::places few(8);
  auto nth = [](std::uint32_t i) {
    return session::visitor{ip_address::v4(0x0a000001 + i), false};
  };
  few.expect(100);
  for (std::uint32_t i = 0; i < 6; ++i) {
    CHECK(few.has_place_for(nth(i)));
    few.take(nth(i));
  }
  CHECK_FALSE(few.has_place_for(nth(6)));
  few.expect(1);
  CHECK(few.has_place_for(nth(6))); // one is known: one place is kept
  CHECK(few.has_place_for({nth(6).from, true}));
  few.take({nth(6).from, true});
  few.take({nth(7).from, true});
  CHECK_FALSE(few.has_place_for({nth(8).from, true}));
}

TEST_CASE("a place in a torrent is one in its session too") {
  session::places session(3);
  session::places one(2, &session), another(2, &session);
  session::place const a(one, guest("192.0.2.1")), b(one, guest("192.0.2.2"));
  CHECK_FALSE(one.has_place_for(guest("192.0.2.3")));
  CHECK(another.has_place_for(guest("192.0.2.3")));
  {
    session::place const c(another, guest("192.0.2.3"));
    CHECK_FALSE(session.has_place_for(guest("192.0.2.4")));
    CHECK_FALSE(another.has_place_for(guest("192.0.2.4")));
    CHECK(another.has_place_here(guest("192.0.2.4")));
  }
  CHECK(another.has_place_for(guest("192.0.2.3")));
}

TEST_CASE("a session keeps places for what all of its torrents could dial") {
  session::places session(8);
  session::places one(8, &session), another(8, &session);
  one.expect(1);
  another.expect(1);
  for (std::uint32_t i = 0; i < 6; ++i)
    another.take({ip_address::v4(0x0a000001 + i), false});
  CHECK_FALSE(one.has_place_for(guest("192.0.2.1")));
  another.expect(0);
  CHECK(one.has_place_for(guest("192.0.2.1")));
}
