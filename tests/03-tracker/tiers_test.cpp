// Which tracker is asked, and when (BEP 12).
#include "print.hpp"
#include "support/catch.hpp"
#include "support/story.hpp"
#include "tracker/tiers.hpp"
#include <algorithm>

using namespace cotorra;
using namespace cotorra::tracker;

namespace {

using list = std::vector<std::vector<std::string>>;

struct asked {
  random_source random{7};
  tiers t;
  time_point now{1h};
  explicit asked(list l) : t(std::move(l), random) {}
  std::string next() {
    auto const* n = t.next(now);
    return n ? n->url : "nobody";
  }
  void answer(std::string const& url, std::chrono::seconds interval = 1800s,
              std::chrono::seconds min_interval = 0s) {
    announce_answer a;
    a.interval = interval;
    a.min_interval = min_interval;
    t.answered(url, a, now);
  }
  void fail(std::string const& url) { t.failed(url, "silence", now); }
  // "a b c | d e f": the tiers, in asking order
  std::string order() const {
    std::string out;
    for (std::size_t i = 0; i < t.all().size(); ++i) {
      bool const begins = i > 0 && t.all()[i].tier != t.all()[i - 1].tier;
      out += (i == 0 ? "" : begins ? " | " : " ") + t.all()[i].url;
    }
    return out;
  }
};

} // namespace

TEST_CASE("each tier is shuffled and the tiers keep their order") {
  std::vector<std::string> const first{"a", "b", "c", "d", "e", "f", "g", "h"};
  asked s({first, {"z"}});
  std::vector<std::string> order;
  for (auto const& x : s.t.all()) order.push_back(x.url);
  CHECK(order.back() == "z");
  order.pop_back();
  CHECK(order != first);
  CHECK(std::is_permutation(order.begin(), order.end(), first.begin()));
}

TEST_CASE("a tracker that is listed twice is asked once") {
  asked s({{"a"}, {"b", "a"}});
  CHECK(s.t.all().size() == 2);
}

TEST_CASE("the next tier is asked only when all of a tier failed") {
  asked s({{"a", "b"}, {"c"}});
  std::string const first = s.next();
  CHECK(first != "c");
  s.fail(first);
  std::string const second = s.next();
  CHECK(second != "c");
  CHECK(second != first);
  s.fail(second);
  CHECK(s.next() == "c");
  s.fail("c");
  CHECK(s.next() == "nobody");
  CHECK(s.t.due() == s.now + 5s);
}

TEST_CASE("the tracker that answers moves to the front of its tier and ends the round") {
  asked t({{"a", "b", "c"}, {"d", "e", "f"}});
  test::story s;
  std::vector<std::string> url; // in asking order, as the lot has it
  for (auto const& x : t.t.all()) url.push_back(x.url);
  REQUIRE(url.size() == 6);
  auto const expect_order = [&](std::string const& wanted) {
    s.expect("the order is " + wanted, t.order() == wanted, t.order());
  };
  s.given("two tiers of trackers: " + t.order());
  s.peer(url[0] + " and " + url[1] + " are silent, " + url[2] + " answers");
  t.fail(url[0]);
  t.fail(url[1]);
  t.answer(url[2]);
  expect_order(url[2] + " " + url[0] + " " + url[1] + " | " + url[3] + " " + url[4] +
               " " + url[5]);
  std::string came = t.next();
  s.expect("the round is over: no tracker is asked", came == "nobody", came);
  t.now += 30min;
  s.time("half an hour passes");
  came = t.next();
  s.expect("the next round begins with " + url[2], came == url[2], came);
  s.peer("the first tier and " + url[3] + " are silent, " + url[4] + " answers");
  for (std::size_t i : {2, 0, 1, 3}) t.fail(url[i]);
  t.answer(url[4]);
  expect_order(url[2] + " " + url[0] + " " + url[1] + " | " + url[4] + " " + url[3] +
               " " + url[5]);
  s.peer(url[4] + " answers again");
  t.answer(url[4]);
  expect_order(url[2] + " " + url[0] + " " + url[1] + " | " + url[4] + " " + url[3] +
               " " + url[5]);
  CHECK(t.t.due() == t.now + 30min);
}

TEST_CASE("a tracker of a lower tier that answers stays in its tier") {
  asked s({{"a"}, {"b"}});
  s.fail("a");
  s.answer("b", 60s);
  CHECK(s.t.all()[0].url == "a");
  s.now += 60s;
  CHECK(s.next() == "a"); // the round begins at the top again
}

TEST_CASE("a tracker that fails rests longer each time and at most half an hour") {
  CHECK(back_off(1) == 5s);
  CHECK(back_off(2) == 17500ms);
  CHECK(back_off(3) == 55s);
  CHECK(back_off(13) == 30min);
  CHECK(back_off(4'000'000'000u) == 30min);
  asked s({{"a"}});
  s.fail("a");
  CHECK(s.t.due() == s.now + 5s);
  s.now += 5s;
  s.fail("a");
  CHECK(s.t.due() == s.now + 17500ms);
  s.now += 20s;
  s.answer("a", 60s);
  s.now += 60s;
  s.fail("a");
  CHECK(s.t.due() == s.now + 5s); // the answer was forgiveness
}

TEST_CASE("a dead tracker never blocks the one behind it") {
  asked s({{"dead"}, {"alive"}});
  for (int round = 0; round < 20; ++round) {
    if (s.next() == "dead") s.fail("dead");
    REQUIRE(s.next() == "alive");
    s.answer("alive", 10s);
    s.now += 10s;
  }
}

TEST_CASE("trackers that never answer keep the one behind them away for one tour only") {
  for (std::size_t dead : {2, 3, 5, 20}) {
    list l;
    for (std::size_t i = 0; i < dead; ++i) l.push_back({"dead " + std::to_string(i)});
    l.push_back({"alive"});
    asked s(l);
    time_point const begin = s.now;
    for (std::string n = s.next(); n != "alive"; n = s.next()) {
      s.t.asking(n);
      s.now += 30s;
      s.fail(n);
    }
    CHECK(s.now - begin == dead * 30s);
  }
}

TEST_CASE("when all have failed the next round begins with the first that has rested") {
  asked s({{"a"}, {"b"}});
  for (std::string const n : {"a", "b"}) {
    s.t.asking(n);
    s.now += 30s;
    s.fail(n);
  }
  CHECK(s.next() == "a"); // its 5 s have passed long ago
  s.t.asking("a");
  s.fail("a");
  CHECK(s.next() == "nobody");
  s.now += 5s;
  CHECK(s.next() == "b");
}

TEST_CASE("an answer ends the round and all may be asked again") {
  asked s({{"a"}, {"b"}});
  s.t.asking("a");
  s.fail("a");
  s.t.asking("b");
  s.answer("b", 60s);
  s.now += 60s;
  CHECK(s.next() == "a");
}

TEST_CASE("of very many trackers some are used") {
  std::vector<std::string> many{"wss://other"};
  for (int i = 0; i < 20'000; ++i) many.push_back("http://t" + std::to_string(i));
  for (int i = 0; i < 500; ++i) many.push_back("wss://t" + std::to_string(i));
  asked s({many, {"http://last"}});
  CHECK(s.t.all().size() == 2 * most_trackers);
  CHECK(s.t.left_out() == 20'502 - 2 * most_trackers);
}

TEST_CASE("leaving the swarm makes us unknown and lets a round begin") {
  asked s({{"a"}});
  s.t.told("a", ip_family::v4);
  s.answer("a");
  CHECK(s.t.all()[0].contact_over(ip_family::v4).was_told);
  CHECK(s.next() == "nobody");
  s.t.forget_us();
  CHECK_FALSE(s.t.all()[0].contact_over(ip_family::v4).was_told);
  CHECK_FALSE(s.t.all()[0].contact_over(ip_family::any).knows_us);
  CHECK(s.next() == "a");
}

TEST_CASE("a tracker that says no is told apart from one that is silent") {
  asked s({{"a"}, {"b"}});
  s.t.refused("a", "unregistered torrent", std::nullopt, s.now);
  s.fail("b");
  CHECK(s.t.all()[0].state == tracker_state::refused);
  CHECK(s.t.all()[0].message == "unregistered torrent");
  CHECK(s.t.all()[1].state == tracker_state::unreachable);
}

TEST_CASE("a refusal with retry in is honoured") {
  asked s({{"a"}});
  s.t.refused("a", "later", retry_in{false, 7min}, s.now);
  CHECK(s.t.due() == s.now + 7min);
  s.t.refused("a", "never", retry_in{true, {}}, s.now);
  CHECK(s.t.due() == time_point::max());
}

TEST_CASE("a refusal with an interval is asked again when that has passed") {
  asked s({{"a"}});
  s.t.refused("a", "slow down", std::nullopt, s.now, 900s);
  CHECK(s.t.due() == s.now + 900s);
  s.t.refused("a", "slow down", retry_in{false, 7min}, s.now, 900s);
  CHECK(s.t.due() == s.now + 900s);
  s.t.failed("a", "busy", s.now, 120s);
  CHECK(s.t.due() == s.now + 120s);
}

TEST_CASE("a tracker that we cannot speak to is left alone") {
  asked s({{"https://a:1"}, {"b"}});
  s.t.unusable("https://a:1", "not supported");
  CHECK(s.next() == "b");
  s.answer("b", 60s);
  s.now += 24h;
  CHECK(s.next() == "b");
}

TEST_CASE("hurry waits for the min interval and an event does not") {
  asked s({{"a"}});
  s.answer("a", 1800s, 300s);
  s.t.hurry(s.now + 10s);
  CHECK(s.t.due() == s.now + 300s);
  s.t.begin_round(s.now + 10s);
  CHECK(s.t.due() == s.now + 10s);
}

TEST_CASE("hurry without a min interval waits a minute") {
  asked s({{"a"}});
  s.answer("a");
  s.t.hurry(s.now);
  CHECK(s.t.due() == s.now + 60s);
  s.t.hurry(s.now + 90s);
  CHECK(s.t.due() == s.now + 60s);
}

TEST_CASE("an announcer without trackers has nothing to do") {
  asked s(list{});
  CHECK(s.next() == "nobody");
  CHECK(s.t.due() == time_point::max());
}

TEST_CASE("the table of the trackers tells what became of each") {
  asked s({{"a"}, {"b"}});
  auto const& a = s.t.all()[0];
  CHECK(a.tier == 0);
  CHECK(s.t.all()[1].tier == 1);
  CHECK(a.state == tracker_state::untried);
  s.t.asking("a");
  CHECK(a.state == tracker_state::announcing);
  announce_answer answer;
  answer.warning_message = "slow";
  answer.complete = 3;
  answer.incomplete = 4;
  answer.interval = 60s;
  s.t.answered("a", answer, s.now);
  CHECK(a.state == tracker_state::working);
  CHECK(a.message == "slow");
  CHECK(a.complete == 3u);
  CHECK(a.incomplete == 4u);
  CHECK(a.next_announce == s.now + 60s);
  s.fail("a");
  CHECK(a.state == tracker_state::unreachable);
  CHECK(a.message == "silence");
  CHECK(a.next_announce == s.now + 5s);
  s.t.refused("a", "no", retry_in{false, 7min}, s.now);
  CHECK(a.next_announce == s.now + 7min);
  s.t.unusable("a", "not supported");
  CHECK(a.state == tracker_state::unusable);
  CHECK(a.message == "not supported");
  CHECK(a.next_announce == time_point::max());
}

TEST_CASE("a tracker id stays until another one comes") {
  asked s({{"a"}});
  announce_answer answer;
  answer.tracker_id = "id";
  s.t.answered("a", answer, s.now);
  s.answer("a");
  CHECK(s.t.all()[0].tracker_id == "id");
}

TEST_CASE("a min interval that is longer than the interval counts for both") {
  asked s({{"a"}});
  s.answer("a", 60s, 300s);
  CHECK(s.t.due() == s.now + 300s);
  s.answer("a", 10s); // shorter than the minute of a hurry
  s.t.hurry(s.now);
  CHECK(s.t.due() == s.now + 10s);
}

TEST_CASE("each refusal makes the rest longer") {
  asked s({{"a"}});
  s.t.refused("a", "no", std::nullopt, s.now);
  CHECK(s.t.due() == s.now + 5s);
  s.t.refused("a", "no", std::nullopt, s.now);
  CHECK(s.t.due() == s.now + 17500ms);
}

TEST_CASE("leaving the swarm begins at the first tracker again") {
  asked s({{"a"}, {"b"}});
  s.t.asking("a"); // and we leave before it answers
  s.t.forget_us();
  CHECK(s.next() == "a");
}

TEST_CASE("of a hundred and one trackers of one kind the last is left out") {
  std::vector<std::vector<std::string>> l;
  for (std::size_t i = 0; i <= most_trackers; ++i)
    l.push_back({"http://t" + std::to_string(i)});
  asked s(l);
  CHECK(s.t.all().size() == most_trackers);
  CHECK(s.t.left_out() == 1);
  CHECK(s.t.all().back().tier == most_trackers - 1);
}
