// A resume file that anybody may have damaged: never believed beyond what it says.
#include "fuzz/fuzz.hpp"
#include "piece/resume_plan.hpp"

namespace cotorra::fuzz {

void target(bytes input) {
  auto const state = piece::decode_resume(input);
  if (!state) return;
  demand(piece::decode_resume(piece::encode(*state)) == state,
         "what we write is what we read");

  // a torrent of three files and four pieces, whose info_hash is twenty times 'h'
  info_hash hash;
  hash.value.fill(std::byte{'h'});
  piece::file_map const files({{"a", 20'000}, {"empty", 0}, {"b", 40'000}});
  piece::piece_layout const layout(files.total_length(), piece::block_size);
  bool const fits = state->hash == hash && state->piece_length == piece::block_size &&
                    state->pieces.size() == layout.piece_count() &&
                    state->files.size() == files.size();
  for (bool const unchanged : {true, false}) {
    piece::file_stamps now = state->files;
    now.resize(files.size());
    if (!unchanged) now.assign(files.size(), piece::file_stamp{1, 1});
    piece::resume_plan const plan = piece::plan_resume(&*state, hash, files, layout, now);
    demand(plan.believed.size() == layout.piece_count() &&
               plan.to_check.size() == layout.piece_count(),
           "the plan is for this torrent");
    for (piece_index i = 0; i < layout.piece_count(); ++i) {
      demand(!(plan.believed[i] && plan.to_check[i]), "a piece is believed or checked");
      if (plan.believed[i])
        demand(fits && state->pieces[i], "as the state says, no more");
    }
  }
}

} // namespace cotorra::fuzz
