// What to believe of a resume state. A piece is believed when all of its files look as
// they did then; every other one is checked by its hash.
#pragma once
#include "piece/file_map.hpp"
#include "piece/resume_wire.hpp"

namespace cotorra {

struct resume_plan {
  bitfield believed;       // here, without a look
  bitfield to_check;       // here or not: the hash says
  std::vector<bool> known; // for each file: an earlier run had a verified piece of it
};

// now: how the files look at this moment. state: null, or of any torrent.
resume_plan plan_resume(resume_state const* state, info_hash const&, file_map const&,
                        piece_layout const&, file_stamps const& now);

} // namespace cotorra
