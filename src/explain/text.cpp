#include "explain/text.hpp"
#include "metainfo/safe_name.hpp"
#include <algorithm>
#include <array>
#include <cmath>
#include <ctime>
#include <fmt/format.h>

namespace cotorra::explain {

std::string human_size(std::uint64_t n) {
  if (n < 1024) return count_of(n, "byte");
  constexpr std::array units{"KiB", "MiB", "GiB", "TiB", "PiB", "EiB"};
  double size = static_cast<double>(n) / 1024;
  std::size_t unit = 0;
  // 1023.96 would be printed as "1024.0"
  for (; size >= 1023.95 && unit + 1 < units.size(); ++unit) size /= 1024;
  return fmt::format("{:.1f} {}", size, units[unit]);
}

std::string human_rate(double rate) {
  if (!(rate >= 1)) return "0 B/s";
  if (rate < 1024) return fmt::format("{:.0f} B/s", rate);
  return human_size(static_cast<std::uint64_t>(rate)) + "/s";
}

std::string human_duration(double seconds) {
  if (!(seconds >= 0)) return "unknown";
  if (seconds >= 365.0 * 86400) return "more than a year";
  if (seconds < 10) return fmt::format("{:.{}f} s", seconds, seconds < 1 ? 2 : 1);
  auto const s = static_cast<std::uint64_t>(std::llround(seconds));
  if (s < 60) return fmt::format("{} s", s);
  if (s < 3600) return fmt::format("{} min {} s", s / 60, s % 60);
  if (s < 86400) return fmt::format("{} h {} min", s / 3600, s % 3600 / 60);
  return fmt::format("{} d {} h", s / 86400, s % 86400 / 3600);
}

std::string human_count(std::uint64_t n) {
  std::string digits = std::to_string(n);
  for (std::size_t i = digits.size(); i > 3;) digits.insert(i -= 3, ",");
  return digits;
}

std::string human_percent(double fraction) {
  if (fraction >= 1) return "100 %";
  return fmt::format("{:.1f} %", std::floor(std::max(fraction, 0.0) * 1000) / 10);
}

std::string count_of(std::uint64_t n, std::string_view noun) {
  return fmt::format("{} {}{}", human_count(n), noun, n == 1 ? "" : "s");
}

std::string human_date(std::int64_t unix_seconds) {
  std::time_t const when = unix_seconds;
  std::tm parts{};
  if (!gmtime_r(&when, &parts)) return fmt::format("{} s after 1970", unix_seconds);
  std::array<char, 64> text;
  std::size_t const n =
      std::strftime(text.data(), text.size(), "%Y-%m-%d %H:%M:%S UTC", &parts);
  return std::string(text.data(), n);
}

namespace {

bool is_continuation(char c) { return (static_cast<unsigned char>(c) & 0xC0) == 0x80; }

// One character of valid UTF-8.
bool commands_a_terminal(std::string_view c) {
  auto const byte = [&](std::size_t i) { return static_cast<unsigned char>(c[i]); };
  if (c.size() == 1) return byte(0) < 0x20 || byte(0) == 0x7F;
  if (c.size() == 2)
    return (byte(0) == 0xC2 && byte(1) < 0xA0) || c == "\u061C"; // U+0080..U+009F
  if (c.size() != 3) return false;
  return (c >= "\u200E" && c <= "\u200F") || (c >= "\u2028" && c <= "\u202E") ||
         (c >= "\u2060" && c <= "\u206F") || c == "\uFEFF";
}

} // namespace

std::string sanitise(std::string_view given) {
  std::string const text = metainfo::repaired_utf8(given);
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    std::size_t end = at + 1;
    while (end < text.size() && is_continuation(text[end])) ++end;
    std::string_view const one = std::string_view(text).substr(at, end - at);
    out += commands_a_terminal(one) ? "\uFFFD" : one;
    at = end;
  }
  return out;
}

} // namespace cotorra::explain
