#include "piece/open_piece.hpp"
#include <algorithm>
#include <cassert>

namespace cotorra::piece {

open_piece::open_piece(piece_layout const& layout, piece_index i, buffer_pool& pool)
    : index_(i), offset_(layout.offset(i)), memory_(pool.take(layout.size(i))),
      senders_(layout.block_count(i), nobody) {}

mutable_bytes open_piece::write_block(block const& b, bytes data,
                                      endpoint const& sender) {
  std::uint32_t const n = piece_layout::index_of(b);
  assert(b.piece == index_ && b.begin % block_size == 0 && data.size() == b.length);
  assert(n < senders_.size() && b.begin + b.length <= memory_.view().size());
  mutable_bytes const place = memory_.view().subspan(b.begin, b.length);
  std::memcpy(place.data(), data.data(), data.size());
  if (senders_[n] == nobody) ++written_;
  senders_[n] = contributor(sender);
  return place;
}

std::uint32_t open_piece::contributor(endpoint const& sender) {
  auto const found = std::find(contributors_.begin(), contributors_.end(), sender);
  auto const i = static_cast<std::uint32_t>(found - contributors_.begin());
  if (found == contributors_.end()) contributors_.push_back(sender);
  return i;
}

bytes open_piece::data_of(std::uint32_t n) const {
  std::size_t const begin = std::size_t{n} * block_size;
  return data().subspan(begin, std::min<std::size_t>(block_size, data().size() - begin));
}

endpoint const& open_piece::sender_of(std::uint32_t n) const {
  assert(senders_[n] != nobody);
  return contributors_[senders_[n]];
}

} // namespace cotorra::piece
