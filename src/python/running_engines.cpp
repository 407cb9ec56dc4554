#include "python/running_engines.hpp"
#include <set>
#include <utility>

namespace cotorra::python {
namespace {

// Python's lock guards these.
std::set<std::weak_ptr<engine>, std::owner_less<>> engines;
int waiting = 0; // calls without the lock
bool python_ends = false;

// In the child of a fork no thread runs but the one that forked.
void forget_the_parent() {
  engines.clear();
  waiting = 0;
}

void refuse_at_the_end() {
  if (python_ends) throw input_error("Python is ending: no session can start now");
}

// The child of a fork has the memory of an engine but not its thread, and what that
// thread was doing stays half done: such an engine is leaked on purpose.
shared_engine make(session::settings wanted) {
  others_may_run const meanwhile;
  return {new engine(std::move(wanted)), [](engine* e) {
            if (e->is_of_this_process()) delete e;
          }};
}

std::vector<shared_engine> take_all() {
  std::vector<shared_engine> all;
  for (auto const& each : std::exchange(engines, {}))
    if (auto e = each.lock()) all.push_back(std::move(e));
  return all;
}

} // namespace

others_may_run::counted::counted() { ++waiting; }
others_may_run::counted::~counted() { --waiting; }

shared_engine start(session::settings wanted) {
  refuse_at_the_end();
  shared_engine e = make(std::move(wanted));
  engines.insert(e);
  return e;
}

void end(shared_engine const& e) {
  engines.erase(e);
  if (e->has_ended()) return;
  others_may_run const meanwhile;
  e->stop();
}

void end_all() {
  python_ends = true;
  while (waiting > 0 || !engines.empty()) { // a start() may be under way
    auto const all = take_all();
    py::gil_scoped_release const they_come_back;
    for (auto const& e : all) e->stop();
    std::this_thread::sleep_for(1ms);
  }
}

void watch_the_end() {
  py::module_::import("atexit").attr("register")(py::cpp_function(&end_all));
  py::module_::import("os").attr("register_at_fork")(
      py::arg("after_in_child") = py::cpp_function(&forget_the_parent));
}

} // namespace cotorra::python
