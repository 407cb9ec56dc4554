// Does a peer use its slot? A peer that is interested and unchoked, and asks for nothing
// or next to nothing, keeps a slot from peers that would use it. While other peers wait,
// such a peer comes last, and for longer each time. A machine for one connection: time is
// passed in.
#pragma once
#include "base/time.hpp"
#include <algorithm>

namespace cotorra::choke {

class slot_watch {
public:
  // region times
  // From the unchoke to the first request: when our uplink has room, and when it has not.
  static constexpr duration short_patience = 2s, patience = 5s;
  static constexpr duration between = 60s;  // from request to request, on a slow line
  static constexpr duration measured = 10s; // over which its rate is measured
  static constexpr double least_taken = 16.0 * 1024; // bytes a second: a block
  static constexpr duration first_penalty = 30s, longest_penalty = 10min;
  // end region times

  void unchoked(time_point now) {
    has_slot_ = true;
    asks_ = false;
    began_ = since_ = now;
  }
  // Our outbox is not empty: perhaps the unchoke has not gone out yet.
  void still_sending(time_point now) { since_ = now; }
  void asked(time_point now) { // for a block, which we send
    if (!has_slot_) return;    // allowed fast: it needs none
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
