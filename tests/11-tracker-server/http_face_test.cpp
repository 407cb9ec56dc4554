// A tracker over HTTP, asked by our own peers and by strangers.
#include "support/catch.hpp"
#include "support/joined_group.hpp"
#include "support/web.hpp"
#include "tracker/announce_talk.hpp"
#include "tracker_server/http_face_talk.hpp"

#include <algorithm>

using namespace cotorra;
using namespace cotorra::test;
using Catch::Matchers::ContainsSubstring;
using tracker::announce_request;

namespace {

struct no_workers : io::workers {
  void post(std::function<void()> job) override { job(); }
  unsigned count() const override { return 1; }
};

struct tracker_on_a_desk {
  bench desk;
  memory_network net{desk.executor()};
  random_source random{1};
  no_workers workers;
  tracker_server::server server;
  test::joined_group group{desk};

  tracker_on_a_desk()
      : server(io::world{desk.executor(), net, desk.clock, workers, random},
               {endpoint::parse("192.0.2.1:6969").value()}) {
    group.spawn(server.run(), "tracker");
    desk.settle();
  }

  announce_request request(std::uint16_t port, std::uint64_t left) {
    announce_request r;
    r.info_hash = info_hash::from(as_bytes("aaaaaaaaaaaaaaaaaaaa"));
    r.peer_id = peer_id::from(as_bytes("-CT0001-abcdefghijkl"));
    r.port = port;
    r.left = left;
    return r;
  }
  auto announce(announce_request r) {
    return desk.start(tracker::announce(net, desk.clock, server.announce_url("192.0.2.1"),
                                        std::move(r)));
  }
  std::string get(std::string const& target) {
    auto const r =
        desk.start(http::get(net, desk.clock, "http://192.0.2.1:6969" + target))->get();
    status = r.status;
    return std::string(as_text(r.body));
  }
  int status = 0;
};

std::string const query = "/announce?info_hash=aaaaaaaaaaaaaaaaaaaa"
                          "&peer_id=bbbbbbbbbbbbbbbbbbbb&left=0&port=";

} // namespace

TEST_CASE("our own peers find each other at our own tracker") {
  tracker_on_a_desk t;
  CHECK(t.announce(t.request(1, 0))->get().peers.empty());
  auto const a = t.announce(t.request(2, 9))->get();
  REQUIRE(a.peers.size() == 1);
  CHECK(a.peers[0].address.text() == "10.0.0.1:1");
  CHECK(a.complete == 1u);
  CHECK(a.incomplete == 1u);
  CHECK(a.interval == 1800s);
  CHECK(a.min_interval == 60s);
  CHECK(t.server.count().announces == 2);
}

TEST_CASE("the answer is compact or a list as the peer likes") {
  tracker_on_a_desk t;
  t.announce(t.request(0x1234, 9))->get();
  CHECK_THAT(t.get(query + "2&compact=1"),
             ContainsSubstring(std::string("5:peers6:\x0a\0\0\x01\x12\x34", 15)));
  CHECK_THAT(t.get(query + "2"), ContainsSubstring("5:peersld2:ip8:10.0.0.17:peer id20:"
                                                   "-CT0001-abcdefghijkl4:porti4660eee"));
  CHECK_THAT(t.get(query + "2&no_peer_id=1"),
             ContainsSubstring("5:peersld2:ip8:10.0.0.14:porti4660eee"));
}

TEST_CASE("IPv6 peers come under peers6") {
  tracker_on_a_desk t;
  t.net.dial_from(*ip_address::parse("2001:db8::1"));
  t.announce(t.request(1, 9))->get();
  t.net.dial_from(*ip_address::parse("192.0.2.7"));
  auto const answer = t.get(query + "2&compact=1");
  CHECK_THAT(answer, ContainsSubstring("5:peers0:6:peers618:"));
}

TEST_CASE("a tracker listens on both families and its peers meet there") {
  bench desk;
  memory_network net(desk.executor());
  random_source random{1};
  no_workers workers;
  tracker_server::options where;
  std::size_t places = 2;
  SECTION("named one by one") {
    where.listen = endpoint::parse("192.0.2.1:6969").value();
    where.also = {endpoint::parse("[2001:db8::1]:0").value()};
  }
  SECTION("named as all of IPv6") { where.listen = endpoint::parse("[::]:6969").value(); }
  SECTION("named as all of both") {
    where.listen = endpoint::parse("[::]:6969").value();
    where.also = {endpoint::parse("0.0.0.0:6969").value()};
  }
  SECTION("named as all of IPv4") {
    where.listen = endpoint::parse("0.0.0.0:6969").value();
    places = 1;
  }
  tracker_server::server server({desk.executor(), net, desk.clock, workers, random},
                                where);
  auto const all = server.all_local();
  CHECK(all.size() == places);
  CHECK(all.front() == server.local());
  CHECK(all.back().port == 6969);
  CHECK(std::any_of(all.begin(), all.end(),
                    [](auto const& e) { return !e.address.is_v6; }));
  test::joined_group group(desk);
  group.spawn(server.run(), "tracker");
  for (endpoint const& at : all) {
    auto const asked =
        desk.start(http::get(net, desk.clock, "http://" + at.text() + "/"));
    CHECK(asked->get().status == 200);
  }
  group.cancel();
  desk.settle();
  CHECK(group.empty());
}

TEST_CASE("bad announces get status 200 and a failure reason") {
  tracker_on_a_desk t;
  CHECK(t.get("/announce") == "d14:failure reason20:info_hash is missinge");
  CHECK(t.status == 200);
  CHECK_THAT(t.get("/announce?info_hash=abc"),
             ContainsSubstring("3 bytes instead of 20"));
  CHECK_THAT(t.get(query + "0"), ContainsSubstring("port is not between 1 and 65535"));
  CHECK(t.server.count().refused == 3);
  CHECK(t.server.count().announces == 0);
}

TEST_CASE("a refusal reaches our own peer in the words of the tracker") {
  tracker_on_a_desk t;
  auto const f = failure_of(t.announce(t.request(0, 9)));
  CHECK(f.code == errc::tracker_failure);
  CHECK_THAT(f.what, ContainsSubstring("port is not between"));
}

TEST_CASE("a scrape tells the counts of each torrent that is asked for") {
  tracker_on_a_desk t;
  t.announce(t.request(1, 0))->get();
  t.announce(t.request(2, 9))->get();
  std::string const a(20, 'a'), b(20, 'b');
  CHECK(t.get("/scrape?info_hash=" + b + "&info_hash=" + a) ==
        "d5:filesd20:" + a + "d8:completei1e10:downloadedi0e10:incompletei1ee20:" + b +
            "d8:completei0e10:downloadedi0e10:incompletei0eeee");
  CHECK(t.server.count().scrapes == 1);
  CHECK(t.server.swarms().size() == 1); // a scrape makes no swarm
}

TEST_CASE("a scrape of everything is refused, and so is half an info_hash") {
  tracker_on_a_desk t;
  t.announce(t.request(1, 0))->get();
  CHECK(t.get("/scrape") == "d14:failure reason32:a scrape needs an info_hash heree");
  CHECK_THAT(t.get("/scrape?info_hash=abc"), ContainsSubstring("not 20 bytes"));
  CHECK(t.status == 200);
  CHECK(t.server.count().scrapes == 0);
  CHECK(t.server.count().refused == 2);
}

TEST_CASE("people see counts at the front page and nothing elsewhere") {
  tracker_on_a_desk t;
  t.announce(t.request(1, 0))->get();
  CHECK_THAT(t.get("/"), ContainsSubstring("torrents   1\npeers      1\nannounces  1\n"));
  t.get("/admin");
  CHECK(t.status == 404);
}

TEST_CASE("silent peers are forgotten while time passes") {
  tracker_on_a_desk t;
  t.announce(t.request(1, 0))->get();
  t.desk.advance(59min);
  CHECK(t.server.swarms().peers() == 1);
  t.desk.advance(1min);
  CHECK(t.server.swarms().peers() == 0);
  CHECK(t.server.swarms().size() == 0);
}

TEST_CASE("cancelling a tracker ends it") {
  tracker_on_a_desk t;
  auto const visitor = t.desk.run(t.net.connect(t.server.local()));
  t.desk.settle();
  t.group.cancel();
  t.desk.settle();
  CHECK(t.group.empty());
  CHECK_FALSE(t.desk.clock.next());
}
