// Who gets our upload (BEP 3, "choking"). A slot is earned or it is luck:
//   downloading  slots go to the interested peers that give us most; one slot, and every
//                slot that nobody has earned, is an optimistic unchoke, drawn by lot and
//                redrawn every 30 s. Newcomers have three lots.
//   seeding      nobody can give us anything, so slots are taken in turns, longest wait
//                first; among equals, who takes fastest.
// No slot stays empty while somebody interested is choked.
#pragma once
#include "base/random.hpp"
#include "base/time.hpp"
#include <cstdint>
#include <map>
#include <vector>

namespace cotorra {

using peer_key = std::uint64_t; // one connection; never used twice

struct choke_candidate {
  peer_key key = 0;
  bool interested = false; // the peer in us
  bool unchoked = false;   // at present
  bool snubbed = false;    // it gets luck only
  double rate = 0;         // bytes/s from the peer; to the peer when seeding
  time_point connected_at;
};

struct choker_options {
  static constexpr std::size_t unlimited = static_cast<std::size_t>(-1);
  std::size_t slots = 4; // all uploads, the optimistic one included
  duration round = 10s;
  duration optimistic_round = 30s;
  duration turn = 60s;         // how long a seed serves one peer while others wait
  duration newcomer_for = 60s; // how long a connection counts as new
  unsigned newcomer_lots = 3;
};

class choker {
public:
  explicit choker(random_source& random, choker_options options = {})
      : random_(random), options_(options) {}

  // A round: who is to be unchoked, in the order of merit. All others are to be choked.
  std::vector<peer_key> choose(time_point now, std::vector<choke_candidate> const&);

  // Between rounds, when somebody became interested or left: whom to unchoke in addition,
  // into slots that are free. Chokes nobody.
  std::vector<peer_key> fill(time_point now, std::vector<choke_candidate> const&);

  void set_slots(std::size_t slots) { options_.slots = slots; }
  void set_seeding(bool seeding) { seeding_ = seeding; }
  bool seeding() const { return seeding_; }
  choker_options const& options() const { return options_; }

private:
  using candidates = std::vector<choke_candidate>;
  struct turn {
    time_point began;
    bool running = false;
    time_point ended; // of the last one; the connection's start when there was none
  };

  std::vector<peer_key> tit_for_tat(time_point now, candidates pool);
  std::vector<peer_key> in_turns(time_point now, candidates const&);
  std::vector<peer_key> draw(time_point now, candidates pool, std::size_t n);
  void keep_turns(time_point now, candidates const&);
  std::vector<peer_key> longest_wait(candidates waiting, std::size_t n);
  void begin_turn(time_point now, peer_key);
  bool turn_is_over(time_point now, peer_key) const;

  random_source& random_;
  choker_options options_;
  bool seeding_ = false;
  std::vector<peer_key> lucky_; // the optimistic unchokes
  time_point redraw_at_{};
  std::map<peer_key, turn> turns_; // of the connections there are
};

// Whom a choker talks to: the torrent's peers.
class choker_audience {
public:
  virtual ~choker_audience() = default;
  virtual std::vector<choke_candidate> candidates(time_point now) = 0;
  virtual void choke(peer_key) = 0;
  virtual void unchoke(peer_key) = 0;
};

// One round, and one filling, applied: only changes are told, chokes before unchokes.
void hold_round(choker&, time_point now, choker_audience&);
void fill_free_slots(choker&, time_point now, choker_audience&);

} // namespace cotorra
