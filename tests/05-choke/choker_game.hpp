// A choker and its swarm, round by round. Time is a value; the seed is fixed.
#pragma once
#include "choke/choker.hpp"
#include "support/catch.hpp"
#include <algorithm>
#include <set>
#include <string>

namespace cotorra::test {

inline constexpr time_point start = time_point(1h);

inline choke::choke_candidate peer(peer_key key, double rate) {
  choke::choke_candidate c;
  c.key = key;
  c.interested = true;
  c.rate = rate;
  c.connected_at = start - 1h;
  return c;
}

// Peers 1..n; peer k gives k KB/s.
inline std::vector<choke::choke_candidate> givers(peer_key n) {
  std::vector<choke::choke_candidate> all;
  for (peer_key k = 1; k <= n; ++k) all.push_back(peer(k, 1000.0 * double(k)));
  return all;
}

// A choker and its swarm; the chosen peers are unchoked in the next round.
struct game {
  explicit game(choke::choker_options options = {}) : who(random, options) {}

  std::set<peer_key> round() {
    auto const chosen = who.choose(now, peers);
    std::set<peer_key> const out(chosen.begin(), chosen.end());
    CHECK(out.size() == chosen.size()); // no peer twice
    for (peer_key k : out) {
      INFO("peer " << k << " is chosen, and there is no such peer");
      bool const is_known = std::ranges::count(peers, k, &choke::choke_candidate::key);
      REQUIRE(is_known);
    }
    for (choke::choke_candidate& c : peers) c.unchoked = out.count(c.key) != 0;
    now += who.options().round;
    return out;
  }
  choke::choke_candidate& operator[](peer_key k) {
    return *std::ranges::find(peers, k, &choke::choke_candidate::key);
  }

  random_source random{42};
  choke::choker who;
  time_point now = start;
  std::vector<choke::choke_candidate> peers;
};

using keys = std::set<peer_key>;

inline bool holds(keys const& all, keys const& some) {
  return std::ranges::includes(all, some);
}

inline choke::choker_options with_slots(std::size_t n) {
  choke::choker_options o;
  o.slots = n;
  return o;
}

inline std::string names(keys const& all) {
  std::string out = all.empty() ? "no peer" : "peers";
  for (peer_key k : all) out += " " + std::to_string(k);
  return out;
}

} // namespace cotorra::test
