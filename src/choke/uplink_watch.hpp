// Is our uplink full? Then a peer that gets little is not at fault. We do not know the
// uplink's bandwidth, only the highest rate that it has reached lately. A machine: the
// torrent passes in, once a second, the rate of all peers together.
#pragma once
#include <algorithm>

namespace cotorra::choke {

class uplink_watch {
public:
  static constexpr double least = 20'000;   // bytes/s: less than that fills no uplink
  static constexpr double part = 0.25;      // of the most: peers may share it unevenly
  static constexpr double a_second = 0.998; // what is left of the most: half in 6 minutes

  void look(double rate) { // bytes per second
    rate_ = rate;
    most_ = std::max(rate, most_ * a_second);
  }
  bool may_be_full() const { return rate_ >= std::max(least, part * most_); }

private:
  double rate_ = 0, most_ = 0;
};

} // namespace cotorra::choke
