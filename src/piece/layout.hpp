// A torrent's bytes are cut into pieces, each with a hash, and pieces into blocks, the
// unit that peers request and send (BEP 3). Only the last piece, and the last block of a
// piece, may be shorter.
#pragma once
#include "base/identifiers.hpp"

namespace cotorra::piece {

// Bytes. Most peers close the connection when a request asks for more.
constexpr std::uint32_t block_size = 16384;

struct block {
  piece_index piece = 0;
  std::uint32_t begin = 0;  // byte offset inside the piece
  std::uint32_t length = 0; // bytes
  auto operator<=>(block const&) const = default;
};

class piece_layout {
public:
  // total_length: bytes of all files together. piece_length: bytes, not 0.
  piece_layout(std::uint64_t total_length, std::uint32_t piece_length);

  piece_index piece_count() const { return count_; }
  std::uint32_t piece_length() const { return piece_length_; }
  std::uint64_t total_length() const { return total_; }

  // Bytes in this piece: the last one may be shorter.
  std::uint32_t size(piece_index piece) const {
    return piece + 1 < count_ ? piece_length_ : last_size_;
  }
  // Where the piece begins, in bytes from the start of the torrent.
  std::uint64_t offset(piece_index piece) const {
    return std::uint64_t{piece} * piece_length_;
  }
  std::uint32_t block_count(piece_index piece) const {
    return size(piece) / block_size + (size(piece) % block_size != 0);
  }
  block block_at(piece_index piece, std::uint32_t i) const;
  // Which block of its piece: the inverse of block_at.
  static std::uint32_t index_of(block const& b) { return b.begin / block_size; }

  // May a peer request it? Not empty, and inside one piece of the torrent; it need not be
  // one of our own blocks.
  bool valid(block const&) const;
  // Is it exactly what block_at gives?
  bool is_whole_block(block const&) const;

private:
  std::uint64_t total_;
  std::uint32_t piece_length_;
  piece_index count_;
  std::uint32_t last_size_;
};

} // namespace cotorra::piece
