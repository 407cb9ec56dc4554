#include "cli/output.hpp"
#include "cli/text.hpp"
#include "explain/facts.hpp"
#include <algorithm>
#include <fmt/format.h>
#include <iostream>
#include <sys/ioctl.h>
#include <unistd.h>
#include <utility>

namespace cotorra::cli {

void say(std::string_view line) { std::cout << line << '\n'; }

void say(std::vector<std::string> const& lines) {
  for (std::string const& line : lines) say(line);
}

void say_json(json const& object) { say(to_line(object)); }

void warn(std::string_view sentence) {
  std::cout.flush();
  std::cerr << "cotorra: " << sentence << std::endl;
}

void flush() { std::cout.flush(); }

void say_fact(std::string_view name, std::string_view value) {
  say(explain::fact_line(name, value));
}

// Of the standard error: 80 when that is unknown.
static std::size_t terminal_columns() {
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

void overwrite_line(std::string text) {
  text.resize(std::min(text.size(), terminal_columns() - 1));
  std::cerr << '\r' << text << "\x1B[K" << std::flush; // to the line's end: nothing old
}

progress_line::progress_line(io::clock& clock, std::string_view doing,
                             std::uint64_t total, bool wanted)
    : clock_(clock), doing_(doing), total_(total),
      wanted_(wanted && ::isatty(STDERR_FILENO) == 1), begun_(clock.now()),
      next_(begun_ + 500ms) {}

void progress_line::clear() {
  if (std::exchange(shown_, false)) overwrite_line("");
}

void progress_line::show(std::uint64_t done_bytes) {
  if (!wanted_ || clock_.now() < next_) return;
  time_point const now = clock_.now();
  next_ = now + 200ms;
  shown_ = true;
  auto const did = static_cast<double>(done_bytes);
  std::string text = fmt::format(
      "{}: {} of {}, {}", doing_, human_percent(did / static_cast<double>(total_)),
      human_size(total_), human_rate(did / seconds(now - begun_)));
  overwrite_line(std::move(text));
}

} // namespace cotorra::cli
