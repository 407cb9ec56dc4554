#include "cli/tracker_news.hpp"
#include <functional>

namespace cotorra::cli {
namespace {

// Texts remembered per tracker (after that, repeats may be printed), and trackers: more
// than any run asks.
constexpr std::size_t most_texts = 32, most_trackers = 2000;

} // namespace

bool tracker_news::is_news(std::string const& url, std::string_view text,
                           time_point now) {
  if (trackers_.size() >= most_trackers && !trackers_.contains(url)) return false;
  printed& t = trackers_[url];
  std::size_t const hash = std::hash<std::string_view>{}(text);
  if (t.texts.contains(hash)) return false;
  if (t.count >= at_once_ && now < t.last + pause_) return false;
  if (t.texts.size() == most_texts) t.texts.clear();
  t.texts.insert(hash);
  ++t.count;
  t.last = now;
  return true;
}

} // namespace cotorra::cli
