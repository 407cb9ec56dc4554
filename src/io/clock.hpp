// Door 3: time. Real, or virtual in tests; no room asks the system for it.
#pragma once
#include "base/time.hpp"
#include "io/task.hpp"

namespace cotorra::io {

class clock {
public:
  virtual ~clock() = default;
  virtual time_point now() const = 0;
  // Throws std::system_error (operation_aborted) when the sleeper's group is cancelled.
  virtual task<> sleep_until(time_point) = 0;
  task<> sleep_for(duration d) { return sleep_until(now() + d); }
};

} // namespace cotorra::io
