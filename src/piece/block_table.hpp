// The blocks of one open piece: free, requested (and of which peers), or arrived.
#pragma once
#include "piece/layout.hpp"
#include <vector>

namespace cotorra::piece {

class block_table {
public:
  static constexpr peer_key no_peer = ~peer_key{0};
  static constexpr std::uint32_t none = ~std::uint32_t{0};

  // Starts over for another piece; keeps its memory.
  void reset(piece_index, std::uint32_t blocks, peer_key owner);

  piece_index piece() const { return piece_; }
  peer_key owner() const { return owner_; } // works on the piece; other peers help
  void set_owner(peer_key p) { owner_ = p; }
  std::uint32_t size() const { return static_cast<std::uint32_t>(blocks_.size()); }
  std::uint32_t free() const { return free_; }
  std::uint32_t arrived() const { return arrived_; }
  std::uint32_t requested() const { return size() - free_ - arrived_; }

  // Marks the first free block as requested of this peer; `none` when no block is free.
  std::uint32_t take(peer_key);
  void take_duplicate(std::uint32_t i, peer_key); // a block requested of other peers too
  bool has_arrived(std::uint32_t i) const { return blocks_[i].state == status::arrived; }
  bool is_requested(std::uint32_t i) const {
    return blocks_[i].state == status::requested;
  }
  bool asked_of(std::uint32_t i, peer_key) const;
  std::size_t askers(std::uint32_t i) const; // number of peers asked for it
  template <class F> void for_each_asker(std::uint32_t i, F f) const {
    if (blocks_[i].asked != no_peer) f(blocks_[i].asked);
    for (extra const& e : extras_)
      if (e.block == i) f(e.asked);
  }
  void set_arrived(std::uint32_t i);
  // This peer will not send the block, which is free again if no other peer was asked.
  void give_back(std::uint32_t i, peer_key);

private:
  enum class status : std::uint8_t { free, requested, arrived };
  struct entry {
    peer_key asked = no_peer; // the first peer asked
    status state = status::free;
  };
  struct extra { // further peers asked, in the endgame
    std::uint32_t block;
    peer_key asked;
  };

  piece_index piece_ = 0;
  peer_key owner_ = no_peer;
  std::vector<entry> blocks_;
  std::vector<extra> extras_;
  std::uint32_t free_ = 0, arrived_ = 0;
  std::uint32_t first_free_ = 0; // no free block before this one
};

} // namespace cotorra::piece
