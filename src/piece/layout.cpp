#include "piece/layout.hpp"
#include <algorithm>
#include <cassert>

namespace cotorra::piece {

piece_layout::piece_layout(std::uint64_t total_length, std::uint32_t piece_length)
    : total_(total_length), piece_length_(piece_length),
      count_(static_cast<piece_index>((total_length + piece_length - 1) / piece_length)),
      last_size_(count_ == 0
                     ? 0
                     : static_cast<std::uint32_t>(total_length - offset(count_ - 1))) {
  assert(piece_length > 0);
}

block piece_layout::block_at(piece_index piece, std::uint32_t i) const {
  // hole 7.2: which bytes a block is
  std::uint32_t const begin = i * block_size;
  return {piece, begin, std::min(block_size, size(piece) - begin)};
  // end hole 7.2
}

bool piece_layout::valid(block const& b) const {
  return b.piece < count_ && b.length > 0 && b.begin < size(b.piece) &&
         b.length <= size(b.piece) - b.begin;
}

bool piece_layout::is_whole_block(block const& b) const {
  return valid(b) && b == block_at(b.piece, index_of(b));
}

} // namespace cotorra::piece
