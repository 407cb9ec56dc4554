// Small files that are read and replaced as a whole: there is the old one or the new one,
// even if the power fails. Blocking calls, for the workers' threads.
#pragma once
#include "base/bytes.hpp"
#include <filesystem>
#include <optional>
#include <system_error>

namespace cotorra::piece {

// nullopt when it is missing, no plain file, or longer than that.
std::optional<buffer> read_whole(std::filesystem::path const&, std::uint64_t longest);
// Its first bytes, as many as there are, up to that.
std::optional<buffer> read_beginning(std::filesystem::path const&, std::size_t most);
// The file beside, under this path with ".new" behind it.
std::filesystem::path beside(std::filesystem::path const&);
// Writes the file beside, flushes it, renames it. There must be none beside.
std::error_code replace_whole(std::filesystem::path const&, bytes content);

} // namespace cotorra::piece
