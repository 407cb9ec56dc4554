#include "piece/open_piece.hpp"
#include <algorithm>
#include <cassert>

namespace cotorra::piece {

open_piece::open_piece(piece_layout const& layout, piece_index i, buffer_pool& pool)
    : index_(i), offset_(layout.offset(i)), memory_(pool.take(layout.size(i))),
      senders_(layout.block_count(i), no_sender) {}

void open_piece::write_block(block const& b, bytes data, endpoint const& sender) {
  std::uint32_t const n = piece_layout::index_of(b);
  assert(b.piece == index_ && b.begin % block_size == 0 && data.size() == b.length);
  assert(n < senders_.size() && b.begin + b.length <= memory_.view().size());
  if (has(n)) return; // perhaps hashed already: keep the bytes that were hashed
  std::memcpy(memory_.view().data() + b.begin, data.data(), data.size());
  senders_[n] = contributor(sender);
  ++written_;
  hash_up_to(hashed_ + most_at_once);
}

// Blocks go into the hash in the order of the piece; one that comes too early waits.
void open_piece::hash_up_to(std::size_t most) {
  std::size_t const size = data().size();
  while (hashed_ < std::min(most, size)) {
    auto const next = static_cast<std::uint32_t>(hashed_ / block_size);
    if (!has(next)) return;
    hasher_.update(data_of(next));
    hashed_ += data_of(next).size();
  }
}

piece_hashes::digest const& open_piece::digest() {
  assert(complete());
  hash_up_to(data().size());
  if (!digest_) digest_ = hasher_.finish();
  return *digest_;
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
  assert(senders_[n] != no_sender);
  return contributors_[senders_[n]];
}

} // namespace cotorra::piece
