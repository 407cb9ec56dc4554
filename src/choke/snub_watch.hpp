// Has this peer snubbed us? It unchoked us, we sent requests, and for a minute no block
// came. The verdict stands until the peer's next block, even if the peer chokes us
// meanwhile or we stop asking.
#pragma once
#include "base/time.hpp"
#include <optional>
#include <utility>

namespace cotorra::choke {

class snub_watch {
public:
  static constexpr duration patience = 60s;

  void requested(time_point now) { // a request is open
    if (!waiting_since_) waiting_since_ = now;
  }
  void got_block(time_point now, bool more_open) {
    if (more_open)
      waiting_since_ = now;
    else
      waiting_since_.reset();
    snubbed_ = false;
  }
  void nothing_open() { waiting_since_.reset(); } // choked, or all is cancelled

  // Looks at the clock. True when the peer has just become snubbed.
  bool look(time_point now) {
    bool const late = waiting_since_ && now - *waiting_since_ >= patience;
    return late && !std::exchange(snubbed_, true);
  }
  bool snubbed() const { return snubbed_; } // as of the last look

private:
  std::optional<time_point> waiting_since_;
  bool snubbed_ = false;
};

} // namespace cotorra::choke
