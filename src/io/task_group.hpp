// Coroutines that live and die together.
//
// spawn() puts one into the group, join() lets all of them run side by side and waits
// until they have ended; then it throws the first failure in time, if there was one. What
// is spawned while join() waits starts at once.
//
// cancel() ends the members: each is woken from what it awaits, and throws there. What
// they throw after cancel() is ignored. The first member that fails cancels the others,
// and so does the cancellation of the coroutine that joins. It stays cancelled: what it
// awaits next throws.
//
// A member never outlives what it refers to, and no caller needs to take care of that:
// - Members run only while join() waits for them. On a path that never reaches join()
//   (after an exception, say) they have not begun, and are destroyed with the group.
// - The coroutine that joins is kept by its members, and by nothing else. If the loop is
//   destroyed under them, it is destroyed after the last of them.
#pragma once
#include "io/task.hpp"
#include <exception>
#include <memory>

namespace cotorra::io {

class task_group {
public:
  explicit task_group(executor);
  ~task_group();
  task_group(task_group const&) = delete;

  // `label` names the member for a debugger; a string literal.
  void spawn(task<> member, char const* label = "");
  void cancel(); // members that have not begun never begin
  task<> join();

  bool cancelled() const; // do not spawn any more
  bool empty() const { return size() == 0; }
  std::size_t size() const; // members that run, or wait for join()

private:
  struct joiner;
  struct member;
  struct state;
  class at_end;

  std::shared_ptr<state> state_;
};

} // namespace cotorra::io
