// Does a peer use its slot? One that is interested, is unchoked and asks for nothing
// keeps a slot from peers that would. While other peers wait, it counts as not
// interested. A machine for one connection: time is passed in.
#pragma once
#include "base/time.hpp"
#include <algorithm>

namespace cotorra {

class slot_watch {
public:
  static constexpr duration patience = 5s; // from the unchoke to the first request
  static constexpr duration between = 60s; // one and the next: a slow line may need that
  static constexpr duration first_penalty = 30s, longest_penalty = 10min;

  void unchoked(time_point now) {
    has_slot_ = true;
    asks_ = false;
    since_ = now;
  }
  void choked(time_point now) {
    if (wastes(now)) {
      last_until_ = now + penalty_;
      penalty_ = std::min(2 * penalty_, longest_penalty);
    }
    has_slot_ = false;
  }
  void asked(time_point now) { // for a block, and gets it
    asks_ = true;
    since_ = now;
    last_until_ = {};
    penalty_ = first_penalty;
  }
  // It wastes its slot, or did when it had one last.
  bool wastes(time_point now) const {
    if (!has_slot_) return now < last_until_;
    return now - since_ >= (asks_ ? between : patience);
  }

private:
  bool has_slot_ = false, asks_ = false;
  time_point since_{};
  time_point last_until_{}; // until then it comes last
  duration penalty_ = first_penalty;
};

} // namespace cotorra
