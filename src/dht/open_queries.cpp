#include "dht/open_queries.hpp"
#include <algorithm>

namespace cotorra::dht {

std::optional<buffer> open_queries::open(endpoint const& to,
                                         std::optional<node_id> const& id, purpose why,
                                         time_point now, random_source& random) {
  if (open_.size() >= most) return std::nullopt;
  auto const number = static_cast<std::uint32_t>(random.next() >> 32);
  open_.push_back({number, now, to, id, why});
  buffer transaction;
  put_u32(transaction, number);
  return transaction;
}

std::optional<open_queries::query> open_queries::close(endpoint const& from,
                                                       bytes transaction) {
  if (transaction.size() != sizeof(std::uint32_t)) return std::nullopt;
  auto const it = std::ranges::find_if(open_, [&](query const& q) {
    return q.transaction == get_u32(transaction) && q.to == from;
  });
  if (it == open_.end()) return std::nullopt;
  query const found = *it;
  open_.erase(it);
  return found;
}

std::vector<open_queries::query> open_queries::expire(time_point now) {
  auto const first_alive = std::ranges::find_if(
      open_, [now](query const& q) { return now - q.sent < lifetime; });
  std::vector<query> dead(open_.begin(), first_alive);
  open_.erase(open_.begin(), first_alive);
  return dead;
}

bool open_queries::is_asked(endpoint const& at) const {
  return std::ranges::count(open_, at, &query::to) != 0;
}

} // namespace cotorra::dht
