#include "io/task_group.hpp"
#include <asio/bind_cancellation_slot.hpp>
#include <asio/co_spawn.hpp>
#include <asio/redirect_error.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>
#include <cassert>

namespace cotorra::io {

task_group::task_group(executor ex)
    : executor_(std::move(ex)),
      all_ended_(executor_, asio::steady_timer::time_point::max()) {}

task_group::~task_group() {
  assert(members_.empty() && "join a task_group before it goes");
}

void task_group::spawn(task<> body, char const* label) {
  auto self = members_.emplace(members_.end());
  self->label = label;
  auto on_end = [this, self](std::exception_ptr failure) { ended(self, failure); };
  asio::co_spawn(executor_, std::move(body),
                 asio::bind_cancellation_slot(self->stop.slot(), std::move(on_end)));
}

void task_group::ended(std::list<member>::iterator self, std::exception_ptr failure) {
  members_.erase(self);
  if (failure && !cancelled_) {
    first_failure_ = failure;
    cancel();
  }
  if (members_.empty()) all_ended_.cancel();
}

void task_group::cancel() {
  cancelled_ = true;
  // a signal may end a member at once and erase it: step on first
  for (auto next = members_.begin(); next != members_.end();)
    (next++)->stop.emit(asio::cancellation_type::terminal);
}

task<> task_group::join() {
  co_await asio::this_coro::throw_if_cancelled(false);
  while (!members_.empty()) {
    asio::error_code woken;
    co_await all_ended_.async_wait(asio::redirect_error(asio::use_awaitable, woken));
    if (members_.empty()) break; // a cancellation that came just now is the joiner's own
    auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() == asio::cancellation_type::none) continue;
    cancel(); // the joiner stays cancelled: what it awaits next throws
  }
  co_await asio::this_coro::throw_if_cancelled(true);
  if (first_failure_) std::rethrow_exception(std::exchange(first_failure_, nullptr));
}

} // namespace cotorra::io
