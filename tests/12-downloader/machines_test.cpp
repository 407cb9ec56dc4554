// The session's own machines: which peers to dial, what to serve, when to stop reading.
#include "session/disk_gate.hpp"
#include "session/nuisance.hpp"
#include "session/peer_list.hpp"
#include "session/settings.hpp"
#include "session/upload_queue.hpp"
#include "support/bench.hpp"
#include "support/catch.hpp"

using namespace cotorra;

namespace {

time_point const start{1h};
endpoint at(char const* text) { return *endpoint::parse(text); }
random_source dice(7);
peer_id named(char c) {
  peer_id id;
  id.value.fill(std::byte(c));
  return id;
}

} // namespace

TEST_CASE("three peers on one address are three peers") {
  session::peer_list known(dice);
  CHECK(known.add(at("127.0.0.1:1")));
  CHECK(known.add(at("127.0.0.1:2")));
  CHECK_FALSE(known.add(at("127.0.0.1:2")));
  CHECK(known.next(start));
  CHECK(known.next(start));
  CHECK_FALSE(known.next(start));
}

TEST_CASE("a peer without a port or an address is not added") {
  session::peer_list known(dice);
  CHECK_FALSE(known.add(at("192.0.2.1:0")));
  CHECK_FALSE(known.add(at("0.0.0.0:6881")));
}

TEST_CASE("what is known may be dialled some day, unless it is banned") {
  session::peer_list known(dice);
  CHECK_FALSE(known.has_any_left());
  known.add(at("192.0.2.1:1"));
  known.next(start);
  CHECK(known.has_any_left());
  for (int i = 0; i < 9; ++i) known.ended(at("192.0.2.1:1"), errc::cannot_connect, start);
  CHECK(known.hopeful() == 0);
  CHECK(known.has_any_left());
  known.ban(at("192.0.2.1:1"), {});
  CHECK_FALSE(known.has_any_left());
}

TEST_CASE("a peer that fails is tried again after ever longer pauses") {
  session::peer_list known(dice);
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

TEST_CASE("when what peers failed at is over, all may be dialled at once") {
  random_source dice(1);
  session::peer_list known(dice);
  endpoint const at = *endpoint::parse("192.0.2.1:6881");
  time_point const now{};
  known.add(at);
  known.next(now);
  known.ended(at, errc::unsupported, now);
  CHECK_FALSE(known.next(now));
  known.retry_soon();
  CHECK(known.next(now)->at == at);
}

TEST_CASE("our own address and peers of no use are not dialled again for long") {
  for (errc why : {errc::own_peer_id, errc::wrong_info_hash, errc::both_complete}) {
    session::peer_list known(dice);
    known.add(at("192.0.2.1:1"));
    known.next(start);
    known.ended(at("192.0.2.1:1"), why, start);
    CHECK_FALSE(known.next(start + 20min));
    CHECK(known.next(start + 31min));
  }
}

TEST_CASE("a banned peer is refused by address and port and by name") {
  session::peer_list known(dice);
  known.add(at("192.0.2.1:1"));
  known.ban(at("192.0.2.1:1"), named('a'));
  CHECK_FALSE(known.next(start));
  CHECK_FALSE(known.add(at("192.0.2.1:1")));
  CHECK(known.banned(at("192.0.2.1:9"), named('a')));
  CHECK_FALSE(known.banned(at("192.0.2.1:9"), named('b')));
}

TEST_CASE("three bans condemn an address but never loopback") {
  session::peer_list known(dice);
  for (int i = 1; i <= 3; ++i) {
    auto const port = static_cast<std::uint16_t>(i);
    known.ban({at("192.0.2.1:1").address, port}, named(static_cast<char>('a' + i)));
    known.ban({at("127.0.0.1:1").address, port}, named(static_cast<char>('k' + i)));
  }
  CHECK(known.banned(at("192.0.2.1:77"), named('z')));
  CHECK_FALSE(known.banned(at("127.0.0.1:77"), named('z')));
}

TEST_CASE("no place is kept for a peer that failed again and again") {
  session::peer_list known(dice);
  known.add(at("192.0.2.1:1"));
  time_point now = start;
  for (std::size_t left : {1, 1, 1, 0}) {
    CHECK(known.hopeful() == left);
    while (!known.next(now)) now += 1s;
    CHECK(known.hopeful() == 0); // busy
    known.ended(at("192.0.2.1:1"), errc::cannot_connect, now);
  }
}

TEST_CASE("a run of requests is what one read can serve") {
  session::upload_queue waiting(10);
  for (piece::block b : {piece::block{0, 0, 10}, piece::block{0, 10, 10},
                         piece::block{0, 30, 10}, piece::block{1, 40, 10}})
    REQUIRE(waiting.push(b));
  CHECK(waiting.take_run(100) == std::vector<piece::block>{{0, 0, 10}, {0, 10, 10}});
  CHECK(waiting.take_run(100) == std::vector<piece::block>{{0, 30, 10}});
  CHECK(waiting.take_run(100) == std::vector<piece::block>{{1, 40, 10}});
  CHECK(waiting.take_run(100).empty());
}

TEST_CASE("a run has a limit but one block always passes") {
  session::upload_queue waiting(10);
  for (std::uint32_t i = 0; i < 4; ++i) waiting.push({0, i * 10, 10});
  CHECK(waiting.take_run(25).size() == 2);
  CHECK(waiting.take_run(1).size() == 1);
}

TEST_CASE("the upload queue is bounded and forgets what is cancelled") {
  session::upload_queue waiting(2);
  CHECK(waiting.push({0, 0, 1}));
  CHECK(waiting.push({0, 1, 1}));
  CHECK_FALSE(waiting.push({0, 2, 1}));
  CHECK(waiting.cancel({0, 0, 1}));
  CHECK_FALSE(waiting.cancel({0, 0, 1}));
  CHECK(waiting.take_all() == std::vector<piece::block>{{0, 1, 1}});
}

TEST_CASE("a full disk queue stops the readers and lets all of them go on") {
  test::bench desk;
  session::disk_gate gate(desk.executor(), 100);
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

TEST_CASE("a few thousand useless messages are tolerated but no more") {
  session::nuisance n;
  int borne = 0;
  while (borne < 10'000 && n.bear(start)) ++borne;
  CHECK(borne == 4000);
  CHECK_FALSE(n.bear(start));
  CHECK(n.bear(start + 1s)); // some are forgiven with time
}

TEST_CASE("a peer that is slightly odd all day is tolerated") {
  session::nuisance n;
  for (int second = 0; second < 10'000; ++second)
    for (int i = 0; i < 20; ++i) REQUIRE(n.bear(start + std::chrono::seconds(second)));
}

TEST_CASE("a session asks for no more descriptors than the process has") {
  for (std::size_t limit : {64, 128, 256, 1024, 65536}) {
    INFO(limit);
    descriptor_budget const b = share_out(limit);
    session::settings const s = session::within(b, {});
    CHECK(s.connections_limit + s.half_open_limit + s.strangers_limit + b.files < limit);
    CHECK(s.connections_limit_per_torrent <= s.connections_limit);
    CHECK(s.half_open_limit >= 1);
  }
  CHECK(session::within(share_out(65536), {}).connections_limit ==
        session::settings{}.connections_limit);
}

TEST_CASE("thousands of early addresses do not push out a later one") {
  int kept = 0;
  for (std::uint32_t run = 0; run < 20; ++run) {
    random_source lots(run);
    session::peer_list known(lots);
    for (std::uint32_t i = 0; i < 2000; ++i)
      known.add({ip_address::v4(0x0a000001 + i), 1});
    if (known.add(at("192.0.2.1:1"))) ++kept;
    CHECK(known.hopeful() == 2000);
  }
  CHECK(kept > 15); // as any of the 2001 would be
}
