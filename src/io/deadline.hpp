// co_await within(clock, until, work): the work's result, or protocol_error{timed_out}
// when it is not done by then. For a dialogue as a whole (a handshake, an announce), not
// for single messages.
#pragma once
#include "base/error.hpp"
#include "io/clock.hpp"
#include "io/task_group.hpp"
#include <asio/this_coro.hpp>
#include <optional>

namespace cotorra::io {

namespace detail {
template <class T>
task<> keep_result(task<T> work, std::optional<T>& out, task_group& group) {
  out = co_await std::move(work);
  group.cancel();
}
inline task<> keep_result(task<> work, bool& done, task_group& group) {
  co_await std::move(work);
  done = true;
  group.cancel();
}
inline task<> watch(clock& time, time_point until) {
  co_await time.sleep_until(until);
  throw protocol_error(errc::timed_out, "no answer in time");
}
} // namespace detail

template <class T> task<T> within(clock& time, time_point until, task<T> work) {
  executor const ex = co_await asio::this_coro::executor;
  task_group group(ex);
  group.spawn(detail::watch(time, until), "deadline");
  // without a result and without a failure, the coroutine that awaits us was cancelled
  if constexpr (std::is_void_v<T>) {
    bool done = false;
    group.spawn(detail::keep_result(std::move(work), done, group), "work");
    co_await group.join();
    if (!done) throw protocol_error(errc::shut_down, "we are leaving");
  } else {
    std::optional<T> out;
    group.spawn(detail::keep_result(std::move(work), out, group), "work");
    co_await group.join();
    if (!out) throw protocol_error(errc::shut_down, "we are leaving");
    co_return std::move(*out);
  }
}

} // namespace cotorra::io
