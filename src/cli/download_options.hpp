// The options of `download`.
#pragma once
#include "cli/goal.hpp"
#include "cli/own_files.hpp"
#include "cli/sharing.hpp"
#include "session/add_torrent_params.hpp"

namespace cotorra::cli {

struct download_options : sharing_options {
  std::vector<std::string> sources, trackers;
  std::string folder = ".", select, watch, on_complete;
  bool sequential = false, seed = false;
  bool repair = false, overwrite = false, no_part = false;
  sharing_goal goal;
};

// Throws usage_error when options contradict each other. Call it before any work.
void check_options(download_options const&);

// Each .torrent that is named, and the trace.
own_files files_of_run(download_options const&);

// The torrent of a source as the user wants it; of a magnet link, as soon as it is known
// what it is. Throws file_error when it would write to one of the program's own files,
// input_error for a link that names no tracker and no peer when the options name none.
// Options and files must outlive it.
session::add_torrent_params params_for(download_options const&, own_files const&,
                                       session::add_torrent_params source);

} // namespace cotorra::cli
