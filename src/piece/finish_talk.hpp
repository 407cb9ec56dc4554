// The end of a piece: proven by its hash (BEP 3), then written.
#pragma once
#include "piece/disk_lane_talk.hpp"
#include "piece/open_piece.hpp"
#include "piece/storage.hpp"

namespace cotorra::piece {

struct piece_result {
  bool verified = false;
  std::error_code error; // verified, but could not be written
};

// Compares the digest of a complete piece and, if it is right, writes the piece. May
// throw bad_alloc.
io::task<piece_result> finish_piece(disk_lane&, storage&, std::shared_ptr<open_piece>,
                                    piece_hashes const&);

} // namespace cotorra::piece
