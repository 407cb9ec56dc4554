// What a torrent and its trackers tell each other.
#include "session/torrent.hpp"
#include <algorithm>

namespace cotorra::session {

std::vector<std::vector<std::string>> torrent::announce_list() const {
  std::vector<std::vector<std::string>> tiers;
  if (params_.ti) tiers = params_.ti->trackers;
  for (auto const* more : {&params_.trackers, &params_.user_trackers})
    for (std::string const& url : *more) {
      auto const has_url = [&url](std::vector<std::string> const& tier) {
        return std::ranges::find(tier, url) != tier.end();
      };
      if (std::ranges::none_of(tiers, has_url)) tiers.push_back({url});
    }
  return tiers;
}

void torrent::make_announcer() {
  tracker::announcer_callbacks told;
  told.figures = [this] { return figures(); };
  told.listening = [this] { return around_.where.families; };
  told.from_stranger = around_.limits.ssrf_mitigation;
  told.of_user = params_.user_trackers;
  told.on_answer = [this](std::string const& url,
                          tracker::announce_answer const& answer) {
    if (world_.observer) world_.observer->tracker(url, "answered");
    std::vector<found_peer> peers;
    for (tracker::peer const& p : answer.peers)
      peers.push_back({p.address, p.id.value_or(peer_id{})});
    peers_.found(peer_source::tracker, peers);
  };
  told.on_error = [this](std::string const& url, std::string const& sentence) {
    if (world_.observer) world_.observer->tracker(url, sentence);
  };
  announcer_ = std::make_unique<tracker::announcer>(world_.executor, world_.network,
                                                    world_.clock, world_.random,
                                                    announce_list(), std::move(told));
}

tracker::announce_request torrent::figures() const {
  tracker::announce_request r;
  handshake::handshake const ours = peers_.our_handshake();
  r.info_hash = ours.hash;
  r.peer_id = ours.id;
  r.port = around_.where.port;
  r.uploaded = peers_.up().total();
  r.downloaded = peers_.down().total();
  r.left = content_ ? content_->left() : extension::metadata_piece_size; // not a seed
  return r;
}

} // namespace cotorra::session
