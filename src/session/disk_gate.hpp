// Back-pressure: bytes on their way to the disk have a limit. Past it, peers stop reading
// their sockets, and the senders' windows fill; so a slow disk slows the network, not the
// memory.
#pragma once
#include "io/event.hpp"
#include <list>

namespace cotorra::session {

class disk_gate {
public:
  disk_gate(io::executor ex, std::size_t limit)
      : executor_(std::move(ex)), limit_(limit) {}

  void entered(std::size_t n) { inside_ += n; }
  void left(std::size_t n) {
    inside_ -= n;
    if (!closed())
      for (io::event& e : waiting_) e.set();
  }
  bool closed() const { return inside_ >= limit_; }
  std::size_t inside() const { return inside_; }

  // Returns when there is room again.
  task<> opened() {
    auto const self = waiting_.emplace(waiting_.end(), executor_);
    struct leave {
      std::list<io::event>& from;
      std::list<io::event>::iterator self;
      ~leave() { from.erase(self); }
    } const on_exit{waiting_, self};
    while (closed()) co_await self->wait();
  }

private:
  io::executor executor_;
  std::size_t const limit_;
  std::size_t inside_ = 0;
  std::list<io::event> waiting_;
};

} // namespace cotorra::session
