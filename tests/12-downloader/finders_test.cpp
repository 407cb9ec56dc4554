// Where a torrent looks for peers.
#include "session/tracker_finder.hpp"
#include "support/catch.hpp"

using namespace cotorra;

TEST_CASE("the trackers of the .torrent come first then the link's and then the user's") {
  auto info = std::make_shared<metainfo::metainfo>();
  info->trackers = {{"http://a/1", "http://a/2"}, {"http://b/"}};
  session::add_torrent_params p;
  p.ti = info;
  p.trackers = {"http://b/", "http://c/", "http://c/"};
  p.user_trackers = {"http://d/", "http://a/2"};
  CHECK(session::announce_list(p) ==
        session::tracker_urls{
            {"http://a/1", "http://a/2"}, {"http://b/"}, {"http://c/"}, {"http://d/"}});
}

TEST_CASE("a magnet link without trackers has no announce list") {
  CHECK(session::announce_list({}).empty());
}
