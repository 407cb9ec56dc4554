// Messages that change nothing: interest that comes and goes, cancels and rejects of what
// was never requested, requests while choked. Each costs us work, and a few are normal
// (messages cross on the wire); thousands are an attack. A machine: time is passed in.
#pragma once
#include "base/time.hpp"
#include <algorithm>

namespace cotorra::session {

class nuisance {
public:
  static constexpr double most = 4000;     // at once: a full queue of requests may cross
  static constexpr double a_second = 20.0; // forgiven

  // One more. False when it is one too many: end the connection.
  bool bear(time_point now) {
    count_ = std::max(0.0, count_ - a_second * seconds(now - last_));
    last_ = now;
    return ++count_ <= most;
  }

private:
  double count_ = 0;
  time_point last_{};
};

} // namespace cotorra::session
