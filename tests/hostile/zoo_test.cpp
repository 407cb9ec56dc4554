// Each animal alone beside one honest seeder, and all of them at once: the download ends
// in good time with the right bytes, nothing grows without bound, and each offence is on
// record.
#include "hostile/scene.hpp"
#include "support/catch.hpp"

using namespace cotorra;
using namespace cotorra::hostile;

namespace {

constexpr std::size_t payload = 1'000'000; // 31 pieces: one spare bit
constexpr std::uint64_t pace = 60'000;     // of the seeder: 17 s alone
duration const long_enough = session::settings{}.peer_timeout + 30s; // for silence, too
constexpr std::size_t most_in_send_buffer = 4 << 20;

void check_bounds(scene const& s) {
  CHECK(s.most.connections <= session::settings{}.connections_limit_per_torrent);
  CHECK(s.most.send_buffer <= most_in_send_buffer);
  CHECK(s.most.past_peers <= 500);
}

} // namespace

TEST_CASE("an animal alone beside an honest seeder does no lasting harm") {
  for (species const& kind : all_species()) {
    DYNAMIC_SECTION("the " << kind.name << " that " << kind.habit) {
      scene s(payload, pace);
      den& animal = s.let_in(kind);
      s.start_leecher();
      CHECK(s.complete_within(60s));
      CHECK(s.swarm.has_right_bytes(*s.leecher));
      CHECK(s.run_until([&] { return s.on_record(animal); }, long_enough));
      check_bounds(s);
      CHECK(animal.visits >= 1);
      CHECK(animal.requests < 2000);
      for (session::peer_info const& p : s.records(animal))
        CHECK_FALSE(p.ended_because.empty());
    }
  }
}

TEST_CASE("the whole zoo at once beside one honest seeder") {
  scene s(payload, pace);
  for (species const& kind : all_species()) s.let_in(kind);
  s.start_leecher();
  CHECK(s.complete_within(120s));
  CHECK(s.swarm.has_right_bytes(*s.leecher));
  std::vector<den const*> all;
  for (den const& d : s.dens) all.push_back(&d);
  CHECK(s.run_until([&] { return s.on_record(all); }, long_enough));
  for (den const& d : s.dens) {
    INFO("the " << d.kind.name);
    CHECK(s.on_record(d));
  }
  check_bounds(s);
}
