// What a torrent and its trackers tell each other.
#pragma once
#include "session/connections.hpp"
#include "session/finder.hpp"
#include "tracker/announcer_talk.hpp"

namespace cotorra::session {

using tracker_urls = std::vector<std::vector<std::string>>; // tiers (BEP 12)

// Of the .torrent, of the magnet link, of the user, in this order; each URL once.
tracker_urls announce_list(add_torrent_params const&);

class tracker_finder : public finder {
public:
  // `left`: bytes that we do not have. All must outlive it.
  tracker_finder(connections::surroundings, tracker_urls,
                 std::vector<std::string> of_user, connections&,
                 std::function<std::uint64_t()> left);

  peer_source source() const override { return peer_source::tracker; }
  task<> run() override { return announcer_.run(); }
  void want_more() override { announcer_.announce_soon(); }
  void completed() override { announcer_.completed(); }
  task<> say_goodbye() override { return announcer_.say_stopped(); }

  std::vector<tracker::tracker_status> const& status() const {
    return announcer_.status();
  }

private:
  tracker::announcer_callbacks callbacks(std::vector<std::string> of_user);
  tracker::announce_request figures() const;
  void answered(std::string const& url, tracker::announce_answer const&);
  void tell(std::string const& url, std::string_view what) const;

  connections::surroundings const around_;
  connections& peers_;
  std::function<std::uint64_t()> const left_;
  tracker::announcer announcer_;
};

} // namespace cotorra::session
