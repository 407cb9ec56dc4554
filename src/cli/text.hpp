// Text for the user: that of src/explain, and two helpers.
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

// A sentence about a failure at a URL, with the URL in it exactly once, as
// http::printable() shows it: without secrets. Without a sentence, only the URL.
std::string naming(std::string_view url, std::string_view sentence);

// How many single letters must be added, dropped or changed to turn one into the other.
std::size_t edit_distance(std::string_view, std::string_view);

} // namespace cotorra::cli
