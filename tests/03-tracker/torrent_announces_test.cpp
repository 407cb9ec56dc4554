// One announce, and the announces of a torrent from "started" to "stopped".
#include "print.hpp"
#include "support/catch.hpp"
#include "support/joined_group.hpp"
#include "support/story.hpp"
#include "support/web.hpp"
#include "tracker/announcer_talk.hpp"

using namespace cotorra;
using namespace cotorra::test;
using namespace cotorra::tracker;
using Catch::Matchers::ContainsSubstring;

namespace {

using list = std::vector<std::vector<std::string>>;
using texts = std::vector<std::string>;

std::string const peers_answer =
    ok("d8:intervali900e12:min intervali60e5:peers6:abcdef10:tracker id2:ide");

struct torrent {
  bench desk;
  memory_network net{desk.executor()};
  random_source random{1};
  texts errors;
  std::size_t answers = 0;
  std::uint64_t left = 0;
  std::vector<ip_family> listening;
  texts of_user;
  std::unique_ptr<announcer> talk;
  test::joined_group group{desk}; // its members end before what they announce goes

  torrent() {
    net.name("one.example", {"192.0.2.1"});
    net.name("two.example", {"192.0.2.2"});
  }
  void announce_to(list urls) {
    announcer_callbacks calls;
    calls.figures = [this] {
      announce_request r;
      r.port = 6881;
      r.left = left;
      r.event = announce_event::stopped; // the announcer says its own
      r.key = 1;
      return r;
    };
    calls.listening = [this] { return listening; };
    calls.of_user = of_user;
    calls.on_answer = [this](auto const&, announce_answer const&) { ++answers; };
    calls.on_error = [this](auto const&, std::string const& e) { errors.push_back(e); };
    talk = std::make_unique<announcer>(desk.executor(), net, desk.clock, random,
                                       std::move(urls), std::move(calls));
    group.spawn(talk->run(), "announcer");
    desk.settle();
  }
};

struct one_tracker : torrent {
  scripted_server server;
  explicit one_tracker(texts says, scripted_server::after then = scripted_server::close)
      : server(desk, net, "192.0.2.1:80", std::move(says), then) {}
  auto ask(std::string url = "http://one.example/announce") {
    announce_request r;
    r.port = 6881;
    return desk.start(announce(net, desk.clock, std::move(url), std::move(r)));
  }
};

std::string event_of(std::string const& question) {
  auto const at = question.find("&event=");
  if (at == question.npos) return "none";
  return question.substr(at + 7, question.find_first_of("& ", at + 7) - at - 7);
}

std::string events_of(texts const& questions) {
  std::string out = "events:";
  for (std::string const& q : questions) out += " " + event_of(q);
  return out;
}

std::string key_of(std::string const& question) {
  return question.substr(question.find("&key="), 13);
}

} // namespace

TEST_CASE("an announce gives peers") {
  one_tracker t({peers_answer});
  auto const a = t.ask()->get();
  CHECK(a.interval == 900s);
  REQUIRE(a.peers.size() == 1);
  CHECK(a.peers[0].address.text() == "97.98.99.100:25958");
  REQUIRE(t.server.questions.size() == 1);
  CHECK_THAT(t.server.questions[0], ContainsSubstring("GET /announce?info_hash=%00"));
}

TEST_CASE("a failure reason is told in the words of the tracker") {
  one_tracker t({ok("d14:failure reason12:unregistered8:retry ini7ee")});
  auto r = t.ask();
  auto const f = failure_of(r);
  CHECK(f.code == errc::tracker_failure);
  CHECK(f.what == "unregistered");
  CHECK_THROWS_AS(r->get(), tracker_refusal);
}

TEST_CASE("a failure reason counts under any status") {
  one_tracker t({"HTTP/1.1 403 Forbidden\r\n\r\nd14:failure reason2:noe"});
  CHECK(failure_of(t.ask()).code == errc::tracker_failure);
}

TEST_CASE("a refusal may name the time until the next announce") {
  one_tracker t({ok("d14:failure reason4:slow8:intervali1800e12:min intervali900ee")});
  try {
    t.ask()->get();
    FAIL("it did not throw");
  } catch (tracker_refusal const& e) {
    CHECK(e.wait == 1800s);
  }
}

TEST_CASE("a tracker that is busy may name the time until the next announce") {
  for (auto const& [field, wait] :
       std::vector<std::pair<std::string, duration>>{{"Retry-After: 120", 120s},
                                                     {"Retry-After: 4000000", 24h},
                                                     {"Retry-After: 120 s", 0s},
                                                     {"Retry-After: 99999999999", 0s},
                                                     {"Retry-After: soon", 0s},
                                                     {"X: 1", 0s}}) {
    one_tracker t({"HTTP/1.1 503 Busy\r\n" + field + "\r\n\r\n"});
    try {
      t.ask()->get();
      FAIL("it did not throw");
    } catch (tracker_busy const& e) {
      CHECK(e.wait == wait);
    }
  }
}

TEST_CASE("an answer counts under each status that means success") {
  for (std::string const status : {"201 Created", "203 Fine"}) {
    one_tracker t({"HTTP/1.1 " + status + "\r\n\r\nd5:peers6:abcdefe"});
    CHECK(t.ask()->get().peers.size() == 1);
  }
  one_tracker t({"HTTP/1.1 300 Choices\r\n\r\nd5:peers6:abcdefe"});
  CHECK(failure_of(t.ask()).code == errc::http_status);
}

TEST_CASE("an announce takes no longer than it may") {
  one_tracker t({""}, scripted_server::hold);
  announce_options how;
  how.deadline = 3s;
  auto const start = [&] {
    return t.desk.start(
        announce(t.net, t.desk.clock, "http://one.example/announce", {}, how));
  };
  auto r = start();
  t.desk.advance(2s);
  CHECK_FALSE(r->done);
  t.desk.advance(1s);
  CHECK(failure_of(r).code == errc::timed_out);
  t.net.never_resolves("one.example");
  how.name_deadline = 2s;
  r = start();
  t.desk.advance(2s);
  CHECK(failure_of(r).code == errc::cannot_connect);
}

TEST_CASE("names of peers are looked up for five seconds at most") {
  one_tracker t({ok("d5:peersld2:ip9:192.0.2.94:porti8eed2:ip11:one.example4:porti7ee"
                    "d2:ip12:slow.example4:porti7eeee")});
  t.net.never_resolves("slow.example");
  auto r = t.ask();
  t.desk.advance(4s);
  CHECK_FALSE(r->done);
  t.desk.advance(1s);
  CHECK(r->get().peers.size() == 2);
}

TEST_CASE("a tracker at home that a stranger names sends us to no other address there") {
  torrent t;
  t.net.name("router.example", {"192.168.1.1"});
  scripted_server router(t.desk, t.net, "192.168.1.1:80",
                         {moved("http://192.168.1.2/reboot")});
  scripted_server box(t.desk, t.net, "192.168.1.2:80", {peers_answer});
  announce_options how;
  how.from_stranger = true;
  auto r = t.desk.start(
      announce(t.net, t.desk.clock, "http://router.example/announce", {}, how));
  CHECK(failure_of(r).code == errc::unsafe_redirect);
  CHECK(box.questions.empty());
}

TEST_CASE("an answer that is shorter than its length says counts when it is whole") {
  one_tracker whole({"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nd5:peers6:abcdefe"});
  CHECK(whole.ask()->get().peers.size() == 1);
  one_tracker part({"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\nd5:peers6:abc"});
  CHECK(failure_of(part.ask()).code == errc::end_of_stream);
}

TEST_CASE("peers that a tracker gives by name are looked up") {
  one_tracker t(
      {ok("d5:peersld2:ip11:two.example4:porti7eed2:ip15:nowhere.example4:porti7ee"
          "d2:ip9:192.0.2.97:peer id20:-CT0001-abcdefghijkl4:porti8eeee")});
  auto const a = t.ask()->get();
  REQUIRE(a.peers.size() == 2);
  CHECK(a.peers[0].address.text() == "192.0.2.9:8");
  CHECK(a.peers[0].id == peer_id::from(as_bytes("-CT0001-abcdefghijkl")));
  CHECK(a.peers[1].address.text() == "192.0.2.2:7");
}

TEST_CASE("a torrent of a stranger asks nothing of our own network but an announce") {
  torrent t;
  t.net.name("router.example", {"192.168.1.1"});
  scripted_server server(t.desk, t.net, "192.168.1.1:80", {peers_answer, peers_answer});
  announce_options how;
  how.from_stranger = true;
  for (std::string const path : {"/reboot?sure=yes", "/reboot", "/cgi-bin/announce",
                                 "/announce?sure=yes", "/announce.php?sure=yes", "/"}) {
    INFO(path);
    auto r = t.desk.start(
        announce(t.net, t.desk.clock, "http://router.example" + path, {}, how));
    CHECK(failure_of(r).code == errc::unsafe_redirect);
  }
  CHECK(server.questions.empty());
  auto r = t.desk.start(
      announce(t.net, t.desk.clock, "http://router.example/announce", {}, how));
  CHECK(r->get().peers.size() == 1);
  how.from_stranger = false; // the user named it
  r = t.desk.start(announce(t.net, t.desk.clock, "http://router.example/x?y", {}, how));
  CHECK(r->get().peers.size() == 1);
}

TEST_CASE("an error status is named") {
  one_tracker t({"HTTP/1.1 502 Bad Gateway\r\n\r\n<html>"});
  auto const f = failure_of(t.ask());
  CHECK(f.code == errc::http_status);
  CHECK_THAT(f.what, ContainsSubstring("status 502"));
}

TEST_CASE("a web page instead of an answer is named") {
  one_tracker t({ok("<html>Domain for sale</html>")});
  auto const f = failure_of(t.ask());
  CHECK(f.code == errc::malformed_answer);
  CHECK_THAT(f.what, ContainsSubstring("web page"));
}

TEST_CASE("trackers of a kind that we do not speak are refused with a sentence") {
  one_tracker t({});
  auto const f = failure_of(t.ask("udp://one.example:1/announce"));
  CHECK(f.code == errc::unsupported);
  CHECK_THAT(f.what, ContainsSubstring("only http://, https:// and udp://"));
}

TEST_CASE("a torrent announces started and then at each interval") {
  story s;
  one_tracker t({peers_answer, peers_answer, peers_answer});
  s.given("a tracker that asks for an announce every 900 seconds");
  t.announce_to({{"http://one.example/announce"}});
  auto& heard = t.server.questions;
  s.expect("one announce with event=started",
           heard.size() == 1 && event_of(heard[0]) == "started", events_of(heard));
  t.desk.advance(899s);
  s.time("899 seconds pass");
  s.expect("no second announce yet", heard.size() == 1, events_of(heard));
  t.desk.advance(1s);
  s.time("one more second");
  s.expect("an announce without an event",
           heard.size() == 2 && event_of(heard[1]) == "none", events_of(heard));
  CHECK_THAT(heard[1], ContainsSubstring("&trackerid=id"));
  CHECK(key_of(heard[0]) == key_of(heard[1]));
  CHECK(key_of(heard[0]) != "&key=00000001"); // that of the torrent's figures
  CHECK(t.answers == 2);
  CHECK(t.talk->status()[0].state == tracker_state::working);
}

TEST_CASE("completed is announced at once and once") {
  one_tracker t({peers_answer, peers_answer, peers_answer});
  t.announce_to({{"http://one.example/announce"}});
  t.desk.advance(10s);
  t.talk->completed();
  t.desk.settle();
  auto& heard = t.server.questions;
  REQUIRE(heard.size() == 2);
  CHECK(event_of(heard[1]) == "completed");
  t.desk.advance(900s);
  REQUIRE(heard.size() == 3);
  CHECK(event_of(heard[2]) == "none");
}

TEST_CASE("completed is told after started when the tracker was away") {
  torrent t;
  t.announce_to({{"http://one.example/announce"}});
  CHECK(t.errors.size() == 1);
  t.talk->completed();
  t.desk.settle();
  scripted_server server(t.desk, t.net, "192.0.2.1:80", texts(2, peers_answer));
  t.desk.advance(5s);
  REQUIRE(server.questions.size() == 2);
  CHECK(event_of(server.questions[0]) == "started");
  CHECK(event_of(server.questions[1]) == "completed");
}

TEST_CASE("completed is not said while bytes are left") {
  one_tracker t({peers_answer, peers_answer});
  t.left = 1000;
  t.announce_to({{"http://one.example/announce"}});
  t.talk->completed(); // all that the user selected
  t.desk.advance(10s);
  CHECK(events_of(t.server.questions) == "events: started");
  t.left = 0;
  t.talk->completed();
  t.desk.settle();
  CHECK(events_of(t.server.questions) == "events: started completed");
}

TEST_CASE(
    "a tracker that said no is asked again when the time that it named has passed") {
  one_tracker t({ok("d14:failure reason4:slow12:min intervali900ee"), peers_answer});
  t.announce_to({{"http://one.example/announce"}});
  CHECK(t.desk.start(t.talk->say_stopped())->done); // it has not noted us
  CHECK(t.server.questions.size() == 1);
  t.desk.advance(899s);
  CHECK(t.server.questions.size() == 1);
  t.desk.advance(1s);
  CHECK(t.server.questions.size() == 2);
}

TEST_CASE("trackers that never answer are passed by once") {
  torrent t;
  t.net.name("three.example", {"192.0.2.3"});
  t.net.name("four.example", {"192.0.2.4"});
  auto silent = t.net.listen(*endpoint::parse("192.0.2.1:80")),
       silent_too = t.net.listen(*endpoint::parse("192.0.2.2:80"));
  scripted_server good(t.desk, t.net, "192.0.2.3:80", {peers_answer});
  t.announce_to({{"http://one.example/announce"},
                 {"http://two.example/announce"},
                 {"http://three.example/announce"}});
  t.desk.advance(59s);
  CHECK(good.questions.empty());
  t.desk.advance(1s);
  CHECK(good.questions.size() == 1);
}

TEST_CASE("a tracker is told over each family that we listen on") {
  torrent t;
  t.net.name("both.example", {"2001:db8::1", "192.0.2.1"});
  scripted_server four(t.desk, t.net, "192.0.2.1:80", {peers_answer, peers_answer});
  scripted_server six(t.desk, t.net, "[2001:db8::1]:80", {peers_answer, peers_answer});
  SECTION("both") {
    t.listening = {ip_family::v4, ip_family::v6};
    t.announce_to({{"http://both.example/announce"}});
    CHECK(events_of(four.questions) == "events: started");
    CHECK(events_of(six.questions) == "events: started");
    CHECK(t.answers == 2);
    t.desk.start(t.talk->say_stopped());
    CHECK(events_of(four.questions) == "events: started stopped");
    CHECK(events_of(six.questions) == "events: started stopped");
  }
  SECTION("one") {
    t.listening = {ip_family::v4};
    t.announce_to({{"http://both.example/announce"}});
    CHECK(events_of(four.questions) == "events: started");
    CHECK(six.questions.empty());
  }
  SECTION("one that the tracker has not") {
    t.listening = {ip_family::v6};
    t.announce_to({{"http://one.example/announce"}});
    CHECK(events_of(four.questions) == "events: started");
    CHECK(t.errors.empty());
  }
  SECTION("whichever") {
    t.announce_to({{"http://both.example/announce"}});
    CHECK(four.questions.size() + six.questions.size() == 1);
  }
}

TEST_CASE("a tracker that is away over one family works over the other") {
  torrent t;
  t.net.name("both.example", {"2001:db8::1", "192.0.2.1"});
  scripted_server four(t.desk, t.net, "192.0.2.1:80", {peers_answer});
  t.listening = {ip_family::v4, ip_family::v6};
  t.announce_to({{"http://both.example/announce"}});
  CHECK(t.answers == 1);
  CHECK(t.errors.empty());
  CHECK(t.talk->status()[0].state == tracker_state::working);
}

TEST_CASE("a refusal over one family counts more than silence over the other") {
  torrent t;
  t.net.name("both.example", {"2001:db8::1", "192.0.2.1"});
  scripted_server four(t.desk, t.net, "192.0.2.1:80",
                       {ok("d14:failure reason4:slow8:intervali1800ee")});
  t.listening = {ip_family::v6, ip_family::v4};
  t.announce_to({{"http://both.example/announce"}});
  CHECK(t.errors == texts{"slow"});
  CHECK(t.talk->status()[0].state == tracker_state::refused);
}

TEST_CASE("silence after a refusal changes nothing") {
  torrent t;
  t.net.name("both.example", {"2001:db8::1", "192.0.2.1"});
  t.net.hangs(*endpoint::parse("[2001:db8::1]:80"));
  scripted_server four(t.desk, t.net, "192.0.2.1:80",
                       {ok("d14:failure reason4:slow8:intervali1800ee")});
  t.listening = {ip_family::v4, ip_family::v6};
  t.announce_to({{"http://both.example/announce"}});
  CHECK(t.errors.empty());
  t.desk.advance(10s);
  CHECK(t.errors == texts{"slow"});
}

TEST_CASE("of two troubles of one kind the first is told") {
  torrent t;
  t.net.name("both.example", {"2001:db8::1", "192.0.2.1"});
  t.listening = {ip_family::v4, ip_family::v6};
  t.announce_to({{"http://both.example/announce"}});
  REQUIRE(t.errors.size() == 1);
  CHECK_THAT(t.errors[0], ContainsSubstring(" 192.0.2.1:80 ("));
  scripted_server four(t.desk, t.net, "192.0.2.1:80", {ok("d14:failure reason1:4e")});
  scripted_server six(t.desk, t.net, "[2001:db8::1]:80", {ok("d14:failure reason1:6e")});
  t.desk.advance(5s);
  CHECK(t.errors.size() == 2);
  CHECK(t.errors.back() == "4");
}

TEST_CASE("a tracker that is busy is asked again when it said") {
  one_tracker t({"HTTP/1.1 503 Busy\r\nRetry-After: 120\r\n\r\n", peers_answer});
  t.announce_to({{"http://one.example/announce"}});
  CHECK(t.talk->status()[0].state == tracker_state::unreachable);
  t.desk.advance(119s);
  CHECK(t.server.questions.size() == 1);
  t.desk.advance(1s);
  CHECK(t.server.questions.size() == 2);
}

TEST_CASE("completed is told once even if it was told on leaving") {
  torrent t;
  t.left = 1;
  scripted_server server(t.desk, t.net, "192.0.2.1:80", texts(4, peers_answer));
  t.announce_to({{"http://one.example/announce"}});
  t.group.cancel();
  t.desk.settle();
  t.left = 0;
  t.talk->completed();
  t.desk.start(t.talk->say_stopped());
  CHECK(events_of(server.questions) == "events: started completed stopped");
  test::joined_group again(t.desk);
  again.spawn(t.talk->run(), "announcer");
  t.desk.advance(10s);
  CHECK(events_of(server.questions) == "events: started completed stopped started");
  again.cancel();
  t.desk.settle();
}

TEST_CASE("a torrent that pauses says stopped and one that goes on says started") {
  one_tracker t({peers_answer, peers_answer, peers_answer});
  t.announce_to({{"http://one.example/announce"}});
  t.group.cancel();
  t.desk.settle();
  auto r = t.desk.start(t.talk->say_stopped());
  CHECK(r->done);
  CHECK(events_of(t.server.questions) == "events: started stopped");
  r = t.desk.start(t.talk->say_stopped()); // leaves while it pauses: nothing is owed
  CHECK(t.server.questions.size() == 2);
  test::joined_group again(t.desk);
  again.spawn(t.talk->run(), "announcer");
  t.desk.settle();
  CHECK(events_of(t.server.questions) == "events: started stopped started");
  again.cancel();
  t.desk.settle();
}

TEST_CASE("leaving before the first answer tells stopped") {
  torrent t;
  scripted_server server(t.desk, t.net, "192.0.2.1:80", {"", peers_answer},
                         scripted_server::hold);
  t.announce_to({{"http://one.example/announce"}});
  CHECK(events_of(server.questions) == "events: started");
  t.group.cancel();
  t.desk.settle();
  t.desk.start(t.talk->say_stopped());
  CHECK(events_of(server.questions) == "events: started stopped");
}

TEST_CASE(
    "a password in the URL of a tracker goes to the tracker and is told to nobody") {
  one_tracker t({ok("d14:failure reason2:noe")});
  std::vector<std::string> told;
  announcer_callbacks calls;
  calls.figures = [] { return announce_request{}; };
  calls.on_error = [&](std::string const& url, std::string const& e) { told = {url, e}; };
  announcer talk(t.desk.executor(), t.net, t.desk.clock, t.random,
                 {{"http://ann:safe@one.example/announce"}}, std::move(calls));
  test::joined_group group(t.desk);
  group.spawn(talk.run(), "announcer");
  t.desk.settle();
  CHECK(told == texts{"http://one.example/announce", "no"});
  REQUIRE(t.server.questions.size() == 1);
  CHECK_THAT(t.server.questions[0], ContainsSubstring("Authorization: Basic "));
  group.cancel();
  t.desk.settle();
}

TEST_CASE("an early announce waits for the min interval") {
  one_tracker t({peers_answer, peers_answer});
  t.announce_to({{"http://one.example/announce"}});
  t.desk.advance(10s);
  t.talk->announce_soon();
  t.desk.advance(49s);
  CHECK(t.server.questions.size() == 1);
  t.desk.advance(1s);
  CHECK(t.server.questions.size() == 2);
}

TEST_CASE("the second tier is asked when the first is away and the error is told") {
  torrent t;
  scripted_server two(t.desk, t.net, "192.0.2.2:80", {peers_answer});
  t.announce_to({{"http://one.example/announce"}, {"http://two.example/announce"}});
  CHECK(two.questions.size() == 1);
  REQUIRE(t.errors.size() == 1);
  CHECK_THAT(t.errors[0], ContainsSubstring("192.0.2.1:80"));
  CHECK(t.talk->status()[0].state == tracker_state::unreachable);
}

TEST_CASE("a tracker that we cannot speak to is told of once") {
  torrent t;
  t.announce_to({{"wss://one.example:1", "nonsense", "ws://one.example/"}});
  t.desk.advance(24h);
  CHECK(t.errors.size() == 3);
  CHECK_FALSE(t.net.dialled().size());
}

TEST_CASE("a silent name server delays leaving by half a second at most") {
  torrent t;
  scripted_server server(t.desk, t.net, "192.0.2.1:80", {peers_answer});
  t.announce_to({{"http://one.example/announce"}});
  t.net.never_resolves("one.example");
  auto r = t.desk.start(t.talk->say_stopped());
  t.desk.advance(499ms);
  CHECK_FALSE(r->done);
  t.desk.advance(1ms);
  CHECK(r->done);
}

TEST_CASE("a tracker whose name is not found yet is owed nothing") {
  torrent t;
  t.net.never_resolves("one.example");
  t.announce_to({{"http://one.example/announce"}});
  t.group.cancel();
  t.desk.settle();
  CHECK(t.group.empty());
  CHECK(t.desk.start(t.talk->say_stopped())->done);
}

TEST_CASE("leaving tells stopped to each tracker that knows us") {
  one_tracker t({peers_answer, peers_answer});
  t.announce_to({{"http://one.example/announce"}, {"http://two.example/announce"}});
  t.group.cancel();
  t.desk.settle();
  CHECK(t.group.empty());
  auto farewell = t.talk->say_stopped();
  t.talk.reset(); // it needs the announcer no longer
  auto r = t.desk.start(std::move(farewell));
  CHECK(r->done);
  REQUIRE(t.server.questions.size() == 2);
  CHECK(event_of(t.server.questions[1]) == "stopped");
  CHECK_THAT(t.server.questions[1], ContainsSubstring("&numwant=0&"));
  CHECK(key_of(t.server.questions[0]) == key_of(t.server.questions[1]));
  CHECK(t.net.dialled().size() == 2);
}

TEST_CASE("a silent tracker delays leaving by one second at most") {
  torrent t;
  {
    scripted_server server(t.desk, t.net, "192.0.2.1:80", {peers_answer});
    t.announce_to({{"http://one.example/announce"}});
  }
  t.net.hangs(*endpoint::parse("192.0.2.1:80"));
  auto r = t.desk.start(t.talk->say_stopped());
  t.desk.advance(999ms);
  CHECK_FALSE(r->done);
  t.desk.advance(1ms);
  CHECK(r->done);
  CHECK_FALSE(r->error);
}

TEST_CASE("after a slow answer to completed there is a second left for stopped") {
  torrent t;
  t.left = 1;
  scripted_server server(t.desk, t.net, "192.0.2.1:80",
                         {peers_answer, peers_answer.substr(0, 20), ""},
                         scripted_server::hold);
  t.announce_to({{"http://one.example/announce"}});
  t.left = 0;
  t.talk->completed(); // two things are left to say, each of which may take its time
  t.group.cancel();
  t.desk.settle();
  auto r = t.desk.start(t.talk->say_stopped());
  t.desk.advance(500ms);
  CHECK(events_of(server.questions) == "events: started completed stopped");
  t.desk.advance(999ms);
  CHECK_FALSE(r->done);
  t.desk.advance(1ms);
  CHECK(r->done);
  CHECK_FALSE(r->error);
}

TEST_CASE("the trackers that the user named lead anywhere") {
  torrent t;
  t.net.name("router.example", {"10.0.0.1"});
  t.of_user = {"http://router.example/my/tracker?key=1"};
  scripted_server server(t.desk, t.net, "10.0.0.1:80", {peers_answer});
  t.announce_to({{"http://router.example/reboot"}, t.of_user});
  CHECK(t.answers == 1);
  REQUIRE(server.questions.size() == 1);
  CHECK_THAT(server.questions[0], ContainsSubstring("GET /my/tracker?key=1&"));
}

TEST_CASE("a tracker that never knew us is told nothing on leaving") {
  torrent t;
  t.announce_to({{"http://one.example/announce"}});
  auto const dialled = t.net.dialled().size();
  auto r = t.desk.start(t.talk->say_stopped());
  CHECK(r->done);
  CHECK(t.net.dialled().size() == dialled);
}

TEST_CASE("cancelling an announcer ends it whatever it waits for") {
  torrent t;
  t.net.hangs(*endpoint::parse("192.0.2.1:80"));
  t.announce_to({{"http://one.example/announce"}});
  t.group.cancel();
  t.desk.settle();
  CHECK(t.group.empty());
  CHECK_FALSE(t.desk.clock.next());
}
