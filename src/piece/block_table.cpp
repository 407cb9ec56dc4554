#include "piece/block_table.hpp"
#include <algorithm>
#include <cassert>

namespace cotorra::piece {

void block_table::reset(piece_index piece, std::uint32_t blocks, peer_key owner) {
  piece_ = piece;
  owner_ = owner;
  blocks_.assign(blocks, entry{});
  extras_.clear();
  free_ = blocks;
  arrived_ = first_free_ = 0;
}

std::uint32_t block_table::take(peer_key peer) {
  if (free_ == 0) return none;
  while (blocks_[first_free_].state != status::free) ++first_free_;
  blocks_[first_free_] = {peer, status::requested};
  --free_;
  return first_free_++;
}

void block_table::take_duplicate(std::uint32_t i, peer_key peer) {
  assert(is_requested(i) && !asked_of(i, peer));
  extras_.push_back({i, peer});
}

bool block_table::asked_of(std::uint32_t i, peer_key peer) const {
  if (blocks_[i].asked == peer) return true;
  return std::any_of(extras_.begin(), extras_.end(),
                     [&](extra const& e) { return e.block == i && e.asked == peer; });
}

std::size_t block_table::askers(std::uint32_t i) const {
  std::size_t n = 0;
  for_each_asker(i, [&n](peer_key) { ++n; });
  return n;
}

void block_table::set_arrived(std::uint32_t i) {
  assert(is_requested(i));
  blocks_[i].state = status::arrived;
  ++arrived_;
}

void block_table::give_back(std::uint32_t i, peer_key peer) {
  assert(is_requested(i) && asked_of(i, peer));
  auto const of_block = [i](extra const& e) { return e.block == i; };
  if (blocks_[i].asked != peer) {
    std::erase_if(extras_,
                  [&](extra const& e) { return of_block(e) && e.asked == peer; });
    return;
  }
  auto const next = std::find_if(extras_.begin(), extras_.end(), of_block);
  if (next != extras_.end()) {
    blocks_[i].asked = next->asked;
    extras_.erase(next);
    return;
  }
  blocks_[i] = {};
  ++free_;
  first_free_ = std::min(first_free_, i);
}

} // namespace cotorra::piece
