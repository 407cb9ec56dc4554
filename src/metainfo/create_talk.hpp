// Hashes the files of a new torrent, on all cores at once.
#pragma once
#include "base/identifiers.hpp"
#include "io/task.hpp"
#include "io/workers.hpp"
#include <filesystem>
#include <functional>
#include <vector>

namespace cotorra::metainfo {

// Path and length of each file, in the torrent's order.
using files_to_hash = std::vector<std::pair<std::filesystem::path, std::uint64_t>>;

// The SHA-1 of every piece. Calls `progress`, in the caller's thread, with the number of
// bytes done so far. Throws input_error when a file cannot be read or has changed its
// size.
task<std::vector<sha1_digest>>
hash_pieces(io::workers&, files_to_hash, std::uint32_t piece_length,
            std::function<void(std::uint64_t bytes_done)> progress = {});

} // namespace cotorra::metainfo
