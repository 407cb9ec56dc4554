// Pieces that have failed their hash. Each is requested from one peer at a time, its
// owner, so that a second failure shows which peer is bad. A bad peer could hold such a
// piece back, so after a while another peer gets it. A machine: time is passed in.
//
// Peers take turns in rounds: in each round, every idle peer that has the piece may try
// it once, starting with the one that has sent us most. When all have tried, a new round
// begins with twice the patience, for peers that are honest but slow.
#pragma once
#include "base/identifiers.hpp"
#include "base/time.hpp"
#include <map>
#include <optional>
#include <set>
#include <span>
#include <vector>

namespace cotorra::piece {

class suspects {
public:
  // A peer that could try the piece: it has the piece, and no request is open.
  struct candidate {
    peer_key key;
    time_point connected_at;
    std::uint64_t downloaded; // bytes the peer has sent us
  };

  void add(piece_index, time_point now); // its hash failed
  void clear(piece_index i) { all_.erase(i); }
  bool contains(piece_index i) const { return all_.contains(i); }
  std::vector<piece_index> all() const;

  // From the picker: the peer that works on the piece now, if any.
  void note_owner(piece_index, std::optional<peer_key>, time_point now);
  // Has its owner had it for longer than our patience?
  bool is_held(piece_index, time_point now) const;
  // The peer to try it next; nullopt when there are no candidates. That peer and the
  // owner have then had their turn in this round. size: of the piece, in bytes; a large
  // piece may take longer.
  std::optional<peer_key> hand_on(piece_index, std::uint32_t size, time_point now,
                                  std::span<candidate const>);

private:
  struct record {
    std::optional<peer_key> owner;
    time_point since; // when the owner got it
    duration patience;
    time_point round_began;
    std::set<peer_key> tried; // in this round
  };
  static void begin_round(record&, std::uint32_t size, time_point now);

  std::map<piece_index, record> all_;
};

} // namespace cotorra::piece
