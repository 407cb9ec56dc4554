// Coroutines that live and die together.
//
// spawn() starts one beside the others. cancel() ends them: each is woken from what it
// awaits, and what they throw then is no news. join() waits until all have ended, then
// throws the first failure in time, if there was one.
//
// The first that throws cancels the others. When the coroutine that joins is itself
// cancelled, so are the members, and join still waits for them: a group never outlives
// what its members refer to. The joiner stays cancelled: what it awaits next throws.
#pragma once
#include "io/task.hpp"
#include <asio/cancellation_signal.hpp>
#include <asio/steady_timer.hpp>
#include <exception>
#include <list>

namespace cotorra::io {

class task_group {
public:
  explicit task_group(executor);
  ~task_group();
  task_group(task_group const&) = delete;

  // `label` names the member for a debugger; a string literal.
  void spawn(task<> member, char const* label = "");
  void cancel();
  task<> join();

  bool cancelled() const { return cancelled_; } // do not spawn any more
  bool empty() const { return members_.empty(); }
  std::size_t size() const { return members_.size(); }

private:
  struct member {
    char const* label;
    asio::cancellation_signal stop;
  };
  void ended(std::list<member>::iterator, std::exception_ptr);

  executor executor_;
  asio::steady_timer all_ended_;
  std::list<member> members_;
  std::exception_ptr first_failure_;
  bool cancelled_ = false;
};

} // namespace cotorra::io
