#include "io/task_group.hpp"
#include <asio/associated_cancellation_slot.hpp>
#include <asio/associated_executor.hpp>
#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/co_spawn.hpp>
#include <asio/post.hpp>
#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>
#include <cassert>
#include <functional>
#include <list>

namespace cotorra::io {

// The suspended join(). Each running member has a share of it, the group has none.
struct task_group::joiner {
  std::function<void()> resume;
};

struct task_group::member {
  member(task<> b, char const* name) : label(name), body(std::move(b)) {}
  char const* label;
  task<> body; // until it begins
  asio::cancellation_signal stop;
};

// What the group, its members and its joiner share; it lives until the last of them is
// destroyed.
struct task_group::state : std::enable_shared_from_this<state> {
  explicit state(executor ex) : executor_(std::move(ex)) {}
  template <class Handler> void run(Handler);
  void begin(std::shared_ptr<joiner> const&); // the first that waits
  void ended(std::list<member>::iterator, std::exception_ptr);
  void cancel();
  void wake_joiner();

  executor executor_;
  std::list<member> waiting_, members_;
  std::weak_ptr<joiner> joiner_;
  std::exception_ptr first_failure_;
  bool cancelled_ = false;
};

// Asio calls it when the member has ended, or destroys it uncalled together with the
// member's frame.
class task_group::at_end {
public:
  at_end(std::shared_ptr<state> group, std::shared_ptr<joiner> j,
         std::list<member>::iterator self)
      : joiner_(std::move(j)), group_(std::move(group)), self_(self) {}
  at_end(at_end&&) = default;
  ~at_end() {
    if (!group_) return;
    group_->members_.erase(self_);
    if (group_->members_.empty()) group_->wake_joiner();
  }

  void operator()(std::exception_ptr failure) {
    std::exchange(group_, nullptr)->ended(self_, failure);
  }

private:
  std::shared_ptr<joiner> joiner_;
  std::shared_ptr<state> group_;
  std::list<member>::iterator self_;
};

// Takes the suspended join() as Asio's handler that resumes it, and lets the members run.
template <class Handler> void task_group::state::run(Handler handler) {
  auto slot = asio::get_associated_cancellation_slot(handler);
  auto const ex = asio::get_associated_executor(handler);
  auto const joining = std::make_shared<Handler>(std::move(handler));
  auto const j = std::make_shared<joiner>();
  j->resume = [ex, slot, joining] {
    asio::post(ex, [slot, joining]() mutable {
      slot.clear();
      std::move (*joining)();
    });
  };
  if (slot.is_connected()) slot.assign([this](auto) { cancel(); });
  joiner_ = j;
  while (!waiting_.empty()) begin(j);
  if (members_.empty()) wake_joiner();
}

void task_group::state::begin(std::shared_ptr<joiner> const& j) {
  auto const self = waiting_.begin();
  members_.splice(members_.end(), waiting_, self);
  at_end then(shared_from_this(), j, self);
  try {
    asio::co_spawn(executor_, std::move(self->body),
                   asio::bind_cancellation_slot(self->stop.slot(), std::move(then)));
  } catch (...) { // no memory: as a member that fails at once
    if (!cancelled_) first_failure_ = std::current_exception();
    cancel();
  }
}

void task_group::state::ended(std::list<member>::iterator self,
                              std::exception_ptr failure) {
  members_.erase(self);
  if (failure && !cancelled_) {
    first_failure_ = failure;
    cancel();
  }
  if (members_.empty()) wake_joiner();
}

void task_group::state::cancel() {
  cancelled_ = true;
  std::list<member> const never_begin = std::move(waiting_);
  waiting_.clear();
  // a signal may end a member at once and erase it: step on first
  for (auto next = members_.begin(); next != members_.end();)
    (next++)->stop.emit(asio::cancellation_type::terminal);
}

void task_group::state::wake_joiner() {
  auto const j = joiner_.lock();
  joiner_.reset();
  if (j) std::exchange(j->resume, nullptr)();
}

task_group::task_group(executor ex) : state_(std::make_shared<state>(std::move(ex))) {}

task_group::~task_group() {
  std::list<member> const never_begin = std::move(state_->waiting_);
}

void task_group::spawn(task<> body, char const* label) {
  state_->waiting_.emplace_back(std::move(body), label);
  if (auto const j = state_->joiner_.lock()) state_->begin(j);
}

void task_group::cancel() { state_->cancel(); }
bool task_group::cancelled() const { return state_->cancelled_; }
std::size_t task_group::size() const {
  return state_->waiting_.size() + state_->members_.size();
}

task<> task_group::join() {
  std::shared_ptr<state> const group = state_;
  assert(group->joiner_.expired() && "one coroutine joins at a time");
  auto run_members = [all = group.get()](auto joining) { all->run(std::move(joining)); };
  co_await asio::this_coro::throw_if_cancelled(false);
  while (!group->waiting_.empty())
    co_await asio::async_initiate<asio::use_awaitable_t<> const, void()>(
        run_members, asio::use_awaitable);
  co_await asio::this_coro::throw_if_cancelled(true);
  std::exception_ptr const failure = std::exchange(group->first_failure_, nullptr);
  if (failure) std::rethrow_exception(failure);
}

} // namespace cotorra::io
