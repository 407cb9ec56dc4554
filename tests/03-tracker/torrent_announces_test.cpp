// One announce, and the announces of a torrent from "started" to "stopped".
#include "io/task_group.hpp"
#include "support/catch.hpp"
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
  io::task_group group{desk.executor()};
  texts errors;
  std::size_t answers = 0;
  std::unique_ptr<announcer> talk;

  torrent() {
    net.name("one.example", {"192.0.2.1"});
    net.name("two.example", {"192.0.2.2"});
  }
  ~torrent() {
    group.cancel();
    desk.settle();
  }
  void announce_to(list urls) {
    announcer_callbacks calls;
    calls.figures = [] {
      announce_request r;
      r.port = 6881;
      return r;
    };
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

TEST_CASE("trackers over https and udp are refused with a sentence") {
  one_tracker t({});
  for (std::string const url : {"https://one.example/announce", "udp://one.example:80"}) {
    auto const f = failure_of(t.ask(url));
    CHECK(f.code == errc::unsupported);
    CHECK_THAT(f.what, ContainsSubstring("not supported yet"));
  }
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
  t.announce_to({{"udp://one.example:1", "nonsense", "https://one.example/"}});
  t.desk.advance(24h);
  CHECK(t.errors.size() == 3);
  CHECK_FALSE(t.net.dialled().size());
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

TEST_CASE("a silent tracker delays leaving by two seconds at most") {
  torrent t;
  {
    scripted_server server(t.desk, t.net, "192.0.2.1:80", {peers_answer});
    t.announce_to({{"http://one.example/announce"}});
  }
  t.net.hangs(*endpoint::parse("192.0.2.1:80"));
  auto r = t.desk.start(t.talk->say_stopped());
  t.desk.advance(1999ms);
  CHECK_FALSE(r->done);
  t.desk.advance(1ms);
  CHECK(r->done);
  CHECK_FALSE(r->error);
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
