// Where a .torrent comes from: a file, or the URL of one.
#pragma once
#include "io/world.hpp"
#include "metainfo/metainfo_wire.hpp"
#include <optional>
#include <string>

namespace cotorra::cli {

bool is_url(std::string_view source);

// Throws usage_error when it is a URL that is none, or of a scheme that we do not fetch.
void check_source(std::string const& source);

// Reads or fetches it. Throws input_error, one sentence that names the source.
task<metainfo> load_torrent(io::world, std::string source);

} // namespace cotorra::cli
