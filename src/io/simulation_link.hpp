// One direction of a host's link, a machine: packets wait for it and pass one after the
// other, each for size / rate. Flows (a connection, a datagram socket) take turns.
#pragma once
#include "base/time.hpp"
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>

namespace cotorra::io {

class link_queue {
public:
  struct packet {
    std::uint64_t flow = 0;
    std::size_t size = 0;
    std::function<void()> through; // what happens once it has passed
  };

  void set_rate(std::uint64_t bytes_per_second) {
    rate_ = bytes_per_second;
  } // 0: no limit
  void push(packet);
  // Bytes of the flow that wait.
  std::size_t waiting(std::uint64_t flow) const;

  // Sends the next packet on its way unless one is: when that will be through.
  std::optional<time_point> start(time_point now);
  // That packet is through.
  packet finish();

private:
  struct line {
    std::deque<packet> packets;
    std::size_t size = 0;
  };
  std::uint64_t rate_ = 0;
  std::map<std::uint64_t, line> flows_; // those with packets
  std::deque<std::uint64_t> turns_;     // the same, the next one first
  std::optional<packet> under_way_;
};

} // namespace cotorra::io
