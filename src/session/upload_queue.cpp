#include "session/upload_queue.hpp"
#include <algorithm>

namespace cotorra::session {

bool upload_queue::push(piece::block b) {
  if (waiting_.size() >= most_) return false;
  waiting_.push_back(b);
  return true;
}

bool upload_queue::cancel(piece::block b) {
  auto it = std::find(waiting_.begin(), waiting_.end(), b);
  if (it == waiting_.end()) return false;
  waiting_.erase(it);
  return true;
}

std::vector<piece::block> upload_queue::take_all() {
  std::vector<piece::block> all(waiting_.begin(), waiting_.end());
  waiting_.clear();
  return all;
}

std::vector<piece::block> upload_queue::take_run(std::size_t most_bytes) {
  std::vector<piece::block> run;
  std::size_t size = 0;
  while (!waiting_.empty()) {
    piece::block const b = waiting_.front();
    bool const goes_on = run.empty() || (run.back().piece == b.piece &&
                                         run.back().begin + run.back().length == b.begin);
    if (!goes_on || (!run.empty() && size + b.length > most_bytes)) break;
    run.push_back(b);
    size += b.length;
    waiting_.pop_front();
  }
  return run;
}

} // namespace cotorra::session
