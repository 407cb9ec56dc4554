// From the options of `download` or `seed` to an exit status.
#pragma once
#include "cli/capture_file.hpp"
#include "cli/events.hpp"
#include "cli/runtime.hpp"
#include "cli/trace_file.hpp"

namespace cotorra::cli {

// Run is constructed from the world's doors, the options and the events, and has run()
// and interrupt().
template <class Run, class Options> int run_sharing(Options const& o) {
  io::real_world world;
  auto const capture = open_capture(o.pcap, o.pcap_limit, world.doors().clock);
  io::world doors = capture ? capture->watched(world.doors()) : world.doors();
  auto const trace = open_trace(o.trace, doors);
  events reports(doors.clock, o.json, doors.observer);
  if (o.json) doors.observer = &reports;
  Run run(doors, o, reports);
  return run_telling(
      reports, [&] { return run_task(world, run.run(), [&run] { run.interrupt(); }); });
}

} // namespace cotorra::cli
