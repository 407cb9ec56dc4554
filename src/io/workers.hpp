// Where slow work goes: disk and hashing run in the workers' threads, everything else in
// one.
#pragma once
#include <cstdint>
#include <functional>

namespace cotorra::io {

class workers {
public:
  virtual ~workers() = default;
  virtual void post(std::function<void()> job) = 0; // runs it soon, in another thread
  virtual unsigned count() const = 0;               // how many jobs run at the same time
  // How often the thread that asks has had to wait so far, for a disk or a lock. Work
  // that lets this number grow belongs here; work that does not could be done anywhere.
  virtual std::uint64_t waits() const { return 0; }
};

} // namespace cotorra::io
