#include "piece/resume_plan.hpp"

namespace cotorra::piece {
namespace {

bool is_of(resume_state const& s, info_hash const& hash, file_map const& files,
           piece_layout const& layout) {
  return s.hash == hash && s.piece_length == layout.piece_length() &&
         s.pieces.size() == layout.piece_count() && s.files.size() == files.size();
}

} // namespace

resume_plan plan_resume(resume_state const* state, info_hash const& hash,
                        file_map const& files, piece_layout const& layout,
                        file_stamps const& now) {
  resume_plan plan{bitfield(layout.piece_count()), bitfield(layout.piece_count(), true),
                   std::vector<bool>(files.size())};
  if (!state || !is_of(*state, hash, files, layout)) return plan;
  for (std::size_t f = 0; f < files.size(); ++f) {
    auto const range = files.pieces_of(f, layout);
    for (piece_index i = range.first; state->files[f] && i < range.end; ++i)
      if (state->pieces[i]) plan.known[f] = true;
  }
  for (piece_index i = 0; i < layout.piece_count(); ++i) {
    bool unchanged = true, there = true;
    auto const range = files.files_of(i, layout);
    for (std::size_t f = range.first; f < range.end; ++f) {
      if (files[f].padding || files[f].length == 0) continue; // no bytes of it are stored
      unchanged = unchanged && now[f] == state->files[f];
      there = there && now[f];
    }
    bool const here = state->pieces[i] && there;
    if (!unchanged || (!here && !state->settled)) continue;
    plan.to_check.reset(i);
    if (here) plan.believed.set(i);
  }
  return plan;
}

} // namespace cotorra::piece
