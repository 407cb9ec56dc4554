// Decides how much of a resume state to believe. A piece is believed when all its files
// look as they did then; all other pieces are checked by hash.
#pragma once
#include "piece/file_map.hpp"
#include "piece/resume_wire.hpp"

namespace cotorra::piece {

struct resume_plan {
  bitfield believed;       // here, without a check
  bitfield to_check;       // the hash decides
  std::vector<bool> known; // per file: an earlier run had a verified piece of it
};

// now: the files' stamps at this moment. state: may be null, or of another torrent.
resume_plan plan_resume(resume_state const* state, info_hash const&, file_map const&,
                        piece_layout const&, file_stamps const& now);

} // namespace cotorra::piece
