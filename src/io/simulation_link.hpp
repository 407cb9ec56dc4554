// One direction of a host's link, a machine. All flows (a connection, a datagram socket)
// that have packets waiting share the rate evenly, byte by byte; inside a flow packets
// pass in order. A small packet of a quiet flow is through at its share of the rate,
// however much the other flows have waiting.
#pragma once
#include "base/time.hpp"
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <optional>
#include <vector>

namespace cotorra::io {

class link_queue {
public:
  struct packet {
    std::uint64_t flow = 0;
    std::size_t size = 0;
    std::function<void()> through; // what happens once it has passed
  };

  // From now on; what has passed already stays passed. 0: no limit.
  void set_rate(time_point now, std::uint64_t bytes_per_second);
  void push(time_point now, packet);
  // Bytes of the flow's packets that are not through.
  std::size_t waiting(std::uint64_t flow) const;

  // The next packet that is through by now, if there is one.
  std::optional<packet> take(time_point now);
  // When to call take() again. Nothing while no packet waits, and nothing when an earlier
  // call has named that time or one before it.
  std::optional<time_point> wake(time_point now);

private:
  struct line {
    std::deque<packet> packets;
    std::size_t size = 0;
  };
  // The first packet of a flow is through when every flow has had `level` bytes.
  struct head {
    double level;
    std::uint64_t flow;
  };
  static bool later(head const& a, head const& b) {
    return a.level != b.level ? a.level > b.level : a.flow > b.flow;
  }
  void advance(time_point now);
  void add_head(double level, std::uint64_t flow);

  std::uint64_t rate_ = 0;
  std::map<std::uint64_t, line> flows_; // those with packets
  std::vector<head> heads_; // one for each of them, a heap: the next one first
  double level_ = 0;        // how many bytes each flow has had so far
  time_point as_of_{};      // when that was so
  std::optional<time_point> woken_at_;
};

} // namespace cotorra::io
