// Checks pieces against their hashes (BEP 3). Workers read the disk and hash.
#pragma once
#include "base/bitfield.hpp"
#include "io/task.hpp"
#include "io/workers.hpp"
#include "piece/piece_hashes.hpp"
#include "piece/storage.hpp"
#include <functional>

namespace cotorra::piece {

struct check_progress {
  piece_index checked = 0; // pieces, in no order
  piece_index total = 0;
  piece_index good = 0;
};
// Called in the network's thread, a few times per second and worker.
using on_check_progress = std::function<void(check_progress const&)>;

// Finds the pieces that are on the disk and right, with all cores and long sequential
// reads. A piece that cannot be read counts as missing. All arguments must outlive the
// task.
io::task<bitfield> check_pieces(io::workers&, storage&, piece_layout const&,
                                piece_hashes const&, on_check_progress = nullptr);
// The same, but checks and counts only the pieces in `which`.
io::task<bitfield> check_pieces(io::workers&, storage&, piece_layout const&,
                                piece_hashes const&, bitfield which,
                                on_check_progress = nullptr);

} // namespace cotorra::piece
