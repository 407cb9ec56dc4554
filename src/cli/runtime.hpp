// From main() into coroutines and back, and what Ctrl-C does in between.
#pragma once
#include "io/real_world.hpp"
#include "io/task.hpp"
#include <functional>

namespace cotorra::cli {

// Exit statuses of the program.
inline constexpr int done = 0, could_not = 1, wrong_usage = 2, interrupted = 130;

// A signal asked us to leave while we waited: status `interrupted`, and nothing to say.
struct was_interrupted {};

// Runs the body on the world's context until nothing is left to do; gives what it
// returned, throws what it threw.
//
// The first SIGINT or SIGTERM calls on_interrupt, and the body goes on until it returns;
// without an on_interrupt the body is cancelled and the result is `interrupted`. The
// second one ends the process at once, with std::quick_exit(interrupted): code that
// changed the terminal registers its repair with std::at_quick_exit.
int run_task(io::real_world&, task<int> body, std::function<void()> on_interrupt = {});

} // namespace cotorra::cli
