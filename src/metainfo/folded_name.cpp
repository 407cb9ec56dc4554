#include "metainfo/folded_name.hpp"
#include <algorithm>
#include <cstdlib>
#include <memory>
#include <utf8proc.h>

namespace cotorra::metainfo {
namespace {

bool is_ascii(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c & 0x80) == 0; });
}

std::string lower_ascii(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  return out;
}

std::string fold_unicode(std::string_view text) {
  constexpr auto how = static_cast<utf8proc_option_t>(
      UTF8PROC_STABLE | UTF8PROC_DECOMPOSE | UTF8PROC_CASEFOLD | UTF8PROC_IGNORE);
  utf8proc_uint8_t* folded = nullptr;
  utf8proc_ssize_t const size =
      utf8proc_map(reinterpret_cast<utf8proc_uint8_t const*>(text.data()),
                   static_cast<utf8proc_ssize_t>(text.size()), &folded, how);
  std::unique_ptr<utf8proc_uint8_t, decltype(&std::free)> const owner(folded, &std::free);
  if (size < 0) return std::string(text); // not UTF-8: equal only to itself
  return {reinterpret_cast<char const*>(folded), static_cast<std::size_t>(size)};
}

} // namespace

std::string folded_name(std::string_view name) {
  std::string out = is_ascii(name) ? lower_ascii(name) : fold_unicode(name);
  std::size_t const end = out.find_last_not_of(". ");
  out.resize(end == out.npos ? 0 : end + 1);
  return out;
}

} // namespace cotorra::metainfo
