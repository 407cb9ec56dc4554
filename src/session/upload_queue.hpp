// The blocks that one peer has asked us for and has not got yet. A machine.
#pragma once
#include "piece/layout.hpp"
#include <deque>
#include <vector>

namespace cotorra::session {

class upload_queue {
public:
  explicit upload_queue(std::size_t most) : most_(most) {}

  // False when the queue is full: the request is refused.
  bool push(piece::block);
  bool cancel(piece::block); // false when it was not waiting (any more)
  std::vector<piece::block> take_all();

  // The first request, with those that go on where it ends, of at most `most_bytes`
  // together: one read from disk serves them all.
  std::vector<piece::block> take_run(std::size_t most_bytes);

  bool empty() const { return waiting_.empty(); }
  std::size_t size() const { return waiting_.size(); }

private:
  std::deque<piece::block> waiting_;
  std::size_t const most_;
};

} // namespace cotorra::session
