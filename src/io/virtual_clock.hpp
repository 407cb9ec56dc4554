// Time that stands still until a test moves it: for tests and for the simulated world.
#pragma once
#include "io/clock.hpp"
#include "io/event.hpp"
#include <map>
#include <optional>

namespace cotorra::io {

class virtual_clock : public clock {
public:
  explicit virtual_clock(executor ex) : executor_(std::move(ex)) {}

  time_point now() const override { return now_; }
  task<> sleep_until(time_point) override;

  // When the next sleeper wants to wake.
  std::optional<time_point> next() const;
  // Moves to t and wakes all sleepers that are due, the earliest first; they run at the
  // next poll.
  void advance_to(time_point t);

private:
  executor executor_;
  time_point now_ =
      time_point(std::chrono::hours(1)); // not the epoch: "never" is before the start
  std::multimap<time_point, event> sleepers_;
};

} // namespace cotorra::io
