#include "piece/suspects.hpp"
#include <algorithm>

namespace cotorra::piece {
namespace {

constexpr duration first_patience = 5s;
constexpr duration longest_patience = 5min; // or as long as the piece takes at slow_pace
constexpr std::uint32_t slow_pace = 4096;   // bytes per second

} // namespace

void suspects::add(piece_index i, time_point now) {
  all_.try_emplace(i, record{{}, {}, first_patience, now, {}});
}

std::vector<piece_index> suspects::all() const {
  std::vector<piece_index> pieces;
  for (auto const& [i, r] : all_) pieces.push_back(i);
  return pieces;
}

void suspects::note_owner(piece_index i, std::optional<peer_key> owner, time_point now) {
  record& r = all_.at(i);
  if (r.owner == owner) return;
  r.owner = owner;
  r.since = now;
}

bool suspects::is_held(piece_index i, time_point now) const {
  record const& r = all_.at(i);
  return r.owner && now - r.since >= r.patience;
}

std::optional<peer_key> suspects::hand_on(piece_index i, std::uint32_t size,
                                          time_point now,
                                          std::span<candidate const> idle) {
  record& r = all_.at(i);
  auto const untried = [&r](candidate const& c) {
    return c.connected_at <= r.round_began && !r.tried.contains(c.key);
  };
  if (idle.empty()) return std::nullopt;
  if (std::ranges::none_of(idle, untried)) begin_round(r, size, now);
  candidate const* best = nullptr;
  for (candidate const& c : idle)
    if (untried(c) && (!best || c.downloaded > best->downloaded)) best = &c;
  if (!best) return std::nullopt; // all candidates have just connected
  if (r.owner) r.tried.insert(*r.owner);
  r.tried.insert(best->key); // even if it never becomes the owner
  r.owner.reset();
  return best->key;
}

void suspects::begin_round(record& r, std::uint32_t size, time_point now) {
  r.tried.clear();
  r.round_began = now;
  duration const slow = std::chrono::seconds(size / slow_pace);
  r.patience = std::min(2 * r.patience, std::max(longest_patience, slow));
}

} // namespace cotorra::piece
