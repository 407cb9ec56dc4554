// The connection ids that UDP trackers have given us (BEP 15): with one of them a tracker
// is asked again without a connect, for any torrent.
#pragma once
#include "base/endpoint.hpp"
#include "base/time.hpp"
#include <map>
#include <optional>

namespace cotorra::tracker {

constexpr duration life_of_connection_id = 60s;
constexpr std::size_t most_connection_ids = 1000;

class udp_connections {
public:
  // nullopt: there is none, or it is too old.
  std::optional<std::uint64_t> find(endpoint const& tracker, time_point now) const;
  void keep(endpoint const& tracker, std::uint64_t id, time_point now);
  // The tracker does not know it any more.
  void forget(endpoint const& tracker) { ids_.erase(tracker); }

  std::size_t size() const { return ids_.size(); }

private:
  struct kept {
    std::uint64_t id;
    time_point until;
  };
  std::map<endpoint, kept> ids_;
};

} // namespace cotorra::tracker
