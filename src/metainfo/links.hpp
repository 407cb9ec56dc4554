// Symbolic links of a torrent (BEP 47). A link is a file of length 0 that says where it
// leads. It must lead to a file or folder of the same torrent: a link that leads out
// would hand the torrent a file of the user's.
#pragma once
#include "bencode/value.hpp"
#include "metainfo/metainfo_wire.hpp"

namespace cotorra {

// The names of a "symlink path", safe as those of a path are; "." and ".." stay. Empty
// when it is not a list of names.
std::vector<std::string> read_link_target(bencode::value symlink_path);

// Takes the target of each link as it was read and looks it up among the files and
// folders of the torrent: first from the torrent's folder, as BEP 47 says, then from the
// folder of the link, as old programs wrote it. A target may lead through other links.
// When it is found, `symlink` becomes its path, as `path` is. A link that leads nowhere,
// out of the torrent or in a circle becomes padding, which is never written, with a
// warning.
void resolve_links(metainfo&);

} // namespace cotorra
