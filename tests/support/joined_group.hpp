// A task_group that a desk joins: its members run whenever the desk does, and end with
// the test, also when the test fails half-way.
#pragma once
#include "io/task_group.hpp"
#include "support/bench.hpp"

namespace cotorra::test {

class joined_group {
public:
  explicit joined_group(bench& desk) : desk_(desk), group_(desk.executor()) {}
  ~joined_group() {
    cancel();
    desk_.settle();
  }
  joined_group(joined_group const&) = delete;

  void spawn(io::task<> member, char const* label = "") {
    group_.spawn(std::move(member), label);
    if (!join_ || join_->done) join_ = desk_.start(group_.join());
  }
  void cancel() { group_.cancel(); }
  bool empty() const { return group_.empty(); }

private:
  bench& desk_;
  io::task_group group_;
  std::shared_ptr<running<void>> join_;
};

} // namespace cotorra::test
