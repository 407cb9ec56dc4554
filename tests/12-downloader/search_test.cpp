// What a user hears of a download that finds no peer.
#include "cli/search.hpp"
#include "support/catch.hpp"

using namespace cotorra;
using namespace cotorra::cli;
using Catch::Matchers::ContainsSubstring;

namespace {

session::torrent_status searching() {
  session::torrent_status s;
  s.state = session::torrent_status::state_t::downloading;
  return s;
}

tracker::tracker_status tracker_in(tracker::tracker_state state, std::string message) {
  tracker::tracker_status t;
  t.url = "http://t.example/announce?key=secret";
  t.state = state;
  t.message = std::move(message);
  return t;
}

std::string text_of(search_facts const& f, session::torrent_status const& s,
                    std::vector<session::peer_info> const& past = {}) {
  return report_of(f, s, past, time_point()).text();
}

} // namespace

TEST_CASE("without a tracker and without a peer the search says what would help") {
  metainfo::metainfo info;
  info.url_list = {"http://seed.example/files"};
  std::vector<endpoint> const none;
  std::string const text = text_of({info, none, 6881}, searching());
  CHECK_THAT(text, ContainsSubstring("the torrent names no tracker"));
  CHECK_THAT(text, ContainsSubstring("web seed http://seed.example/files: not used"));
  CHECK_THAT(text, ContainsSubstring("on port 6881; --tracker or --peer would help"));
}

TEST_CASE("the search reports on each tracker and peer, without secrets") {
  metainfo::metainfo const info;
  std::vector<endpoint> const asked{*endpoint::parse("127.0.0.1:17001"),
                                    *endpoint::parse("127.0.0.1:17002")};
  session::torrent_status s = searching();
  s.trackers = {tracker_in(tracker::tracker_state::unreachable, "connection refused")};
  s.trackers[0].next_announce = time_point() + 12s;
  session::peer_info gone;
  gone.ip = asked[0];
  gone.ended_because = "the peer answers for another torrent";
  std::string const text = text_of({info, asked, 6881}, s, {gone});
  CHECK_THAT(text, ContainsSubstring("http://t.example/announce: connection refused"));
  CHECK_THAT(text,
             ContainsSubstring("127.0.0.1:17001: the peer answers for another torrent"));
  CHECK_THAT(text, ContainsSubstring("127.0.0.1:17002: no connection so far"));
  CHECK_THAT(text, ContainsSubstring("we ask again in 12 s, dial again"));
  CHECK(text.find("secret") == text.npos);
}

TEST_CASE(
    "a search is reported after ten seconds, or at once if there is nothing to ask") {
  search_watch patient, lonely;
  session::torrent_status s = searching();
  time_point const start{};
  CHECK_FALSE(patient.is_due(s, false, start));
  CHECK_FALSE(patient.is_due(s, false, start + 9s));
  CHECK(patient.is_due(s, false, start + 10s));
  CHECK_FALSE(patient.is_due(s, false, start + 11s));
  CHECK(patient.is_due(s, false, start + 70s));
  CHECK(lonely.is_due(s, true, start));
  s.num_peers = 1;
  CHECK_FALSE(patient.is_due(s, false, start + 500s));
  s.num_peers = 0;
  CHECK_FALSE(patient.is_due(s, false, start + 501s)); // its patience begins anew
}

TEST_CASE("the same report is given once") {
  search_watch w;
  search_report const first{{"a"}, "soon"}, later{{"a"}, "later"}, other{{"b"}, "soon"};
  CHECK(w.is_news(first));
  CHECK_FALSE(w.is_news(later));
  CHECK(w.is_news(other));
}
