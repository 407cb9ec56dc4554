// Numbers and names as people read them.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>

namespace cotorra::explain {

std::string human_size(std::uint64_t bytes);     // "512 bytes", "32.0 MiB"
std::string human_rate(double bytes_per_second); // "1.5 MiB/s"
std::string human_duration(double seconds); // "0.25 s", "45 s", "3 min 20 s", "2 h 5 min"
std::string human_count(std::uint64_t);     // "1,234,567"
std::string human_percent(double fraction); // "99.9 %"; "100 %" only when complete
std::string count_of(std::uint64_t, std::string_view noun); // "1 file", "2 files"
std::string human_date(std::int64_t unix_seconds);          // "2026-11-22 12:44:44 UTC"

// A stranger's text, made safe for a terminal: what could move its cursor, colour it or
// turn its writing direction becomes U+FFFD, and so do bytes that are not UTF-8.
std::string sanitise(std::string_view);

} // namespace cotorra::explain
