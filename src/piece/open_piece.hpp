// The memory of one piece while its blocks arrive, and which peer sent which block. A
// complete piece is hashed and written to the disk in one go (finish_piece).
#pragma once
#include "base/endpoint.hpp"
#include "piece/buffer_pool.hpp"
#include "piece/layout.hpp"

namespace cotorra::piece {

class open_piece {
public:
  open_piece(piece_layout const&, piece_index, buffer_pool&);

  piece_index index() const { return index_; }
  std::uint64_t offset() const { return offset_; } // in the torrent
  std::uint32_t block_count() const {
    return static_cast<std::uint32_t>(senders_.size());
  }
  bool complete() const { return written_ == block_count(); }

  // Copies a block to its place, notes its sender, and returns the place. The block must
  // be one of the layout, with data.size() as its length.
  mutable_bytes write_block(block const&, bytes data, endpoint const& sender);

  bytes data() const { return memory_.view(); }
  bytes data_of(std::uint32_t block_index) const;
  // The peer that sent this block, which must have been written.
  endpoint const& sender_of(std::uint32_t block_index) const;
  // The peers that sent at least one block.
  std::vector<endpoint> const& contributors() const { return contributors_; }

private:
  static constexpr std::uint32_t nobody = ~std::uint32_t{0};
  std::uint32_t contributor(endpoint const&);

  piece_index index_;
  std::uint64_t offset_;
  buffer_pool::loan memory_;
  std::vector<std::uint32_t> senders_; // per block: index in contributors_
  std::vector<endpoint> contributors_;
  std::uint32_t written_ = 0;
};

} // namespace cotorra::piece
