#include "cli/status_line.hpp"
#include "cli/outputs.hpp"
#include "cli/text.hpp"
#include <algorithm>
#include <fmt/format.h>
#include <unistd.h>
#include <utility>

namespace cotorra::cli {
namespace {

constexpr duration before_plain_lines = 1s; // an immediate failure prints only its error
constexpr duration shortest_pause = 5s, longest_pause = 1min;

std::string state_of(session::torrent_status const& s) {
  if (!s.error.empty()) return "stopped";
  return s.paused ? "paused" : std::string(session::name(s.state));
}

} // namespace

// The most important figures first: a narrow terminal cuts the end off.
std::string status_text(session::torrent_status const& s) {
  std::string text =
      fmt::format("{} {}  {} of {}", state_of(s), human_percent(s.progress),
                  human_size(s.total_wanted_done), human_size(s.total_wanted));
  bool const comes = s.error.empty() && !s.paused && !s.is_finished;
  if (s.eta && comes && s.num_peers > 0) text += "  ETA " + human_duration(*s.eta);
  text += fmt::format("  down {} up {}  seeds {} peers {}", human_rate(s.download_rate),
                      human_rate(s.upload_rate), s.num_seeds, s.num_peers);
  return text;
}

json status_json(session::torrent_status const& s) {
  json j;
  j["state"] = std::string(session::name(s.state));
  j["paused"] = s.paused;
  if (!s.error.empty()) j["error"] = s.error;
  j["progress"] = s.progress;
  j["total_wanted"] = s.total_wanted;
  j["total_wanted_done"] = s.total_wanted_done;
  j["total_payload_download"] = s.total_payload_download;
  j["total_payload_upload"] = s.total_payload_upload;
  j["download_rate"] = s.download_rate;
  j["upload_rate"] = s.upload_rate;
  j["num_seeds"] = s.num_seeds;
  j["num_peers"] = s.num_peers;
  j["eta"] = s.eta && !s.paused ? json(*s.eta) : json(nullptr);
  return j;
}

void say_status(session::torrent_status const& s) {
  say_fact("state", state_of(s));
  say_fact("progress", human_percent(s.progress));
  say_fact("downloaded", human_size(s.total_payload_download));
  say_fact("uploaded", human_size(s.total_payload_upload));
  say_fact("download rate", human_rate(s.download_rate));
  say_fact("upload rate", human_rate(s.upload_rate));
  say_fact("seeds", std::to_string(s.num_seeds));
  say_fact("peers", std::to_string(s.num_peers));
  for (auto const& t : s.trackers)
    say_fact("tracker", fmt::format("{}, {}", tracker::name(t.state),
                                    sanitise(naming(t.url, t.message))));
  flush();
}

bool status_line::is_terminal() { return isatty(STDERR_FILENO) != 0; }

status_line::status_line(io::clock& clock, bool wanted, bool terminal)
    : clock_(clock), wanted_(wanted), terminal_(terminal), pause_(shortest_pause),
      next_(clock.now() + before_plain_lines) {}

status_line::~status_line() { clear(); }

void status_line::show(session::torrent_status const& s) {
  if (!wanted_) return;
  if (!terminal_) return show_plain(s);
  overwrite_line(status_text(s));
  shown_ = true;
}

void status_line::show_plain(session::torrent_status const& s) {
  std::string state = state_of(s);
  bool const turned = !last_.empty() && state != last_state_;
  if (clock_.now() < next_ && !turned) return;
  std::string text = status_text(s);
  if (text == last_) return;
  put_news(STDERR_FILENO, text + '\n');
  last_ = std::move(text);
  last_state_ = std::move(state);
  next_ = clock_.now() + pause_;
  pause_ = std::min(longest_pause, pause_ + pause_ / 4);
}

void status_line::clear() {
  if (std::exchange(shown_, false)) overwrite_line("");
}

} // namespace cotorra::cli
