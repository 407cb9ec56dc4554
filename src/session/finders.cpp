#include "session/finders.hpp"
#include "session/dht_finder.hpp"
#include "session/tracker_finder.hpp"
#include <algorithm>

namespace cotorra::session {

finders::finders(connections::surroundings s, add_torrent_params const& p,
                 connections& peers, host const& torrent)
    : world_(s.world), peers_(peers), torrent_(torrent) {
  auto list = announce_list(p);
  if (s.limits.announce && !list.empty()) {
    auto t = std::make_unique<tracker_finder>(s, std::move(list), p.user_trackers, peers_,
                                              [&torrent] { return torrent.left(); });
    trackers_ = t.get();
    all_.push_back(std::move(t));
  }
  if (s.limits.dht.on) all_.push_back(std::make_unique<dht_finder>(s, p, peers_));
}

finders::~finders() = default;

task<> finders::run() {
  io::task_group group(world_.executor);
  for (auto const& each : all_)
    if (peers_.may_come_from(each->source())) group.spawn(each->run(), "find peers");
  if (!group.empty()) group.spawn(ask_when_lonely(), "ask when lonely");
  co_await group.join();
}

// There may be peers that came since a finder asked.
task<> finders::ask_when_lonely() {
  while (torrent_.wants_peers()) {
    if (peers_.is_lonely())
      for (auto const& each : all_) each->want_more();
    co_await world_.clock.sleep_for(1s);
  }
}

void finders::completed() {
  for (auto const& each : all_) each->completed();
}

task<> finders::say_goodbye() {
  io::task_group group(world_.executor);
  for (auto const& each : all_) group.spawn(each->say_goodbye(), "goodbye");
  co_await group.join();
}

std::vector<tracker::tracker_status> finders::trackers() const {
  if (!trackers_) return {};
  return trackers_->status();
}

} // namespace cotorra::session
