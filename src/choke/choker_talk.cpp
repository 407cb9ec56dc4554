#include "choke/choker_talk.hpp"

namespace cotorra::choke {

task<> run_choker(io::clock& time, choker& machine, choker::host& peers) {
  for (;;) {
    hold_round(machine, time.now(), peers);
    co_await time.sleep_for(machine.options().round);
  }
}

} // namespace cotorra::choke
