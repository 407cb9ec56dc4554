// The program `cotorra`, from its arguments to its exit status.
#pragma once

namespace cotorra::cli {

// 0 done, 1 could not, 2 wrong usage, 130 interrupted. Never throws: what went wrong is
// one sentence on the standard error.
int run(int argc, char const* const* argv);

} // namespace cotorra::cli
