// How many slots a seed has: more, the more it uploads. BEP 3 leaves the number open.
//
// A slot is worth having when its peer gets a block (16 KiB) a second for each slot that
// there is: with 5 slots, 5 blocks a second each, so 25 in all. So the square root of the
// upload rate, in blocks per second, is the number of slots.
#pragma once
#include <algorithm>
#include <cmath>
#include <cstddef>

namespace cotorra::choke {

class seed_slots {
public:
  // `least` is the number of slots at any rate.
  explicit seed_slots(std::size_t least) : least_(least), slots_(least) {}

  // A round: `rate` is what all peers together got, in bytes per second. Grows at once,
  // and shrinks only when the rate is too low for one slot less, so that a rate on the
  // border does not choke a peer in one round and unchoke it in the next.
  void look(double rate) {
    constexpr double block = 16 * 1024;
    auto const worth = static_cast<std::size_t>(std::sqrt(std::max(rate, 0.0) / block));
    if (worth > slots_)
      slots_ = worth;
    else if (worth + 1 < slots_)
      slots_ = std::max(worth + 1, least_);
  }
  void set_least(std::size_t least) { slots_ = least_ = least; }
  std::size_t slots() const { return slots_; }

private:
  std::size_t least_, slots_;
};

} // namespace cotorra::choke
