#include "tracker_server/swarms.hpp"
#include <algorithm>

namespace cotorra::tracker_server {
using tracker::announce_event;

swarms::swarms(swarm_limits limits, random_source& random)
    : limits_(limits), random_(random) {}

void swarms::swarm::put(member m, std::size_t to) {
  auto const known = places.find(m.address);
  if (known != places.end() && known->second.row == to) {
    members[to][known->second.index] = m;
    return;
  }
  remove(m.address);
  places[m.address] = {to, members[to].size()};
  members[to].push_back(m);
}

void swarms::swarm::remove(endpoint const& address) {
  auto const found = places.find(address);
  if (found == places.end()) return;
  place const gap = found->second;
  places.erase(found);
  auto& row = members[gap.row];
  if (gap.index + 1 != row.size()) { // the last one moves into the gap
    row[gap.index] = row.back();
    places[row[gap.index].address] = gap;
  }
  row.pop_back();
}

bool swarms::swarm::is_seeder(endpoint const& address) const {
  auto const found = places.find(address);
  return found != places.end() && found->second.row >= seeders_v4;
}

std::size_t swarms::swarm::seeders() const {
  return members[seeders_v4].size() + members[seeders_v6].size();
}

std::size_t swarms::swarm::leechers() const {
  return members[leechers_v4].size() + members[leechers_v6].size();
}

tracker::announce_answer swarms::announce(tracker::announce_request const& r,
                                          ip_address source, time_point now) {
  tracker::announce_answer out;
  if (r.ip && limits_.local_may_name_ip && source.is_local()) source = *r.ip;
  swarm* const s = find_or_make(r.info_hash, now);
  if (!s) {
    out.failure_reason = "this tracker has no room for another torrent";
    return out;
  }
  endpoint const asker{source, r.port};
  bool const seeder = r.left == 0, stopped = r.event == announce_event::stopped;
  if (r.event == announce_event::completed && !s->is_seeder(asker)) ++s->completed;
  s->seen = now;
  if (stopped) {
    s->remove(asker);
  } else if (s->places.size() < limits_.peers_per_swarm || s->places.count(asker)) {
    std::size_t const row =
        (seeder ? seeders_v4 : leechers_v4) + (source.is_v6 ? 1u : 0u);
    s->put({asker, r.peer_id, now}, row);
  }
  std::size_t const wanted = stopped ? 0 : std::min(r.numwant, limits_.most_wanted);
  choose(*s, asker, seeder, wanted, out.peers);
  out.interval = limits_.interval;
  out.min_interval = limits_.min_interval;
  out.complete = static_cast<std::uint32_t>(s->seeders());
  out.incomplete = static_cast<std::uint32_t>(s->leechers());
  out.downloaded = static_cast<std::uint32_t>(s->completed);
  return out;
}

swarms::swarm* swarms::find_or_make(cotorra::info_hash const& hash, time_point now) {
  auto const found = swarms_.find(hash);
  if (found != swarms_.end()) return &found->second;
  if (swarms_.size() >= limits_.swarms) return nullptr;
  swarm& made = swarms_[hash];
  made.seen = now;
  return &made;
}

// Peers of the asker's own address family first, since it can surely reach them (BEP 7).
// A seeder has no use for seeders.
void swarms::choose(swarm const& s, endpoint const& asker, bool seeder,
                    std::size_t wanted, std::vector<tracker::peer>& out) {
  std::size_t const own = asker.address.is_v6 ? 1 : 0;
  auto const place_of_asker = s.places.find(asker);
  auto const skip = [&](std::size_t row) {
    bool const here =
        place_of_asker != s.places.end() && place_of_asker->second.row == row;
    return here ? place_of_asker->second.index : s.members[row].size();
  };
  for (std::size_t const family : {own, 1 - own}) {
    std::size_t const leecher_row = leechers_v4 + family,
                      seeder_row = seeders_v4 + family;
    auto const& leechers = s.members[leecher_row];
    auto const& seeders = s.members[seeder_row];
    std::size_t const left = wanted - out.size();
    // half of each, but one row makes up for what the other lacks
    std::size_t const half =
        seeder ? left : std::max(left - left / 2, left - std::min(left, seeders.size()));
    choose_from(leechers, skip(leecher_row), half, out);
    if (!seeder) choose_from(seeders, skip(seeder_row), wanted - out.size(), out);
  }
}

// `wanted` different ones at random (Floyd's way), each as likely as any other. `skip` is
// the asker's index, or past the end when it is not in this row.
void swarms::choose_from(std::vector<member> const& row, std::size_t skip,
                         std::size_t wanted, std::vector<tracker::peer>& out) {
  std::size_t const n = row.size() - (skip < row.size() ? 1 : 0);
  std::vector<std::size_t> chosen;
  for (std::size_t top = n - std::min(n, wanted); top < n; ++top) {
    std::size_t pick = random_.below(top + 1);
    if (std::find(chosen.begin(), chosen.end(), pick) != chosen.end()) pick = top;
    chosen.push_back(pick);
    member const& m = row[pick < skip ? pick : pick + 1];
    out.push_back({m.address, m.id});
  }
}

void swarms::expire(time_point now) {
  time_point const silent = now - 2 * limits_.interval;
  for (auto it = swarms_.begin(); it != swarms_.end();) {
    swarm& s = it->second;
    for (auto& row : s.members)
      for (std::size_t i = row.size(); i-- > 0;) // backwards: remove() fills from the end
        if (row[i].seen <= silent) {
          endpoint const gone = row[i].address;
          s.remove(gone);
        }
    bool const forgotten = s.places.empty() && s.seen <= silent;
    it = forgotten ? swarms_.erase(it) : std::next(it);
  }
}

std::vector<swarm_stats> swarms::stats() const {
  std::vector<swarm_stats> out;
  for (auto const& [hash, s] : swarms_) out.push_back(stats_of(hash, s));
  std::sort(out.begin(), out.end(),
            [](auto const& a, auto const& b) { return a.info_hash < b.info_hash; });
  return out;
}

std::optional<swarm_stats> swarms::stats(cotorra::info_hash const& hash) const {
  auto const found = swarms_.find(hash);
  if (found == swarms_.end()) return std::nullopt;
  return stats_of(hash, found->second);
}

std::size_t swarms::peers() const {
  std::size_t n = 0;
  for (auto const& [hash, s] : swarms_) n += s.places.size();
  return n;
}

swarm_stats swarms::stats_of(cotorra::info_hash const& hash, swarm const& s) {
  return {hash, s.seeders(), s.leechers(), s.completed};
}

} // namespace cotorra::tracker_server
