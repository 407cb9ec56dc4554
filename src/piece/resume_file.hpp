// The resume state on the disk: ".cotorra-<info_hash>.resume" in the folder with the
// torrent's files. A download refuses a torrent that contains such a name, and leaves a
// file alone that has the name but holds no state. Blocking calls, for the workers'
// threads.
#pragma once
#include "piece/resume_wire.hpp"
#include "piece/storage.hpp"

namespace cotorra::piece {

std::filesystem::path resume_path(std::filesystem::path const& folder, info_hash const&);

// nullopt when it is missing or damaged.
std::optional<resume_state> load_resume(std::filesystem::path const& folder,
                                        info_hash const&);
// All or nothing, even if the power fails: writes a second file, flushes it, renames it.
std::error_code save_resume(std::filesystem::path const& folder, resume_state const&);
void remove_resume(std::filesystem::path const& folder, info_hash const&);

// The stamps of the files now.
file_stamps stamp_files(storage const&);
// The same, for saving. A file that was changed in the current tick of the clock gets no
// stamp, since another change in that tick would not show; first waits a few ticks.
file_stamps stamp_quiet_files(storage const&);

} // namespace cotorra::piece
