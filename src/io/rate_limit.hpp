// How many bytes a second may pass: a bucket that fills with time (a token bucket) and a
// queue in front of it, first come, first served. A machine: time is passed in.
//
// A rate of 0 is no limit. A limit may stand under another one: a torrent's under the
// session's. Users mean the payload; we count every byte, which is a little stricter and
// far simpler.
#pragma once
#include "base/time.hpp"
#include <cstddef>
#include <cstdint>
#include <list>

namespace cotorra::io {

class rate_limit {
public:
  explicit rate_limit(std::uint64_t bytes_per_second = 0, rate_limit* parent = nullptr)
      : rate_(bytes_per_second), parent_(parent) {}
  rate_limit(rate_limit const&) = delete; // waiters refer to it

  std::uint64_t rate() const { return rate_; } // bytes per second
  void set_rate(std::uint64_t bytes_per_second, time_point now);
  rate_limit* parent() const { return parent_; }
  // Neither this one nor one above it limits.
  bool unlimited() const { return rate_ == 0 && (!parent_ || parent_->unlimited()); }
  // A stream waits for its turn, here or above: more would pass without the limit.
  bool holds_back() const {
    return !queue_.empty() || (parent_ && parent_->holds_back());
  }
  // The most bytes to ask for at once, so that many streams share smoothly: about 50 ms
  // worth, by the slowest of this limit and those above it.
  std::size_t part() const;

  // Takes a place in the queue of this limit (not its parent's) for this many bytes.
  using ticket = std::uint64_t;
  ticket enter(std::size_t bytes);
  // Whether its turn has come; the bytes are then paid for.
  bool may_pass(ticket, time_point now);
  // When its turn comes if the rate stays as it is.
  time_point expected(ticket, time_point now) const;
  // Gives the place up; does nothing if its turn has come already.
  void leave(ticket);
  std::size_t waiting() const { return queue_.size(); }

private:
  struct waiter {
    ticket number;
    std::size_t bytes;
  };
  double burst() const;
  void refill(time_point now);

  std::uint64_t rate_;
  rate_limit* parent_;
  double tokens_ = 0; // bytes that may pass at once; starts empty, to be exact
  time_point filled_{};
  bool started_ = false;
  ticket next_ = 0;
  std::list<waiter> queue_; // usually empty, and an empty deque is not small
};

} // namespace cotorra::io
