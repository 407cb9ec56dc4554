// From main() into coroutines and back, and what Ctrl-C does in between.
#pragma once
#include "io/real_world.hpp"
#include "io/task.hpp"
#include <functional>

namespace cotorra::cli {

// Exit statuses. 141 is what a shell reports when SIGPIPE has ended a program.
inline constexpr int done = 0, could_not = 1, wrong_usage = 2, interrupted = 130,
                     no_reader = 141;

// Thrown when a signal ends a wait: exit status `interrupted`, no message.
struct was_interrupted {};

// Runs the body on the world's context until it ends; returns what it returned, throws
// what it threw. Meanwhile, printing does not wait for the readers of the output.
//
// The first SIGINT, SIGTERM or SIGHUP calls on_interrupt, and so does the end of the
// standard output's reader; the body goes on until it returns. Without on_interrupt, the
// body is cancelled and the result is `interrupted`. A second Ctrl-C ends the process at
// once.
int run_task(io::real_world&, task<int> body, std::function<void()> on_interrupt = {});

} // namespace cotorra::cli
