// The choker at work: a round every 10 s, until its group is cancelled (BEP 3).
#pragma once
#include "choke/choker.hpp"
#include "io/clock.hpp"

namespace cotorra::choke {

// The first round is at once.
task<> run_choker(io::clock&, choker&, choker::host&);

} // namespace cotorra::choke
