// A resume file that anybody may have damaged: never believed beyond what it says.
#include "fuzz/fuzz.hpp"
#include "piece/resume_plan.hpp"

namespace cotorra::fuzz {

void target(bytes input) {
  auto const state = read_resume(input);
  if (!state) return;
  demand(read_resume(write_resume(*state)) == state, "what we write is what we read");

  // a torrent of three files and four pieces, whose info_hash is twenty times 'h'
  info_hash hash;
  hash.value.fill(std::byte{'h'});
  file_map const files({{"a", 20'000}, {"empty", 0}, {"b", 40'000}});
  piece_layout const layout(files.total_length(), block_size);
  bool const fits = state->hash == hash && state->piece_length == block_size &&
                    state->pieces.size() == layout.piece_count() &&
                    state->files.size() == files.size();
  for (bool const unchanged : {true, false}) {
    file_stamps now = state->files;
    now.resize(files.size());
    if (!unchanged) now.assign(files.size(), file_stamp{1, 1});
    resume_plan const plan = plan_resume(&*state, hash, files, layout, now);
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
