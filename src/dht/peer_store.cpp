#include "dht/peer_store.hpp"
#include "dht/owner.hpp"
#include <algorithm>

namespace cotorra::dht {

peer_store::peer_store(store_limits limits) : limits_(limits) {}

bool peer_store::announce(node_id const& info_hash, endpoint const& peer,
                          time_point now) {
  if (auto const known = torrents_.find(info_hash); known != torrents_.end()) {
    auto& row = of(known->second, peer.address);
    auto const it = std::ranges::find(row, peer, &record::peer);
    if (it != row.end()) {
      std::rotate(it, it + 1, row.end());
      row.back().announced = now;
      return true;
    }
    if (!owner_has_room(row, owner_of(peer.address))) return false;
    if (row.size() >= limits_.peers_of_torrent) forget(row, row.begin());
  } else if (!owner_has_room({}, owner_of(peer.address))) {
    return false;
  }
  make_room(info_hash);
  of(torrents_[info_hash], peer.address).push_back({peer, now});
  ++of_owner_[owner_of(peer.address)];
  ++peers_;
  return true;
}

bool peer_store::owner_has_room(std::vector<record> const& in_torrent,
                                ip_address const& owner) const {
  auto const all = of_owner_.find(owner);
  if (all != of_owner_.end() && all->second >= limits_.peers_of_owner) return false;
  auto const here = std::ranges::count_if(
      in_torrent, [&](record const& r) { return owner_of(r.peer.address) == owner; });
  return static_cast<std::size_t>(here) < limits_.peers_of_owner_in_torrent;
}

// For one more peer, and for its torrent if that is new.
void peer_store::make_room(node_id const& for_torrent) {
  auto const of_size = [](map::value_type const& t) { return size(t.second); };
  if (peers_ >= limits_.peers) {
    auto const largest = std::ranges::max_element(torrents_, {}, of_size);
    forget_first(largest->second);
    if (size(largest->second) == 0) torrents_.erase(largest);
  }
  if (torrents_.size() < limits_.torrents || torrents_.contains(for_torrent)) return;
  auto const smallest = std::ranges::min_element(torrents_, {}, of_size);
  while (size(smallest->second) != 0) forget_first(smallest->second);
  torrents_.erase(smallest);
}

void peer_store::forget(std::vector<record>& row, std::vector<record>::iterator it) {
  auto const owner = of_owner_.find(owner_of(it->peer.address));
  if (--owner->second == 0) of_owner_.erase(owner);
  row.erase(it);
  --peers_;
}

void peer_store::forget_first(swarm& s) {
  bool const v6_is_older =
      s[0].empty() || (!s[1].empty() && s[1].front().announced < s[0].front().announced);
  auto& row = s[v6_is_older];
  forget(row, row.begin());
}

std::vector<endpoint> peer_store::choose(node_id const& info_hash, ip_family family,
                                         std::size_t most, random_source& random,
                                         time_point now) const {
  std::vector<endpoint> chosen;
  auto const found = torrents_.find(info_hash);
  if (found == torrents_.end()) return chosen;
  for (record const& r : found->second[family == ip_family::v6])
    if (now - r.announced < lifetime) chosen.push_back(r.peer);
  std::size_t const n = std::min(most, chosen.size());
  for (std::size_t i = 0; i < n; ++i)
    std::swap(chosen[i], chosen[i + random.below(chosen.size() - i)]);
  chosen.resize(n);
  return chosen;
}

void peer_store::expire(time_point now) {
  for (auto torrent = torrents_.begin(); torrent != torrents_.end();) {
    for (auto& row : torrent->second)
      while (!row.empty() && now - row.front().announced >= lifetime)
        forget(row, row.begin());
    torrent = size(torrent->second) == 0 ? torrents_.erase(torrent) : std::next(torrent);
  }
}

} // namespace cotorra::dht
