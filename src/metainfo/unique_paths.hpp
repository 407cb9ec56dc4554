// Two files must not end in one place on disk, nor a file where a folder has to be.
#pragma once
#include "metainfo/metainfo_wire.hpp"

namespace cotorra {

// A file whose path is taken already, by another file or by a folder of any file, gets
// " (2)", " (3)" ... before its extension. Names that some disk may take for one count as
// the same (folded_name.hpp). Padding files are never written and keep theirs. Returns
// the indices of the renamed files. Takes n log n of the names' bytes, whatever they are.
std::vector<std::size_t> make_paths_unique(std::vector<file_entry>&);

} // namespace cotorra
