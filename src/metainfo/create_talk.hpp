// Hashing what is to be shared, on all cores at once.
#pragma once
#include "base/identifiers.hpp"
#include "io/task.hpp"
#include "io/workers.hpp"
#include <filesystem>
#include <functional>
#include <vector>

namespace cotorra {

// Path and length of each file, in the torrent's order.
using files_to_hash = std::vector<std::pair<std::filesystem::path, std::uint64_t>>;

// The SHA-1 of every piece. `progress` is told, in the caller's thread, how many bytes
// are done so far. Throws input_error: a file cannot be read, or changed its size.
task<std::vector<sha1_digest>>
hash_pieces(io::workers&, files_to_hash, std::uint32_t piece_length,
            std::function<void(std::uint64_t bytes_done)> progress = {});

} // namespace cotorra
