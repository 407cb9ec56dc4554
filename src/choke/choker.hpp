// Which peers get our upload (BEP 3, "choking"). A peer earns its slot or draws it:
//   downloading  slots go to the interested peers that give us most; one slot, and every
//                slot that no peer has earned, is an optimistic unchoke, drawn by lot and
//                redrawn every 30 s. Newcomers have three lots.
//   seeding      no peer can give us anything, so peers take turns, longest wait first;
//                among equals, the fastest first. The slots grow with our upload rate.
// No slot stays empty while an interested peer is choked. A peer that wastes its slot has
// it only while no other peer waits. While the uplink has room, two peers are tried for
// each slot that is wasted, so that even a crowd of wasters takes only a few steps.
#pragma once
#include "base/identifiers.hpp"
#include "base/random.hpp"
#include "base/time.hpp"
#include "choke/seed_slots.hpp"
#include <cstdint>
#include <map>
#include <vector>

namespace cotorra::choke {

struct choke_candidate {
  peer_key key = 0;
  bool interested = false; // the peer in our pieces
  bool unchoked = false;   // at present
  bool snubbed = false;    // it earns no slot, and may still draw one
  bool wastes = false;     // its slot now, or did so lately: it comes last
  double rate = 0;         // bytes/s from the peer; to the peer when seeding
  time_point connected_at;
};

struct choker_options {
  static constexpr std::size_t unlimited = static_cast<std::size_t>(-1);
  static constexpr std::size_t usual_slots = 4; // the optimistic one included
  std::size_t slots = usual_slots;              // a seed has at least this many
  duration round = 10s;
  duration optimistic_round = 30s;
  duration turn = 60s;         // how long a seed serves one peer while more wait
  duration newcomer_for = 60s; // how long a connection counts as new
  unsigned newcomer_lots = 3;
};

class choker {
public:
  explicit choker(random_source& random, choker_options options = {})
      : random_(random), options_(options), seed_slots_(options.slots) {}

  // A round: the peers to be unchoked, best first. All other peers are to be choked.
  std::vector<peer_key> choose(time_point now, std::vector<choke_candidate> const&);

  // Between rounds, when a peer became interested or left: the peers to unchoke in
  // addition, into slots that are free. No peer is choked.
  std::vector<peer_key> fill(time_point now, std::vector<choke_candidate> const&);

  void set_slots(std::size_t slots) {
    options_.slots = slots;
    seed_slots_.set_least(slots);
  }
  std::size_t slots() const { return seeding_ ? seed_slots_.slots() : options_.slots; }
  void set_seeding(bool seeding) { seeding_ = seeding; }
  bool seeding() const { return seeding_; }
  void set_uplink_full(bool full) { uplink_full_ = full; }
  choker_options const& options() const { return options_; }

  // What a choker needs of the torrent: its peers.
  class host {
  public:
    virtual ~host() = default;
    virtual std::vector<choke_candidate> candidates(time_point now) = 0;
    virtual void choke(peer_key) = 0;
    virtual void unchoke(peer_key) = 0;
  };

private:
  using candidates = std::vector<choke_candidate>;
  struct turn {
    time_point began;
    bool running = false;
    time_point ended; // of the last one; the connection's start when there was none
  };

  std::vector<peer_key> tit_for_tat(time_point now, candidates pool, std::size_t slots);
  std::vector<peer_key> in_turns(time_point now, candidates const&, std::size_t slots);
  std::vector<peer_key> draw(time_point now, candidates pool, std::size_t n);
  void keep_turns(time_point now, candidates const&);
  std::vector<peer_key> next_turns(time_point now, candidates pool, std::size_t n);
  std::size_t slots_and(candidates const& wasters) const;
  bool has_turn(time_point now, peer_key) const;
  bool turn_is_over(time_point now, peer_key) const;

  random_source& random_;
  choker_options options_;
  seed_slots seed_slots_;
  bool seeding_ = false;
  bool uplink_full_ = false;
  std::vector<peer_key> lucky_; // the optimistic unchokes
  time_point redraw_at_{};
  std::map<peer_key, turn> turns_; // of the connections that are open
};

// Apply one round, or one filling: peers hear only changes, and chokes before unchokes.
void hold_round(choker&, time_point now, choker::host&);
void fill_free_slots(choker&, time_point now, choker::host&);

} // namespace cotorra::choke
