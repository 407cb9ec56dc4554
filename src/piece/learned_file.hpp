// The .torrent that was learned from a magnet link (BEP 9), kept beside the resume state:
// ".cotorra-<info_hash>.torrent". Blocking calls, for the workers' threads.
#pragma once
#include "base/identifiers.hpp"
#include <filesystem>
#include <system_error>

namespace cotorra::piece {

std::filesystem::path learned_path(std::filesystem::path const& folder, info_hash const&);

// The raw info dictionary; empty when there is none that matches the info_hash.
buffer load_learned(std::filesystem::path const& folder, info_hash const&);
// All or nothing. Makes the folder if need be. Leaves a file alone that is no .torrent of
// this info_hash.
std::error_code save_learned(std::filesystem::path const& folder, info_hash const&,
                             bytes info);
void remove_learned(std::filesystem::path const& folder, info_hash const&);

} // namespace cotorra::piece
