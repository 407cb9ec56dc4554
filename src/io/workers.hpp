// Where slow work goes: disk and hashing run in the workers' threads, everything else in
// one.
#pragma once
#include <functional>

namespace cotorra::io {

class workers {
public:
  virtual ~workers() = default;
  virtual void post(std::function<void()> job) = 0; // runs it soon, in another thread
  virtual unsigned count() const = 0;               // how many jobs run at the same time
};

} // namespace cotorra::io
