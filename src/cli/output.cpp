#include "cli/output.hpp"
#include "cli/outputs.hpp"
#include "cli/text.hpp"
#include "explain/facts.hpp"
#include <algorithm>
#include <fmt/format.h>
#include <iostream>
#include <sys/ioctl.h>
#include <unistd.h>
#include <utility>

namespace cotorra::cli {

static bool line_is_open = false; // overwrite_line has left text in it

static void clear_open_line() {
  if (line_is_open) overwrite_line("");
}

void say(std::string_view line) {
  if (line_is_open && ::isatty(STDOUT_FILENO)) clear_open_line();
  std::cout << line << '\n';
}

void say_news(std::string_view line, std::string_view about) {
  put_news(STDOUT_FILENO, std::string(line) + '\n', about);
}

void say(std::vector<std::string> const& lines) {
  for (std::string const& line : lines) say(line);
}

void say_json(json const& object) { say(to_line(object)); }

void warn(std::string_view sentence) {
  std::cout.flush();
  clear_open_line();
  std::cerr << fmt::format("cotorra: {}\n", sentence) << std::flush;
}

void flush() { std::cout.flush(); }

void say_fact(std::string_view name, std::string_view value) {
  say(explain::fact_line(name, value));
}

// Width of the terminal on the standard error; 80 if unknown.
static std::size_t terminal_columns() {
  winsize size{};
  if (::ioctl(STDERR_FILENO, TIOCGWINSZ, &size) != 0 || size.ws_col == 0) return 80;
  return size.ws_col;
}

void overwrite_line(std::string text) {
  text.resize(std::min(text.size(), terminal_columns() - 1));
  line_is_open = !text.empty();
  std::string all = '\r' + text + "\x1B[K"; // erases the rest of the old line
  if (line_is_open)
    put_news(STDERR_FILENO, std::move(all));
  else
    std::cerr << all << std::flush; // must not be dropped: a line follows
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
