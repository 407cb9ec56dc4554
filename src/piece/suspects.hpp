// Pieces that failed their hash once. Each is asked of one peer at a time, its owner, so
// that a second failure shows which peer is bad. A bad peer could sit on such a piece; so
// after some patience another one gets it. A machine: time is passed in.
//
// Peers take turns in rounds: in a round each peer that has the piece and nothing else to
// do may try it once, the one that has sent us most first. When all have tried it, a new
// round begins, with twice the patience: slow and honest is better than never.
#pragma once
#include "base/identifiers.hpp"
#include "base/time.hpp"
#include <map>
#include <optional>
#include <set>
#include <span>
#include <vector>

namespace cotorra {

class suspects {
public:
  // A peer that could try the piece: it has it, and nothing is asked of it.
  struct candidate {
    peer_key key;
    time_point connected_at;
    std::uint64_t downloaded; // bytes that it has sent us
  };

  void add(piece_index, time_point now); // its hash failed; known already: nothing
  void clear(piece_index i) { all_.erase(i); }
  bool contains(piece_index i) const { return all_.contains(i); }
  std::vector<piece_index> all() const;

  // What the picker says about the piece: which peer works on it now, if any.
  void note_owner(piece_index, std::optional<peer_key>, time_point now);
  // Its owner has had it for longer than our patience.
  bool is_held(piece_index, time_point now) const;
  // The peer that shall try it next; nullopt when there are no candidates. It and the
  // owner have then had their turn in this round. `size` of the piece, in bytes: a large
  // one may take long.
  std::optional<peer_key> hand_on(piece_index, std::uint32_t size, time_point now,
                                  std::span<candidate const>);

private:
  struct record {
    std::optional<peer_key> owner;
    time_point since; // it is the owner's
    duration patience;
    time_point round_began;
    std::set<peer_key> tried; // in this round
  };
  static void begin_round(record&, std::uint32_t size, time_point now);

  std::map<piece_index, record> all_;
};

} // namespace cotorra
