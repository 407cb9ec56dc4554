// The memory of one piece while its blocks arrive, which peer sent which block, and the
// hash so far: each block is hashed as it arrives, when its bytes are in the processor's
// cache anyway. A complete piece is proven and written to the disk (finish_talk.hpp).
#pragma once
#include "base/endpoint.hpp"
#include "piece/buffer_pool.hpp"
#include "piece/layout.hpp"
#include "piece/piece_hashes.hpp"

namespace cotorra::piece {

class open_piece {
public:
  // Bytes to hash at one time in the network's thread: a quarter of a millisecond.
  static constexpr std::size_t most_at_once = 512 << 10;

  open_piece(piece_layout const&, piece_index, buffer_pool&);

  piece_index index() const { return index_; }
  std::uint64_t offset() const { return offset_; } // in the torrent
  std::uint32_t block_count() const {
    return static_cast<std::uint32_t>(senders_.size());
  }
  bool complete() const { return written_ == block_count(); }

  // Copies a block to its place, and notes its sender. A block that is here already stays
  // as it is. The block must be one of the layout, with data.size() as its length.
  void write_block(block const&, bytes data, endpoint const& sender);

  // How much is hashed, in bytes: all blocks before the first missing one.
  std::size_t hashed() const { return hashed_; }
  // The hash of the complete piece. Hashes the rest first.
  piece_hashes::digest const& digest();

  bytes data() const { return memory_.view(); }
  bytes data_of(std::uint32_t block_index) const;
  // The peer that sent this block, which must have been written.
  endpoint const& sender_of(std::uint32_t block_index) const;
  // The peers that sent at least one block.
  std::vector<endpoint> const& contributors() const { return contributors_; }

private:
  static constexpr std::uint32_t no_sender = ~std::uint32_t{0};
  std::uint32_t contributor(endpoint const&);
  bool has(std::uint32_t block_index) const { return senders_[block_index] != no_sender; }
  void hash_up_to(std::size_t most); // bytes

  piece_index index_;
  std::uint64_t offset_;
  buffer_pool::loan memory_;
  std::vector<std::uint32_t> senders_; // per block: index in contributors_
  std::vector<endpoint> contributors_;
  std::uint32_t written_ = 0;
  piece_hashes::hasher hasher_;
  std::size_t hashed_ = 0; // bytes, from the beginning
  std::optional<piece_hashes::digest> digest_;
};

} // namespace cotorra::piece
