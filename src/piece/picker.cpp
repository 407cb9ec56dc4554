#include "piece/picker.hpp"
#include "piece/common_bits.hpp"
#include <algorithm>
#include <cassert>

namespace cotorra::piece {

piece_picker::piece_picker(piece_layout const& layout, random_source& random)
    : layout_(layout), random_(random), swarm_(layout.piece_count(), random),
      pieces_(layout.piece_count()), have_(layout.piece_count()),
      lacking_(layout.piece_count(), true), missing_(layout.piece_count(), true) {
  for (piece_index i = 0; i < layout.piece_count(); ++i) swarm_.insert(i);
}

void piece_picker::add_peer(bitfield const& has) { swarm_.add_peer(has); }
void piece_picker::remove_peer(bitfield const& has) { swarm_.remove_peer(has); }
void piece_picker::peer_got(piece_index i) { swarm_.peer_got(i); }

// --- states ---------------------------------------------------------------------------

void piece_picker::leave(piece_index i) {
  piece_info& info = pieces_[i];
  assert(info.state != piece_state::have); // a final state
  if (info.state == piece_state::missing) {
    swarm_.erase(i);
    missing_.reset(i);
  } else if (info.state == piece_state::queued) {
    assert(queued_[info.queue] == i);
    pieces_[queued_.back()].queue = info.queue;
    queued_[info.queue] = queued_.back();
    queued_.pop_back();
  }
}

void piece_picker::move_to(piece_index i, piece_state next) {
  leave(i);
  piece_info& info = pieces_[i];
  info.state = next;
  if (next == piece_state::missing) {
    swarm_.insert(i);
    missing_.set(i);
  } else if (next == piece_state::queued) {
    info.queue = static_cast<std::uint32_t>(queued_.size());
    queued_.push_back(i);
  } else if (next == piece_state::have) {
    have_.set(i);
    lacking_.reset(i);
  }
}

void piece_picker::open(piece_index i, peer_key owner) {
  if (free_tables_.empty()) {
    free_tables_.push_back(static_cast<std::uint32_t>(tables_.size()));
    tables_.emplace_back();
  }
  piece_info& info = pieces_[i];
  info.slot = free_tables_.back();
  free_tables_.pop_back();
  info.spot = static_cast<std::uint32_t>(open_.size());
  open_.push_back(i);
  tables_[info.slot].reset(i, layout_.block_count(i), owner);
  move_to(i, piece_state::queued);
}

void piece_picker::close(piece_index i, piece_state next) {
  block_table const& blocks = table(i);
  for (std::uint32_t n = 0; blocks.requested() > 0 && n < blocks.size(); ++n)
    if (blocks.is_requested(n)) {
      --requested_;
      blocks.for_each_asker(n, [this](peer_key p) { one_less(p); });
    }
  std::erase_if(late_, [i](block const& b) { return b.piece == i; });
  piece_info const& info = pieces_[i];
  free_tables_.push_back(info.slot);
  pieces_[open_.back()].spot = info.spot;
  open_[info.spot] = open_.back();
  open_.pop_back();
  move_to(i, next);
}

void piece_picker::mark_have(piece_index i) {
  first_verified_ = true;
  pieces_[i].suspect = false;
  if (is_open(i))
    close(i, piece_state::have);
  else if (pieces_[i].state != piece_state::have)
    move_to(i, piece_state::have);
}

void piece_picker::lost(piece_index i) {
  piece_info& info = pieces_[i];
  if (info.state != piece_state::have) return;
  have_.reset(i);
  info.state = piece_state::not_needed;
  if (!info.wanted) return;
  lacking_.set(i);
  move_to(i, piece_state::missing);
}

void piece_picker::set_wanted(piece_index i, bool wanted) {
  piece_info& info = pieces_[i];
  info.wanted = wanted;
  if (info.state == piece_state::have) return;
  wanted ? lacking_.set(i) : lacking_.reset(i);
  if (!is_open(i) && info.state != idle_state(i)) move_to(i, idle_state(i));
}

void piece_picker::forget(peer_key peer) {
  for (piece_index const i : open_)
    if (table(i).owner() == peer) table(i).set_owner(block_table::no_peer);
}

bool piece_picker::complete(piece_index i) const {
  return is_open(i) && table(i).arrived() == table(i).size();
}

void piece_picker::verified(piece_index i) {
  assert(complete(i));
  mark_have(i);
}

void piece_picker::failed(piece_index i) {
  assert(complete(i));
  pieces_[i].suspect = true;
  close(i, idle_state(i));
}

void piece_picker::drop(piece_index i) {
  if (is_open(i)) close(i, idle_state(i));
}

std::optional<peer_key> piece_picker::owner(piece_index i) const {
  if (!is_open(i) || table(i).owner() == block_table::no_peer) return std::nullopt;
  return table(i).owner();
}

// --- blocks ---------------------------------------------------------------------------

arrival piece_picker::arrived(peer_key peer, block const& b) {
  if (!layout_.is_whole_block(b)) return arrival::unrequested;
  if (pieces_[b.piece].state == piece_state::have) return arrival::duplicate;
  if (!is_open(b.piece)) return arrival::unrequested;
  block_table& blocks = table(b.piece);
  std::uint32_t const n = layout_.index_of(b);
  if (blocks.has_arrived(n)) return arrival::duplicate;
  if (!blocks.is_requested(n) || !blocks.asked_of(n, peer)) return arrival::unrequested;
  blocks.for_each_asker(n, [this](peer_key p) { one_less(p); });
  blocks.set_arrived(n);
  --requested_;
  return arrival::wanted;
}

void piece_picker::others_of(block const& b, peer_key peer,
                             std::vector<peer_key>& out) const {
  if (!layout_.is_whole_block(b) || !is_open(b.piece)) return;
  table(b.piece).for_each_asker(layout_.index_of(b), [&](peer_key p) {
    if (p != peer) out.push_back(p);
  });
}

void piece_picker::give_back(peer_key peer, block const& b) {
  if (!layout_.is_whole_block(b) || !is_open(b.piece)) return;
  block_table& blocks = table(b.piece);
  std::uint32_t const n = layout_.index_of(b);
  if (!blocks.is_requested(n) || !blocks.asked_of(n, peer)) return;
  blocks.give_back(n, peer);
  one_less(peer);
  if (blocks.is_requested(n)) return; // from another peer
  --requested_;
  std::erase(late_, b);
  if (blocks.owner() == peer) blocks.set_owner(block_table::no_peer);
  if (blocks.free() == blocks.size())
    close(b.piece, idle_state(b.piece));
  else if (pieces_[b.piece].state == piece_state::in_flight)
    move_to(b.piece, piece_state::queued);
}

void piece_picker::late(peer_key peer, block const& b) {
  if (!layout_.is_whole_block(b) || !is_open(b.piece)) return;
  block_table& blocks = table(b.piece);
  std::uint32_t const n = layout_.index_of(b);
  if (!blocks.is_requested(n) || !blocks.asked_of(n, peer)) return;
  if (blocks.owner() == peer && !pieces_[b.piece].suspect)
    blocks.set_owner(block_table::no_peer);
  if (std::ranges::find(late_, b) == late_.end()) late_.push_back(b);
}

void piece_picker::one_less(peer_key peer) {
  auto const found = asked_.find(peer);
  assert(found != asked_.end());
  if (--found->second == 0) asked_.erase(found);
}

std::size_t piece_picker::requested(peer_key peer) const {
  auto const found = asked_.find(peer);
  return found == asked_.end() ? 0 : found->second;
}

// --- questions ------------------------------------------------------------------------

bool piece_picker::interesting(bitfield const& peer_has) const {
  return first_common(peer_has, lacking_).has_value();
}

bool piece_picker::in_endgame() const {
  if (requested_ == 0 || swarm_.any_available()) return false;
  return std::none_of(queued_.begin(), queued_.end(),
                      [this](piece_index i) { return availability(i) > 0; });
}

} // namespace cotorra::piece
