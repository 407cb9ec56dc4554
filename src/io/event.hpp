// One coroutine waits, and other code wakes it. A set before the wait is not lost, and
// several sets before one wait count as one.
#pragma once
#include "io/task.hpp"
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>

namespace cotorra::io {

class event {
public:
  explicit event(executor ex)
      : never_(std::move(ex), asio::steady_timer::time_point::max()) {}

  void set() {
    set_ = true;
    never_.cancel();
  }
  bool is_set() const { return set_; }

  // Returns when it is set, and clears it. Throws when the group of the coroutine that
  // waits is cancelled.
  task<> wait() {
    while (!set_) {
      asio::error_code woken; // cancelling the timer is the signal
      co_await never_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    }
    set_ = false;
  }

private:
  asio::steady_timer never_;
  bool set_ = false;
};

} // namespace cotorra::io
