// Which thread goes to the disk? The bytes of a piece are in the cache of the network's
// thread, and a worker would have to fetch them from there: that costs more than writing
// them. But a disk that cannot keep up makes a thread wait, and when the network's thread
// waits, every peer does. So that thread goes to the disk as long as no thread waits
// there; otherwise the workers do, until none of them has waited for a while. A machine.
#pragma once
#include <algorithm>

namespace cotorra::piece {

class disk_pace {
public:
  // May the network's thread do the next job?
  bool is_quick() const { return quick_in_a_row_ >= needed_; }

  // A job is done; did its thread have to wait?
  void job_done(bool waited) {
    if (!waited) {
      quick_in_a_row_ = std::min(quick_in_a_row_ + 1, most_needed);
      return;
    }
    if (is_quick()) needed_ = std::min(needed_ * 4, most_needed); // trusted too soon
    quick_in_a_row_ = 0;
  }

private:
  static constexpr int most_needed = 1024;
  int needed_ = 4; // jobs in a row without a wait
  int quick_in_a_row_ = 0;
};

} // namespace cotorra::piece
