#include "session/tracker_finder.hpp"
#include <algorithm>

namespace cotorra::session {

tracker_urls announce_list(add_torrent_params const& p) {
  tracker_urls tiers;
  if (p.ti) tiers = p.ti->trackers;
  for (auto const* more : {&p.trackers, &p.user_trackers})
    for (std::string const& url : *more) {
      auto const has_url = [&url](std::vector<std::string> const& tier) {
        return std::ranges::find(tier, url) != tier.end();
      };
      if (std::ranges::none_of(tiers, has_url)) tiers.push_back({url});
    }
  return tiers;
}

tracker_finder::tracker_finder(connections::surroundings s, tracker_urls list,
                               std::vector<std::string> of_user, connections& peers,
                               std::function<std::uint64_t()> left)
    : around_(s), peers_(peers), left_(std::move(left)),
      announcer_(s.world.executor, s.world.network, s.world.clock, s.world.random,
                 std::move(list), callbacks(std::move(of_user))) {}

tracker::announcer_callbacks tracker_finder::callbacks(std::vector<std::string> of_user) {
  tracker::announcer_callbacks told;
  told.figures = [this] { return figures(); };
  told.listening = [this] { return around_.where.families; };
  told.from_stranger = around_.limits.ssrf_mitigation;
  told.of_user = std::move(of_user);
  told.udp = around_.udp;
  told.trust = around_.limits.trust.get();
  told.on_answer = [this](auto const& url, auto const& answer) { answered(url, answer); };
  told.on_error = [this](auto const& url, auto const& sentence) { tell(url, sentence); };
  return told;
}

tracker::announce_request tracker_finder::figures() const {
  tracker::announce_request r;
  handshake::handshake const ours = peers_.our_handshake();
  r.info_hash = ours.hash;
  r.peer_id = ours.id;
  r.port = around_.where.port;
  r.uploaded = peers_.up().total();
  r.downloaded = peers_.down().total();
  r.left = left_();
  return r;
}

void tracker_finder::answered(std::string const& url,
                              tracker::announce_answer const& answer) {
  tell(url, "answered");
  std::vector<found_peer> peers;
  for (tracker::peer const& p : answer.peers)
    peers.push_back({p.address, p.id.value_or(peer_id{})});
  peers_.found(peer_source::tracker, peers);
}

void tracker_finder::tell(std::string const& url, std::string_view what) const {
  if (around_.world.observer) around_.world.observer->tracker(url, what);
}

} // namespace cotorra::session
