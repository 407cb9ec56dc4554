// Text without the blanks around it.
#pragma once
#include <string_view>

namespace cotorra {

inline std::string_view trimmed(std::string_view text,
                                std::string_view blanks = " \t\n\v\f\r") {
  std::size_t const first = text.find_first_not_of(blanks);
  if (first == text.npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) + 1 - first);
}

} // namespace cotorra
