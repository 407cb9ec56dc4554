// A picker and its swarm on a desk. Pieces are drawn as strings, one character each:
//   .  missing    q  queued (open, with free blocks)    f  in flight    H  have
//   -  not needed
#pragma once
#include "07-pieces/print.hpp"
#include "piece/picker.hpp"

namespace cotorra::test {

constexpr std::uint32_t per_piece = 4; // blocks

inline bitfield drawn(std::string_view picture) { // "x.x" has pieces 0 and 2
  bitfield b(picture.size());
  for (std::size_t i = 0; i < picture.size(); ++i)
    if (picture[i] != '.') b.set(i);
  return b;
}

struct desk {
  random_source random;
  piece::piece_layout layout;
  piece::piece_picker picker;

  explicit desk(piece_index pieces, std::uint64_t seed = 1)
      : random(seed), layout(std::uint64_t{pieces} * per_piece * piece::block_size,
                             per_piece * piece::block_size),
        picker(layout, random) {}

  std::string picture() const {
    std::string s;
    for (piece_index i = 0; i < layout.piece_count(); ++i)
      s += "-.qfH"[static_cast<std::size_t>(picker.state(i))];
    return s;
  }
  std::vector<piece::block> pick(peer_key p, bitfield const& has, std::size_t count) {
    std::vector<piece::block> out;
    picker.pick(p, has, count, out);
    REQUIRE(picker.consistent());
    return out;
  }
  // The first of them. It fails the test when there is none.
  piece::block pick_one(peer_key p, bitfield const& has, std::size_t count) {
    std::vector<piece::block> const out = pick(p, has, count);
    if (out.empty()) FAIL("no block is chosen for peer " << p);
    return out.empty() ? piece::block{} : out[0];
  }
  void arrive(peer_key p, std::vector<piece::block> const& blocks) {
    for (piece::block const& b : blocks)
      REQUIRE(picker.arrived(p, b) == piece::arrival::wanted);
  }
  std::vector<peer_key> others_of(piece::block const& b, peer_key p) {
    std::vector<peer_key> out;
    picker.others_of(b, p, out);
    return out;
  }
  // One piece from beginning to end, so that rarest first takes over.
  void get_piece(piece_index i) {
    picker.mark_have(i);
    REQUIRE(picker.consistent());
  }
};

} // namespace cotorra::test
