#include "tracker/udp_connections.hpp"
#include <algorithm>

namespace cotorra::tracker {

std::optional<std::uint64_t> udp_connections::find(endpoint const& tracker,
                                                   time_point now) const {
  auto const at = ids_.find(tracker);
  if (at == ids_.end() || at->second.until <= now) return std::nullopt;
  return at->second.id;
}

void udp_connections::keep(endpoint const& tracker, std::uint64_t id, time_point now) {
  std::erase_if(ids_, [now](auto const& one) { return one.second.until <= now; });
  if (ids_.size() >= most_connection_ids && !ids_.contains(tracker))
    ids_.erase(std::ranges::min_element(
        ids_, {}, [](auto const& one) { return one.second.until; }));
  ids_[tracker] = {id, now + life_of_connection_id};
}

} // namespace cotorra::tracker
