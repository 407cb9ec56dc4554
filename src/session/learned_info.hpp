// The info dictionary of a magnet link, once it is here: what it makes of the torrent's
// parameters, and how it is kept on the disk, so that a restart needs no peer for it.
#pragma once
#include "io/world.hpp"
#include "session/add_torrent_params.hpp"

namespace cotorra::session {

// Fills in `ti` and what depends on it: trackers and web seeds of the link, the files
// that it selects (BEP 53). Then asks on_metadata. Throws input_error, one sentence.
void learn_from(bytes info, add_torrent_params&);

// The info dictionary that an earlier run has kept; empty when there is none that matches
// the info_hash.
task<buffer> load_learned(io::world const&, add_torrent_params const&);
// Keeps that of a torrent that came from a link. Where nothing can be written, the next
// start asks peers again.
task<> keep_learned(io::world const&, add_torrent_params const&);

} // namespace cotorra::session
