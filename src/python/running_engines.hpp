// The engines that run, and the calls that wait for them without Python's lock (GIL).
// All of them must end before the interpreter does: a thread that asks for the lock after
// that is killed in the middle of C++, and takes the process along.
#pragma once
#include "python/bindings.hpp"
#include "python/engine.hpp"

namespace cotorra::python {

using shared_engine = std::shared_ptr<engine>;

shared_engine start(session::settings); // input_error when Python is about to end
void end(shared_engine const&);
// Ends all engines and waits until no call is without the lock; from then on none starts.
void end_all();

// Lets other threads of Python run while this one waits; end_all() knows of it.
class others_may_run {
  struct counted {
    counted();
    ~counted();
  };
  counted until_the_lock_is_back_; // first, so that it goes last
  py::gil_scoped_release released_;
};

// What an ended session cannot answer is refused with the lock held.
template <class Ask> auto ask(engine& e, Ask what) {
  e.refuse_if_ended();
  others_may_run const meanwhile;
  return e.call(std::move(what));
}

// end_all() at the interpreter's end, and a clean slate in a fork.
void watch_the_end();

} // namespace cotorra::python
