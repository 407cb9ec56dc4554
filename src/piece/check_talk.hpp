// Is it the right piece? The hash says so (BEP 3). Disk and hashing run in the workers.
#pragma once
#include "base/bitfield.hpp"
#include "io/task.hpp"
#include "io/workers.hpp"
#include "piece/open_piece.hpp"
#include "piece/storage.hpp"
#include <functional>

namespace cotorra {

struct check_progress {
  piece_index checked = 0; // pieces, in no order
  piece_index total = 0;
  piece_index good = 0;
};
// Called in the network's thread, a few times for each worker and second.
using on_check_progress = std::function<void(check_progress const&)>;

// Which pieces are on the disk and right: all cores, long sequential reads. What cannot
// be read counts as lacking. hashes: one per piece; they and all else must outlive the
// task.
io::task<bitfield> check_pieces(io::workers&, storage&, piece_layout const&,
                                std::span<sha1_digest const> hashes,
                                on_check_progress = nullptr);
// The same for these pieces only: what of them is right. The progress counts them alone.
io::task<bitfield> check_pieces(io::workers&, storage&, piece_layout const&,
                                std::span<sha1_digest const> hashes, bitfield which,
                                on_check_progress = nullptr);

struct piece_result {
  bool verified = false;
  std::error_code error; // verified, but it could not be written
};

// A complete piece: hashed while it is in memory, then, only when right, written. One
// hop.
io::task<piece_result> finish_piece(io::workers&, storage&, std::shared_ptr<open_piece>,
                                    sha1_digest expected);

} // namespace cotorra
