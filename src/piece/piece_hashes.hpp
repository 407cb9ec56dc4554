// What proves a piece: today its SHA-1 in the metainfo (BEP 3, "pieces"). The check of
// the files on the disk and the finishing of a downloaded piece both ask here; no other
// file of this room knows which hash it is.
#pragma once
#include "base/sha.hpp"
#include <cassert>
#include <span>

namespace cotorra::piece {

class piece_hashes {
public:
  using digest = sha1_digest;
  using hasher = sha1_hasher; // of one piece, whose bytes come in parts, in order

  // One digest for each piece. The list must outlive this.
  explicit piece_hashes(std::span<digest const> list) : list_(list) {}

  std::size_t count() const { return list_.size(); }

  // Are these the bytes of the piece? It must be one of the torrent's.
  bool matches(piece_index i, bytes all_of_it) const {
    return matches(i, sha1(all_of_it));
  }
  // The same, when a hasher has seen the bytes.
  bool matches(piece_index i, digest const& found) const {
    assert(i < list_.size());
    return list_[i] == found;
  }

private:
  std::span<digest const> list_;
};

} // namespace cotorra::piece
