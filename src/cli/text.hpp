// Text for people: what the room explain has, and two helpers of the program.
#pragma once
#include "explain/text.hpp"

namespace cotorra::cli {

using explain::count_of;
using explain::human_count;
using explain::human_date;
using explain::human_duration;
using explain::human_percent;
using explain::human_rate;
using explain::human_size;
using explain::sanitise;

// What went wrong at a URL: it stands in it once, and as http::printable() has it,
// without secrets. Without a sentence the URL alone.
std::string naming(std::string_view url, std::string_view sentence);

// How many single letters must be added, dropped or changed to make one the other.
std::size_t edit_distance(std::string_view, std::string_view);

} // namespace cotorra::cli
