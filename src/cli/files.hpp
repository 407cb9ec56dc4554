// Files that a person names. All throw input_error, one sentence with the path in it.
#pragma once
#include "base/bytes.hpp"
#include "metainfo/metainfo_wire.hpp"
#include <filesystem>

namespace cotorra::cli {

// All of the file, of at most `limit` bytes; "-" is the standard input.
buffer read_file(std::filesystem::path const&, std::size_t limit);

metainfo read_torrent(std::filesystem::path const&);

// All of it or nothing: written beside the target first, then renamed. What is there is
// kept unless `overwrite`.
void write_file(std::filesystem::path const&, bytes, bool overwrite);

// Throws when write_file() would refuse at once: to be asked before hours of work.
void check_target(std::filesystem::path const&, bool overwrite);

} // namespace cotorra::cli
