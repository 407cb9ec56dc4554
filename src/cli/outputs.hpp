// The standard output and the standard error, written by a thread of their own: a
// terminal that stands still (Ctrl-S), or a pipe whose reader stalls, never holds the
// engine up.
//
// Facts are written in order, and none is left out: what is written is always a whole
// beginning of what was said. News (a status) is replaced by the next while it waits.
// While an engine runs, at most 16 MiB wait; when there is more, that output has failed:
// what waits is still written, and nothing after it.
#pragma once
#include <cstddef>
#include <functional>
#include <memory>
#include <streambuf>
#include <string>
#include <string_view>

namespace cotorra::cli {

class output_thread;

// From main(): while it lives, std::cout and std::cerr go through it.
class outputs {
public:
  outputs();
  ~outputs(); // waits until all is written
  outputs(outputs const&) = delete;

private:
  std::unique_ptr<output_thread> thread_;
  std::unique_ptr<std::streambuf> out_, err_;
  std::streambuf *real_out_ = nullptr, *real_err_ = nullptr;
};

// While it lives, output does not wait for its readers; at its end it waits until all is
// written. on_reader_left: called from another thread, once, when the reader of the
// standard output has gone. Without an `outputs` it does nothing.
class engine_output {
public:
  explicit engine_output(std::function<void()> on_reader_left);
  ~engine_output();
  engine_output(engine_output const&) = delete;
};

// Notice a reader that leaves also while there is nothing to write: for facts that
// another program reads.
void watch_reader();
bool reader_has_left(); // of the standard output

// To the standard output (1) or error (2); replaces the last news about the same thing if
// that is not yet written.
void put_news(int descriptor, std::string text, std::string_view about = {});

} // namespace cotorra::cli
