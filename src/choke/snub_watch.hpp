// Has this peer snubbed us? It unchoked us, we asked, and for a minute no block came.
#pragma once
#include "base/time.hpp"
#include <optional>

namespace cotorra {

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
  }
  void nothing_open() { waiting_since_.reset(); } // choked, or all is cancelled

  bool snubbed(time_point now) const {
    return waiting_since_ && now - *waiting_since_ >= patience;
  }

private:
  std::optional<time_point> waiting_since_;
};

} // namespace cotorra
