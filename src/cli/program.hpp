// The program `cotorra`, from its arguments to its exit status.
#pragma once

namespace cotorra::cli {

// 0 done, 1 failed, 2 wrong usage, 130 interrupted. Never throws: an error is one
// sentence on the standard error.
int run(int argc, char const* const* argv);

} // namespace cotorra::cli
