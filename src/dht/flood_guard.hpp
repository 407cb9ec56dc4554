// May this datagram be answered? Each owner of addresses may send so many in ten seconds;
// what goes beyond is dropped, and an owner that goes far beyond is not heard for
// minutes. A machine. It remembers a bounded number of owners: those that send least are
// forgotten first, so that a crowd of forged senders does not hide a flood.
#pragma once
#include "base/endpoint.hpp"
#include "base/time.hpp"
#include <map>

namespace cotorra::dht {

struct flood_limits {
  bool on = true;           // off in laboratories, where one address is many nodes
  unsigned heard = 100;     // datagrams of an owner in a window
  unsigned flood = 1000;    // from so many on the owner is blocked
  std::size_t owners = 512; // remembered
};

class flood_guard {
public:
  static constexpr duration window = 10s;
  static constexpr duration blocked_for = 5min; // after the end of its flood

  explicit flood_guard(flood_limits limits = {}) : limits_(limits) {}

  // Of each datagram that is no answer to a query of ours.
  bool hears(ip_address const& sender, time_point now);

  // Now and then: forgets the owners that are quiet.
  void expire(time_point now) {
    std::erase_if(seen_, [now](auto const& s) { return s.second.idle(now); });
  }

  bool blocks(ip_address const& sender, time_point now) const;
  std::size_t owners() const { return seen_.size(); }

private:
  struct count {
    time_point since; // the window's first
    unsigned datagrams = 0;
    time_point blocked_until{};

    bool idle(time_point now) const {
      return now - since >= window && now >= blocked_until;
    }
  };
  count& count_of(ip_address const& owner, time_point now);
  void forget_idle(time_point now);
  void forget_least();

  flood_limits const limits_;
  std::map<ip_address, count> seen_; // by owner
  time_point swept_{};
};

} // namespace cotorra::dht
