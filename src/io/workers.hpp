// Where slow work goes: into the workers' threads. Everything else runs in one, the
// network's.
#pragma once
#include "base/time.hpp"
#include <functional>

namespace cotorra::io {

class workers {
public:
  virtual ~workers() = default;
  virtual void post(std::function<void()> job) = 0; // runs it soon, in another thread
  virtual unsigned count() const = 0;               // how many jobs run at the same time

  // Does work wait, for a disk or a lock? The thread that does it asks before and after:
  //   auto const before = pool.look(); work(); bool waited = pool.waited_since(before);
  // Work that waits belongs here; other work may as well be done in the network's thread.
  struct glance {
    long waits = 0; // of this thread
    time_point at{};
  };
  virtual glance look() const { return {}; }
  // Long enough for a peer to notice? A world that cannot measure it says yes.
  virtual bool waited_since(glance const&) const { return true; }
};

} // namespace cotorra::io
