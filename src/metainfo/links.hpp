// Symbolic links in a torrent (BEP 47). A link is a file of length 0 with a target, which
// must be a file or folder of the same torrent: a link that leads out of the torrent
// would give it access to the user's files.
#pragma once
#include "bencode/value.hpp"
#include "metainfo/metainfo_wire.hpp"

namespace cotorra::metainfo {

// The names of a "symlink path", made safe like those of a path, except that "." and ".."
// stay. Empty when it is not a list of names.
std::vector<std::string> decode_link_target(bencode::value symlink_path);

// Looks up the target of each link among the torrent's files and folders: first from the
// torrent's folder, as BEP 47 says, then from the link's folder, as old programs wrote
// it. A target may lead through other links. If it is found, `symlink` becomes its path,
// in the form of `path`. A link that leads nowhere, out of the torrent or in a circle
// becomes padding, which is never written, and causes a warning.
void resolve_links(metainfo&);

} // namespace cotorra::metainfo
