// Prepares the process before anything else; main() has one. Tests that call the program
// as a function have none.
#pragma once
#include "cli/outputs.hpp"

namespace cotorra::cli {

// - Descriptors 0 to 2 are open, so that none of our files gets their numbers. A closed
//   one becomes /dev/null, opened so that its use fails and the failure is reported.
// - Output goes through a thread.
// - When memory runs out, the program says so and leaves, cleanly if it can. It keeps a
//   reserve of memory for that.
class process {
public:
  process() = default;
  process(process const&) = delete;

private:
  struct ground {
    ground();
  };
  ground ground_; // first
  outputs outputs_;
};

bool out_of_memory(); // memory has run out, and the program is leaving

} // namespace cotorra::cli
