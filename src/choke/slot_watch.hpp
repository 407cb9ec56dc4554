// Does a peer use its slot? One that is interested, is unchoked and asks for nothing, or
// for next to nothing, keeps a slot from peers that would use it. While other peers wait
// it comes last, and for longer each time. A machine for one connection: time is passed
// in.
#pragma once
#include "base/time.hpp"
#include <algorithm>

namespace cotorra::choke {

class slot_watch {
public:
  // From the unchoke to the first request: when our uplink has room, and when it has not.
  static constexpr duration short_patience = 2s, patience = 5s;
  static constexpr duration between = 60s;  // one and the next: a slow line may need that
  static constexpr duration measured = 10s; // how long its rate is looked at
  static constexpr double least_taken = 16.0 * 1024; // bytes a second: a block
  static constexpr duration first_penalty = 30s, longest_penalty = 10min;

  void unchoked(time_point now) {
    has_slot_ = true;
    asks_ = false;
    began_ = since_ = now;
  }
  // Something of ours is still on its way to the socket: the peer cannot know it yet.
  void told_late(time_point now) { since_ = now; }
  void asked(time_point now) { // for a block, and gets it
    if (!has_slot_) return;    // it was granted that piece
    asks_ = true;
    since_ = now;
    penalty_ = first_penalty;
  }
  // It had its slot until now, and wasted it or not.
  void choked(time_point now, bool wasted) {
    has_slot_ = false;
    if (!wasted) return;
    last_until_ = now + penalty_;
    penalty_ = std::min(2 * penalty_, longest_penalty);
  }

  // `first`: how long it may take until its first request.
  bool asks_for_nothing(time_point now, duration first) const {
    return has_slot_ && now - since_ >= (asks_ ? between : first);
  }
  // `rate`: bytes a second that it took, over the time `measured`.
  bool takes_little(time_point now, double rate) const {
    return has_slot_ && now - began_ >= measured && rate < least_taken;
  }
  // It wasted its last slot a short time ago.
  bool is_barred(time_point now) const { return !has_slot_ && now < last_until_; }

private:
  bool has_slot_ = false, asks_ = false;
  time_point began_{}, since_{};
  time_point last_until_{}; // until then it comes last
  duration penalty_ = first_penalty;
};

} // namespace cotorra::choke
