// What a tracker has heard from us, as its status says it.
#include "support/catch.hpp"
#include "tracker/tiers.hpp"

using namespace cotorra;
using namespace cotorra::tracker;

TEST_CASE("one that refused is owed no farewell unless it had answered before") {
  random_source random{7};
  tiers t({{"a"}}, random);
  time_point const now{1h};
  t.told("a", ip_family::any);
  t.refused("a", "no", std::nullopt, now);
  CHECK_FALSE(t.all()[0].contact_over(ip_family::any).was_told);
  announce_answer yes;
  yes.interval = 1800s;
  t.answered("a", yes, now);
  t.refused("a", "no", std::nullopt, now);
  CHECK(t.all()[0].contact_over(ip_family::any).was_told);
}
