#include "choke/choker_talk.hpp"

namespace cotorra {

task<> run_choker(io::clock& time, choker& who, choker_audience& audience) {
  for (;;) {
    hold_round(who, time.now(), audience);
    co_await time.sleep_for(who.options().round);
  }
}

} // namespace cotorra
