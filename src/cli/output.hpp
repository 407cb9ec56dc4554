// What the program prints: facts to the standard output, warnings and progress to the
// standard error. Failed output (a closed pipe, a full disk) is reported once, at the
// end.
#pragma once
#include "explain/json.hpp"
#include "io/clock.hpp"
#include <string_view>
#include <vector>

namespace cotorra::cli {

using explain::json;
using explain::to_line;

void say(std::string_view line); // adds a '\n'
void say(std::vector<std::string> const& lines);
void say_json(json const& object);
// Flushed. While a slow reader has not taken the line, the next line about the same thing
// replaces it.
void say_news(std::string_view line, std::string_view about);
void warn(std::string_view sentence); // "cotorra: ..."
void flush();                         // when another program waits for the line

// A row of a table: "  piece length   256.0 KiB".
void say_fact(std::string_view name, std::string_view value);

// Replaces the terminal's current line, cut to the terminal's width. The next output
// replaces this one.
void overwrite_line(std::string);

// A progress line, overwritten in place. On a terminal only.
class progress_line {
public:
  progress_line(io::clock& clock, std::string_view doing, std::uint64_t total,
                bool wanted);
  ~progress_line() { clear(); }

  void show(std::uint64_t done_bytes);
  void clear(); // erases the line

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
