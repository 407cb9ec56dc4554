// The signals that ask the program to leave, and how it ends when something hangs.
#pragma once
#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <functional>

namespace cotorra::cli {

// The first SIGINT, SIGTERM or SIGHUP (unless nohup ignores it) calls on_first in the
// loop; from then on the program does not wait for what hangs (leave_without_what_hangs).
// A second SIGINT or SIGTERM ends the process at once, even while the loop is blocked.
// Only one object may exist at a time.
class leave_signals {
public:
  leave_signals(asio::io_context&, std::function<void()> on_first);
  ~leave_signals();
  leave_signals(leave_signals const&) = delete;

  bool came() const { return came_; }
  void ignore(); // the loop has already ended

private:
  void wait();

  asio::posix::stream_descriptor heard_;
  std::function<void()> on_first_;
  char byte_ = 0;
  bool came_ = false;
};

// Asks the program to leave, as SIGTERM would. False when no loop runs that would notice.
// For signal handlers and for when memory has run out.
bool ask_to_leave() noexcept;

// From now on the process ends with this status when it has been idle for 1.5 s, or after
// 15 s in any case: a resolver may never answer, a disk may never come back. Only if
// main() has allowed it.
void leave_without_what_hangs(int status);
void allow_to_leave_what_hangs();

} // namespace cotorra::cli
