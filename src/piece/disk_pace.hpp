// Which thread goes to the disk? The bytes of a piece are in the cache of the network's
// thread, and handing them to a worker and back costs time. But a disk that cannot keep
// up makes a thread wait, and when the network's thread waits, every peer does. So that
// thread goes to the disk as long as no thread waits there; otherwise the workers do,
// until none of them has waited for a while. A machine.
#pragma once
#include <algorithm>

namespace cotorra::piece {

class disk_pace {
public:
  enum class side { network, worker }; // whose thread did the job

  // May the network's thread do the next job?
  bool is_quick() const { return quick_in_a_row_ >= needed_; }

  void job_done(side by, bool waited) {
    if (waited) {
      quick_in_a_row_ = 0;
      if (by == side::network) needed_ = std::min(needed_ * 4, most); // trusted too soon
    } else if (++quick_in_a_row_ >= 2 * needed_) {
      needed_ = std::max(needed_ / 2, least); // it has been quick for long
      quick_in_a_row_ = needed_;
    }
  }

private:
  static constexpr int least = 4, most = 1024;
  int needed_ = least; // jobs in a row without a wait
  int quick_in_a_row_ = 0;
};

} // namespace cotorra::piece
