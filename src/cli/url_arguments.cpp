#include "cli/url_arguments.hpp"
#include "base/trimmed.hpp"
#include "cli/arguments.hpp"
#include "cli/text.hpp"
#include "http/url_wire.hpp"
#include <algorithm>
#include <fmt/format.h>

namespace cotorra::cli {
namespace {

// A URL of any scheme: other programs may know schemes that cotorra does not.
void check_url(std::string_view text, std::string_view what) {
  std::size_t const mark = text.find("://");
  bool const has_scheme = mark != text.npos && mark != 0 &&
                          std::all_of(text.begin(), text.begin() + mark, [](char c) {
                            return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                                   (c >= '0' && c <= '9') || c == '+' || c == '-' ||
                                   c == '.';
                          });
  bool const has_host = has_scheme && mark + 3 < text.size() && text[mark + 3] != '/';
  bool const has_blank = std::any_of(text.begin(), text.end(), [](char c) {
    return static_cast<unsigned char>(c) <= ' ' || c == 0x7F;
  });
  if (has_host && !has_blank) return;
  throw usage_error(fmt::format("\"{}\" is not the URL of a {}: those begin with "
                                "http://host",
                                sanitise(http::printable(text)), what));
}

} // namespace

std::string unspoken(std::string const& url) {
  try {
    http::parse_url(url);
    return "";
  } catch (std::exception const&) {
    return "this program cannot ask this tracker; it is written for programs that can";
  }
}

std::vector<std::vector<std::string>> tiers_of(std::vector<std::string> const& given) {
  std::vector<std::vector<std::string>> tiers;
  for (std::string const& list : given) {
    auto& tier = tiers.emplace_back();
    for (std::size_t at = 0, end = 0; end != list.npos; at = end + 1) {
      end = list.find(',', at);
      std::string_view const url =
          trimmed(std::string_view(list).substr(at, end == list.npos ? end : end - at));
      if (url.empty() && list.find_first_not_of(" ,") != list.npos) continue;
      check_url(url, "tracker");
      tier.emplace_back(url);
    }
  }
  return tiers;
}

void trim_web_seeds(std::vector<std::string>& urls) {
  for (std::string& url : urls) {
    url = trimmed(url);
    check_url(url, "web seed");
    if (url.starts_with("udp://") || url.starts_with("ws"))
      throw usage_error(fmt::format("{}: is not a web seed: those begin with http://",
                                    sanitise(http::printable(url))));
  }
}

} // namespace cotorra::cli
