// Finds the peer that sent a bad piece. With one contributor it is clear at once. With
// several, we keep the SHA-1 of each block with its sender; when the piece has arrived
// again and is right, the senders of the blocks that differ are to blame.
#pragma once
#include "base/endpoint.hpp"
#include "base/identifiers.hpp"
#include "piece/open_piece.hpp"
#include <list>

namespace cotorra::piece {

// Address and port, since honest peers may share the address. The caller decides whether
// to ban the peer or the address.
using offender = endpoint;

class blame {
public:
  // max_blocks bounds the memory: the oldest suspicions are dropped first.
  explicit blame(std::size_t max_blocks = 65536) : max_blocks_(max_blocks) {}

  // The piece did not match its hash.
  std::vector<offender> failed(open_piece const&);
  // The piece matched its hash, perhaps after earlier failures.
  std::vector<offender> verified(open_piece const&);

  std::size_t remembered() const { return blocks_; } // blocks

private:
  struct record {
    sha1_digest hash;
    endpoint sender;
  };
  struct attempt {
    piece_index piece;
    std::vector<record> blocks;
  };

  std::size_t max_blocks_;
  std::size_t blocks_ = 0;
  std::list<attempt> attempts_; // the oldest first
};

} // namespace cotorra::piece
