// How many peers have each piece, and the missing pieces ordered by rarity: one bucket
// per count, in random order inside, so that a HAVE moves one piece to the next bucket.
// Peers that have every piece do not change the order: they are only counted.
#pragma once
#include "base/bitfield.hpp"
#include "base/random.hpp"
#include "piece/layout.hpp"
#include <optional>

namespace cotorra::piece {

class availability_buckets {
public:
  availability_buckets(piece_index pieces, random_source&);

  void add_peer(bitfield const&);
  void remove_peer(bitfield const&);
  void peer_got(piece_index);

  std::uint32_t of(piece_index i) const {
    return peers_[i] + seeds_;
  } // peers that have it

  // The pieces that rarest() may return.
  void insert(piece_index);
  void erase(piece_index);
  bool contains(piece_index i) const { return place_[i] != nowhere; }
  // The rarest inserted piece that this peer has. The peer must have been added.
  std::optional<piece_index> rarest(bitfield const& peer_has) const;
  // Does any peer have an inserted piece?
  bool any_available() const;

private:
  static constexpr std::uint32_t nowhere = ~std::uint32_t{0};
  void change(piece_index, std::uint32_t peers);

  random_source& random_;
  std::vector<std::uint32_t> peers_; // per piece, without the seeds
  std::vector<std::uint32_t> place_; // per piece, in its bucket
  std::vector<std::vector<piece_index>> buckets_;
  std::size_t size_ = 0;
  std::uint32_t seeds_ = 0;
};

} // namespace cotorra::piece
