// The resume state on the disk: ".cotorra-<info-hash>.resume" in the folder that the
// torrent's files are in. A download refuses a torrent with a file of such a name, and a
// file there that is no state is left alone. Blocking calls, for the workers' threads.
#pragma once
#include "piece/resume_wire.hpp"
#include "piece/storage.hpp"

namespace cotorra {

std::filesystem::path resume_path(std::filesystem::path const& folder, info_hash const&);

// nullopt when there is none or it is damaged.
std::optional<resume_state> load_resume(std::filesystem::path const& folder,
                                        info_hash const&);
// All of it or nothing, also when the power fails: written beside, flushed, renamed.
std::error_code save_resume(std::filesystem::path const& folder, resume_state const&);
void remove_resume(std::filesystem::path const& folder, info_hash const&);

// How the files look now.
file_stamps stamp_files(storage const&);
// The same, to be saved. A file that was changed in this very tick of the clock gets no
// stamp, since another change in the same tick would not show; waits some ticks for that.
file_stamps stamp_quiet_files(storage const&);

} // namespace cotorra
