#include "piece/availability.hpp"
#include <cassert>

namespace cotorra::piece {

availability_buckets::availability_buckets(piece_index pieces, random_source& random)
    : random_(random), peers_(pieces, 0), place_(pieces, nowhere), buckets_(1) {}

void availability_buckets::add_peer(bitfield const& has) {
  if (has.none()) return;
  assert(has.size() == peers_.size());
  if (has.all()) {
    ++seeds_;
    return;
  }
  for (piece_index i = 0; i < has.size(); ++i)
    if (has[i]) peer_got(i);
}

void availability_buckets::remove_peer(bitfield const& has) {
  if (has.none()) return;
  assert(has.size() == peers_.size());
  // A peer that became a seed later is still counted piece by piece. It does not matter
  // which of the two kinds of seed leaves: every piece loses one.
  if (has.all() && seeds_ > 0) {
    --seeds_;
    return;
  }
  for (piece_index i = 0; i < has.size(); ++i)
    if (has[i]) change(i, peers_[i] - 1);
}

void availability_buckets::peer_got(piece_index i) { change(i, peers_[i] + 1); }

void availability_buckets::change(piece_index i, std::uint32_t peers) {
  bool const listed = contains(i);
  if (listed) erase(i);
  peers_[i] = peers;
  if (listed) insert(i);
}

void availability_buckets::insert(piece_index i) {
  assert(!contains(i));
  if (peers_[i] >= buckets_.size()) buckets_.resize(peers_[i] + 1);
  std::vector<piece_index>& bucket = buckets_[peers_[i]];
  bucket.push_back(i);
  auto const place = static_cast<std::uint32_t>(random_.below(bucket.size()));
  std::swap(bucket[place], bucket.back());
  place_[bucket.back()] = static_cast<std::uint32_t>(bucket.size() - 1);
  place_[i] = place;
  ++size_;
}

void availability_buckets::erase(piece_index i) {
  assert(contains(i));
  std::vector<piece_index>& bucket = buckets_[peers_[i]];
  piece_index const last = bucket.back();
  bucket[place_[i]] = last;
  place_[last] = place_[i];
  place_[i] = nowhere;
  bucket.pop_back();
  --size_;
}

std::optional<piece_index> availability_buckets::rarest(bitfield const& peer_has) const {
  // The first bucket holds the pieces that only seeds have.
  for (std::size_t n = peer_has.all() ? 0 : 1; n < buckets_.size(); ++n)
    for (auto it = buckets_[n].rbegin(); it != buckets_[n].rend(); ++it)
      if (peer_has[*it]) return *it;
  return std::nullopt;
}

bool availability_buckets::any_available() const {
  return seeds_ > 0 ? size_ > 0 : buckets_[0].size() < size_;
}

} // namespace cotorra::piece
