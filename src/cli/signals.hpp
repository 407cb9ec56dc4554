// The signals that ask the program to leave, and the end of a program that cannot.
#pragma once
#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <functional>

namespace cotorra::cli {

// The first SIGINT, SIGTERM or SIGHUP (unless nohup had it ignored) calls on_first in the
// loop; from then on something that hangs is left behind (see leave_without_what_hangs).
// A second SIGINT or SIGTERM ends the process at once, also while the loop stands still.
// There is one at a time.
class leave_signals {
public:
  leave_signals(asio::io_context&, std::function<void()> on_first);
  ~leave_signals();
  leave_signals(leave_signals const&) = delete;

  bool came() const { return came_; }
  void ignore(); // the loop has nothing to leave any more

private:
  void wait();

  asio::posix::stream_descriptor heard_;
  std::function<void()> on_first_;
  char byte_ = 0;
  bool came_ = false;
};

// Asks the program to leave, as SIGTERM would. False when no loop would hear it. For a
// signal handler, and for where there is no memory.
bool ask_to_leave() noexcept;

// From now on the process ends with this status when it does nothing for 2.5 s, or after
// ten times as long: a resolver that does not answer, a disk that does not come back.
// Only where main() allowed it.
void leave_without_what_hangs(int status);
void allow_to_leave_what_hangs();

} // namespace cotorra::cli
