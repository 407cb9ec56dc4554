// No two files may end up at the same path on the disk, and no file where a folder must
// be.
#pragma once
#include "metainfo/metainfo_wire.hpp"

namespace cotorra::metainfo {

// A file whose path is already that of another file or of a folder gets " (2)", " (3)"
// ... before its extension. Names that a disk may treat as equal count as equal
// (folded_name.hpp). Padding files are never written and keep their names. Returns the
// indices of the renamed files. O(n log n) in the bytes of the names, even in the worst
// case.
std::vector<std::size_t> make_paths_unique(std::vector<file_entry>&);

} // namespace cotorra::metainfo
