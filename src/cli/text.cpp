#include "cli/text.hpp"
#include "http/url_wire.hpp"
#include <algorithm>
#include <fmt/format.h>
#include <utility>
#include <vector>

namespace cotorra::cli {

std::string naming(std::string_view url, std::string_view sentence) {
  std::string const place = http::printable(url);
  if (sentence.empty()) return place;
  if (sentence.find(place) != sentence.npos) return std::string(sentence);
  return fmt::format("{}: {}", place, sentence);
}

std::size_t edit_distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) row[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i);
    for (std::size_t j = 1; j <= b.size(); ++j) {
      std::size_t const change = diagonal + (a[i - 1] != b[j - 1]);
      diagonal = row[j];
      row[j] = std::min({change, row[j] + 1, row[j - 1] + 1});
    }
  }
  return row[b.size()];
}

} // namespace cotorra::cli
