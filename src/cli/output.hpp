// What the program prints. Facts go to the standard output, warnings and progress to the
// standard error. Output that fails (a closed pipe, a full disk) is remembered, and told
// once, at the end.
#pragma once
#include "explain/json.hpp"
#include "io/clock.hpp"
#include <string_view>
#include <vector>

namespace cotorra::cli {

using explain::json;
using explain::to_line;

void say(std::string_view line); // a '\n' is added
void say(std::vector<std::string> const& lines);
void say_json(json const& object);
// Is replaced by the next one about the same thing, where a slow reader has not yet taken
// it; flushed.
void say_news(std::string_view line, std::string_view about);
void warn(std::string_view sentence); // "cotorra: ..."
void flush();                         // for lines that another program waits for

// For a table of facts: "  piece length   256.0 KiB".
void say_fact(std::string_view name, std::string_view value);

// In place of what stands in the terminal's line; cut to its width. What is said next
// takes its place.
void overwrite_line(std::string);

// One line that is written over and over, on a terminal only.
class progress_line {
public:
  progress_line(io::clock& clock, std::string_view doing, std::uint64_t total,
                bool wanted);
  ~progress_line() { clear(); }

  void show(std::uint64_t done_bytes);
  void clear(); // takes the line away

private:
  io::clock& clock_;
  std::string const doing_;
  std::uint64_t const total_;
  bool const wanted_;
  bool shown_ = false;
  time_point const begun_;
  time_point next_;
};

} // namespace cotorra::cli
