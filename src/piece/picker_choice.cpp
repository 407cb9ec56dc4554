// The picker's policy: which blocks to request from a peer.
#include "piece/common_bits.hpp"
#include "piece/picker.hpp"
#include <cassert>

namespace cotorra::piece {

void piece_picker::pick(peer_key peer, bitfield const& peer_has, std::size_t count,
                        std::vector<block>& out) {
  if (count == 0 || peer_has.size() != pieces_.size()) return;
  std::size_t taken = take_late(peer, peer_has, count, out);
  taken += take_open(peer, peer_has, count - taken, out, false);
  taken += take_new(peer, peer_has, count - taken, out);
  // A slow peer must not keep a piece to itself while a fast one has nothing to do.
  taken += take_open(peer, peer_has, count - taken, out, true);
  if (taken > 0)
    asked_[peer] += static_cast<std::uint32_t>(taken);
  else
    take_duplicate(peer, peer_has, out);
}

// Blocks that other peers are late with. Removes outdated entries from the list.
std::size_t piece_picker::take_late(peer_key peer, bitfield const& peer_has,
                                    std::size_t count, std::vector<block>& out) {
  std::size_t taken = 0;
  std::erase_if(late_, [&](block const& b) {
    std::uint32_t const n = layout_.index_of(b);
    if (!is_open(b.piece) || !table(b.piece).is_requested(n)) return true;
    if (taken == count || !peer_has[b.piece] || pieces_[b.piece].suspect ||
        table(b.piece).asked_of(n, peer))
      return false;
    table(b.piece).take_duplicate(n, peer);
    out.push_back(b);
    ++taken;
    return true;
  });
  return taken;
}

// Free blocks of open pieces. of_others: of pieces that other peers work on; otherwise of
// this peer's own pieces and of those without an owner.
std::size_t piece_picker::take_open(peer_key peer, bitfield const& peer_has,
                                    std::size_t count, std::vector<block>& out,
                                    bool of_others) {
  std::size_t taken = 0;
  // Backwards: when a piece has no free block left, the last one takes its place.
  for (std::size_t n = queued_.size(); n-- > 0 && taken < count;) {
    piece_index const i = queued_[n];
    block_table& blocks = table(i);
    bool const free_to_own = blocks.owner() == block_table::no_peer;
    if ((free_to_own || blocks.owner() == peer) == of_others || !peer_has[i]) continue;
    if (of_others && pieces_[i].suspect) continue;
    if (free_to_own) blocks.set_owner(peer);
    taken += take(i, peer, count - taken, out);
  }
  return taken;
}

std::size_t piece_picker::take_new(peer_key peer, bitfield const& peer_has,
                                   std::size_t count, std::vector<block>& out) {
  std::size_t taken = 0;
  while (taken < count && may_open()) {
    std::optional<piece_index> const i = choose(peer_has);
    if (!i) break;
    open(*i, peer);
    taken += take(*i, peer, count - taken, out);
  }
  return taken;
}

std::size_t piece_picker::take(piece_index i, peer_key peer, std::size_t count,
                               std::vector<block>& out) {
  block_table& blocks = table(i);
  std::size_t taken = 0;
  for (; taken < count && blocks.free() > 0; ++taken)
    out.push_back(layout_.block_at(i, blocks.take(peer)));
  requested_ += taken;
  if (blocks.free() == 0) move_to(i, piece_state::in_flight);
  return taken;
}

std::optional<piece_index> piece_picker::choose(bitfield const& peer_has) {
  auto as_piece = [](std::size_t i) { return static_cast<piece_index>(i); };
  std::optional<std::size_t> const first = first_common(missing_, peer_has);
  if (!first) return std::nullopt;
  if (sequential_) return as_piece(*first);
  // hole 7.3: a random piece first, then the rarest
  if (first_verified_) return swarm_.rarest(peer_has);
  auto const any = first_common(missing_, peer_has, random_.below(pieces_.size()));
  return as_piece(any ? *any : *first);
  // end hole 7.3
}

// One block that other peers were asked for: the one with the fewest askers. Ties are
// broken at random, so that idle peers do not all take the same block.
void piece_picker::take_duplicate(peer_key peer, bitfield const& peer_has,
                                  std::vector<block>& out) {
  if (requested(peer) > 0 || (may_open() && !in_endgame())) return;
  std::size_t fewest = ~std::size_t{0}, ties = 0;
  block best;
  for (piece_index const i : open_) {
    if (!peer_has[i] || table(i).requested() == 0 || pieces_[i].suspect) continue;
    for (std::uint32_t n = 0; n < table(i).size(); ++n) {
      if (!table(i).is_requested(n)) continue;
      std::size_t const askers = table(i).askers(n);
      if (askers < fewest) ties = 0;
      if (askers > fewest || random_.below(++ties) != 0) continue;
      fewest = askers;
      best = layout_.block_at(i, n);
    }
  }
  if (best.length == 0) return;
  table(best.piece).take_duplicate(layout_.index_of(best), peer);
  ++asked_[peer];
  out.push_back(best);
}

} // namespace cotorra::piece
