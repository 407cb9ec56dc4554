// Which peers share what: the memory of a tracker. For each info_hash the peers that
// announced it, known by address and port (a peer_id can be stolen, an address less
// easily).
#pragma once
#include "base/random.hpp"
#include "base/time.hpp"
#include "tracker/announce_wire.hpp"
#include "tracker/answer_wire.hpp"
#include <unordered_map>

namespace cotorra::tracker_server {

struct swarm_limits {
  std::chrono::seconds interval{30 * 60}; // a peer silent for two: forgotten
  std::chrono::seconds min_interval{60};  // the least that peers may wait
  std::uint32_t most_wanted = 200;        // peers in one answer
  std::size_t peers_per_swarm = 20'000;   // further peers are not kept
  std::size_t swarms = 100'000;           // a further torrent is refused
  bool local_may_name_ip = true; // `ip=` counts when the asker is in our own network
};

struct swarm_stats {
  cotorra::info_hash info_hash;
  std::size_t seeders = 0, leechers = 0;
  std::uint64_t completed = 0; // downloads that ended here
};

class swarms {
public:
  swarms(swarm_limits, random_source&);

  // One announce, seen from `source`. A refusal is in failure_reason.
  tracker::announce_answer announce(tracker::announce_request const&, ip_address source,
                                    time_point now);
  // Forgets peers that were silent for two intervals, and swarms empty for as long.
  void expire(time_point now);

  std::vector<swarm_stats> stats() const;
  std::optional<swarm_stats> stats(cotorra::info_hash const&) const;
  std::size_t size() const { return swarms_.size(); }
  std::size_t peers() const;

private:
  struct member {
    endpoint address;
    cotorra::peer_id id;
    time_point seen;
  };
  // Seeders and leechers, IPv4 and IPv6, each in a row of their own, so that choosing at
  // random is choosing an index.
  enum : std::size_t { leechers_v4, leechers_v6, seeders_v4, seeders_v6, rows };
  struct place {
    std::size_t row, index;
  };
  struct swarm {
    std::vector<member> members[rows];
    std::unordered_map<endpoint, place> places;
    std::uint64_t completed = 0;
    time_point seen{};

    void put(member, std::size_t row);
    void remove(endpoint const&);
    bool is_seeder(endpoint const&) const;
    std::size_t seeders() const;
    std::size_t leechers() const;
  };

  swarm* find_or_make(cotorra::info_hash const&, time_point now);
  void choose(swarm const&, endpoint const& asker, bool seeder, std::size_t wanted,
              std::vector<tracker::peer>& out);
  void choose_from(std::vector<member> const&, std::size_t skip, std::size_t wanted,
                   std::vector<tracker::peer>& out);
  static swarm_stats stats_of(cotorra::info_hash const&, swarm const&);

  swarm_limits const limits_;
  random_source& random_;
  std::unordered_map<cotorra::info_hash, swarm> swarms_;
};

} // namespace cotorra::tracker_server
