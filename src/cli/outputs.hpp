// A thread of its own writes the standard output and the standard error, so that a paused
// terminal (Ctrl-S) or a stalled pipe never blocks the engine.
//
// Facts are written in order, without gaps: if output fails, a prefix has been written.
// News (a status) that still waits is replaced by the next. While an engine runs, at most
// 16 MiB may wait; beyond that the output has failed: what waits is still written, and
// nothing after it.
#pragma once
#include <cstddef>
#include <functional>
#include <memory>
#include <streambuf>
#include <string>
#include <string_view>

namespace cotorra::cli {

class output_thread;

// One, in main(): while it lives, std::cout and std::cerr go through its thread.
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

// While it lives, printing does not wait for the readers of the output; its destructor
// does. on_reader_left: called once, from another thread, when the reader of the standard
// output has gone. Does nothing without an `outputs`.
class engine_output {
public:
  explicit engine_output(std::function<void()> on_reader_left);
  ~engine_output();
  engine_output(engine_output const&) = delete;
};

// Notices that the reader has left even while there is nothing to write. For output that
// another program reads.
void watch_reader();
bool reader_has_left(); // of the standard output

// To the standard output (1) or error (2). Replaces the last news about the same thing if
// it still waits.
void put_news(int descriptor, std::string text, std::string_view about = {});

} // namespace cotorra::cli
