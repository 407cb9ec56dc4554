// What the program asks of its process before anything else; main() has one. Tests that
// call the program as a function have none.
#pragma once
#include "cli/outputs.hpp"

namespace cotorra::cli {

// - The descriptors 0 to 2 are open, so that no file of ours gets their numbers. One that
//   was closed is /dev/null, in the direction that fails: what cannot be written is told.
// - Output goes through a thread.
// - When memory ends, the program says so and leaves, in order while it can: some memory
// is
//   kept back for that.
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

bool out_of_memory(); // memory has ended, and the program leaves for that

} // namespace cotorra::cli
