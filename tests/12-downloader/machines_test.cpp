// The session's own machines: whom to dial, what to serve, when to stop reading.
#include "session/disk_gate.hpp"
#include "session/peer_list.hpp"
#include "session/places.hpp"
#include "session/upload_queue.hpp"
#include "support/bench.hpp"
#include "support/catch.hpp"

using namespace cotorra;

namespace {

time_point const start{1h};
endpoint at(char const* text) { return *endpoint::parse(text); }
peer_id named(char c) {
  peer_id id;
  id.value.fill(std::byte(c));
  return id;
}

} // namespace

TEST_CASE("three peers on one address are three peers") {
  peer_list known;
  CHECK(known.add(at("127.0.0.1:1")));
  CHECK(known.add(at("127.0.0.1:2")));
  CHECK_FALSE(known.add(at("127.0.0.1:2")));
  CHECK(known.next(start));
  CHECK(known.next(start));
  CHECK_FALSE(known.next(start));
}

TEST_CASE("a peer without a port or an address is not added") {
  peer_list known;
  CHECK_FALSE(known.add(at("192.0.2.1:0")));
  CHECK_FALSE(known.add(at("0.0.0.0:6881")));
}

TEST_CASE("a peer that fails is tried again and later each time") {
  peer_list known;
  known.add(at("192.0.2.1:1"));
  duration waited[4];
  time_point now = start;
  for (duration& w : waited) {
    REQUIRE(known.next(now));
    known.ended(at("192.0.2.1:1"), errc::cannot_connect, now);
    time_point const begin = now;
    while (!known.next(now)) now += 1s;
    w = now - begin;
    known.ended(at("192.0.2.1:1"), errc::shut_down,
                now); // no failure: sets it free again
    now += std::chrono::hours(1);
  }
  CHECK(waited[0] < waited[1]);
  CHECK(waited[1] < waited[2]);
  CHECK(waited[2] < waited[3]);
}

TEST_CASE("ourselves and strangers to the torrent are left alone for long") {
  for (errc why : {errc::own_peer_id, errc::wrong_info_hash, errc::both_complete}) {
    peer_list known;
    known.add(at("192.0.2.1:1"));
    known.next(start);
    known.ended(at("192.0.2.1:1"), why, start);
    CHECK_FALSE(known.next(start + 20min));
    CHECK(known.next(start + 31min));
  }
}

TEST_CASE("who is banned is refused by address and port and by name") {
  peer_list known;
  known.add(at("192.0.2.1:1"));
  known.ban(at("192.0.2.1:1"), named('a'));
  CHECK_FALSE(known.next(start));
  CHECK_FALSE(known.add(at("192.0.2.1:1")));
  CHECK(known.banned(at("192.0.2.1:9"), named('a')));
  CHECK_FALSE(known.banned(at("192.0.2.1:9"), named('b')));
}

TEST_CASE("three bans condemn an address but never loopback") {
  peer_list known;
  for (int i = 1; i <= 3; ++i) {
    auto const port = static_cast<std::uint16_t>(i);
    known.ban({at("192.0.2.1:1").address, port}, named(static_cast<char>('a' + i)));
    known.ban({at("127.0.0.1:1").address, port}, named(static_cast<char>('k' + i)));
  }
  CHECK(known.banned(at("192.0.2.1:77"), named('z')));
  CHECK_FALSE(known.banned(at("127.0.0.1:77"), named('z')));
}

TEST_CASE("no network holds more places than it leaves") {
  places few(8);
  auto const one = at("192.0.2.1:0").address, another = at("192.0.2.2:0").address;
  auto come = [&](ip_address const& who) {
    std::size_t came = 0;
    for (; few.may_come(who, 0); ++came) few.take(who, false);
    return came;
  };
  CHECK(come(one) == 5); // with 4 it leaves 4, and may have one of these
  CHECK(come(another) == 2);
  CHECK_FALSE(few.may_be_dialled(one));
  few.leave(one, false);
  few.leave(one, false);
  CHECK(few.may_be_dialled(one));
}

TEST_CASE("who shares 48 bits of an IPv6 address is one network") {
  places few(4);
  few.take(at("[2001:db8::1]:0").address, false);
  few.take(at("[2001:db8::2]:0").address, false);
  few.take(at("[2001:db8::3]:0").address, false);
  CHECK_FALSE(few.may_come(at("[2001:db8:0:ffff::4]:0").address, 0));
  CHECK(few.may_come(at("[2001:db8:1::1]:0").address, 0));
}

TEST_CASE(
    "who leaves makes a place for somebody else, not for a network past its share") {
  places few(8);
  auto const crowd = at("192.0.2.1:0").address, one = at("192.0.2.2:0").address,
             newcomer = at("192.0.2.3:0").address;
  for (int i = 0; i < 5; ++i) few.take(crowd, false);
  few.take(one, false);
  // two places are free, and only one of its own makes room for one of the crowd
  CHECK_FALSE(few.would_enter({crowd, false}, 0, {one, false}));
  CHECK_FALSE(few.would_enter({crowd, false}, 0, {crowd, false}));
  few.leave(crowd, false);
  CHECK(few.would_enter({crowd, false}, 0, {crowd, false}));
  few.take(crowd, false);
  few.take(at("192.0.2.4:0").address, false);
  few.take(at("192.0.2.5:0").address, true);
  CHECK_FALSE(few.may_come(newcomer, 0)); // full
  CHECK(few.would_enter({newcomer, false}, 0, {one, false}));
  CHECK(few.would_enter({newcomer, true}, 0, {crowd, false}));
  // a guest for whom no place is kept is not helped by one whom we dialled
  CHECK_FALSE(few.would_enter({newcomer, false}, 1, {at("192.0.2.5:0").address, true}));
}

TEST_CASE("a machine may be full of peers on its own address") {
  places few(4);
  for (int i = 0; i < 4; ++i) {
    CHECK(few.may_come(at("127.0.0.1:0").address, 0));
    few.take(at("127.0.0.1:0").address, false);
  }
}

TEST_CASE("a place is left when who has it goes") {
  places one(1);
  auto const who = at("192.0.2.1:0").address;
  {
    place first(one, who, false);
    place const moved = std::move(first);
    CHECK(moved.taken());
    CHECK_FALSE(first.taken());
    CHECK_FALSE(one.may_come(who, 0));
  }
  CHECK(one.none_taken());
  CHECK(one.may_come(who, 0));
}

TEST_CASE("who failed again and again is nobody to keep a place for") {
  peer_list known;
  known.add(at("192.0.2.1:1"));
  time_point now = start;
  for (std::size_t left : {1, 1, 1, 0}) {
    CHECK(known.to_dial() == left);
    while (!known.next(now)) now += 1s;
    CHECK(known.to_dial() == 0); // busy
    known.ended(at("192.0.2.1:1"), errc::cannot_connect, now);
  }
}

TEST_CASE("guests leave a quarter of the places to those we could dial") {
  places few(8);
  auto guest = [](std::uint32_t i) { return ip_address::v4(0x0a000001 + i); };
  for (std::uint32_t i = 0; i < 6; ++i) {
    CHECK(few.may_come(guest(i), 100));
    few.take(guest(i), false);
  }
  CHECK_FALSE(few.may_come(guest(6), 100));
  CHECK(few.may_come(guest(6), 1)); // one is known: one place is kept
  CHECK(few.may_be_dialled(guest(6)));
  few.take(guest(6), true);
  few.take(guest(7), true);
  CHECK_FALSE(few.may_be_dialled(guest(8)));
}

TEST_CASE("a run of requests is what one read can serve") {
  upload_queue waiting(10);
  for (block b : {block{0, 0, 10}, block{0, 10, 10}, block{0, 30, 10}, block{1, 40, 10}})
    REQUIRE(waiting.push(b));
  CHECK(waiting.take_run(100) == std::vector<block>{{0, 0, 10}, {0, 10, 10}});
  CHECK(waiting.take_run(100) == std::vector<block>{{0, 30, 10}});
  CHECK(waiting.take_run(100) == std::vector<block>{{1, 40, 10}});
  CHECK(waiting.take_run(100).empty());
}

TEST_CASE("a run has a limit but one block always passes") {
  upload_queue waiting(10);
  for (std::uint32_t i = 0; i < 4; ++i) waiting.push({0, i * 10, 10});
  CHECK(waiting.take_run(25).size() == 2);
  CHECK(waiting.take_run(1).size() == 1);
}

TEST_CASE("the upload queue is bounded and forgets what is cancelled") {
  upload_queue waiting(2);
  CHECK(waiting.push({0, 0, 1}));
  CHECK(waiting.push({0, 1, 1}));
  CHECK_FALSE(waiting.push({0, 2, 1}));
  CHECK(waiting.cancel({0, 0, 1}));
  CHECK_FALSE(waiting.cancel({0, 0, 1}));
  CHECK(waiting.take_all() == std::vector<block>{{0, 1, 1}});
}

TEST_CASE("a full disk queue stops the readers and lets all of them go on") {
  test::bench desk;
  disk_gate gate(desk.executor(), 100);
  gate.entered(100);
  CHECK(gate.closed());
  auto first = desk.start(gate.opened());
  auto second = desk.start(gate.opened());
  CHECK_FALSE(first->done);
  gate.left(1);
  desk.settle();
  CHECK(first->done);
  CHECK(second->done);
  CHECK(gate.inside() == 99);
}
