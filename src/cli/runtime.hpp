// From main() into coroutines and back, and what Ctrl-C does in between.
#pragma once
#include "io/real_world.hpp"
#include "io/task.hpp"
#include <functional>

namespace cotorra::cli {

// Exit statuses of the program. 141 is what a shell says of a program that SIGPIPE ended.
inline constexpr int done = 0, could_not = 1, wrong_usage = 2, interrupted = 130,
                     no_reader = 141;

// A signal asked the program to leave while it waited: status `interrupted`, no message.
struct was_interrupted {};

// Runs the body on the world's context until it has ended; gives what it returned, throws
// what it threw. Output does not wait for its readers meanwhile.
//
// The first SIGINT, SIGTERM or SIGHUP calls on_interrupt, and so does a reader of the
// standard output that leaves; the body goes on until it returns. Without an on_interrupt
// the body is cancelled and the result is `interrupted`. A second Ctrl-C ends the process
// at once.
int run_task(io::real_world&, task<int> body, std::function<void()> on_interrupt = {});

} // namespace cotorra::cli
