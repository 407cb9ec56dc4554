#include "session/download.hpp"

namespace cotorra {
namespace {

constexpr duration first_patience = 30s;

} // namespace

download::download(io::world w, settings const& s, metainfo const& info,
                   piece_layout const& layout, storage& disk, audience& told)
    : world_(w), layout_(layout), info_(info), storage_(disk), audience_(told),
      open_limit_(s.open_pieces_limit), picker_(layout, w.random),
      gate_(w.executor, s.disk_queue_limit), pool_(s.disk_queue_limit) {}

void download::pick(peer_key peer, bitfield const& has, std::size_t count,
                    std::vector<block>& out) {
  // An open piece costs memory; when much is open, peers help with those before they open
  // more.
  bool const may_open = picker_.open_pieces() * layout_.piece_length() < open_limit_;
  picker_.pick(peer, has, count, out, may_open);
  if (out.empty() && !may_open && picker_.requested(peer) == 0)
    picker_.pick(peer, has, count, out);
}

arrival download::arrived(peer_key peer, endpoint const& from, block b, bytes data,
                          io::task_group& group) {
  arrival const what = picker_.arrived(peer, b);
  if (what != arrival::wanted) {
    redundant_bytes_ += b.length;
    return what;
  }
  std::shared_ptr<open_piece> piece = opened(peer, b.piece);
  piece->write_block(b, data, from);
  if (picker_.complete(b.piece)) {
    open_.erase(b.piece);
    gate_.entered(layout_.size(b.piece));
    group.spawn(finish(std::move(piece)), "finish piece");
  }
  return what;
}

std::shared_ptr<open_piece> download::opened(peer_key by, piece_index i) {
  auto found = open_.find(i);
  if (found == open_.end()) {
    try {
      auto fresh = std::make_shared<open_piece>(layout_, i, pool_);
      found =
          open_.emplace(i, begun_piece{std::move(fresh), by, world_.clock.now()}).first;
    } catch (...) { // no memory: the block that came counts as here, and is not
      picker_.drop(i);
      throw;
    }
    note(i, io::piece_event::started);
  }
  if (std::exchange(found->second.from, by) != by)
    found->second.since = world_.clock.now();
  return found->second.piece;
}

task<> download::finish(std::shared_ptr<open_piece> piece) {
  sha1_digest const expected = info_.pieces[piece->index()];
  piece_result result;
  try {
    result = co_await finish_piece(world_.workers, storage_, piece, expected);
  } catch (std::bad_alloc const&) {
    result.error = std::make_error_code(std::errc::not_enough_memory);
  }
  gate_.left(layout_.size(piece->index()));
  settle(*piece, result);
}

void download::settle(open_piece const& piece, piece_result result) {
  piece_index const i = piece.index();
  if (result.error) {
    picker_.drop(i); // the disk's fault, not a peer's
    audience_.disk_failed(result.error);
    return;
  }
  if (!result.verified) {
    failed_bytes_ += layout_.size(i);
    picker_.failed(i);
    note(i, io::piece_event::failed);
    for (offender const& o : blame_.failed(piece)) audience_.peer_poisoned(o);
    return;
  }
  picker_.verified(i);
  patience_.erase(i);
  note(i, io::piece_event::verified);
  for (offender const& o : blame_.verified(piece)) audience_.peer_poisoned(o);
  audience_.piece_verified(i);
}

void download::note(piece_index i, io::piece_event what) {
  if (world_.observer) world_.observer->piece(info_.hash, i, what);
}

void download::drop_open_pieces() {
  for (auto const& [i, begun] : open_) picker_.drop(i);
  open_.clear();
}

void download::take_from_owner(piece_index i) {
  picker_.drop(i);
  open_.erase(i);
  patience_.try_emplace(i, first_patience).first->second *= 2;
}

std::vector<piece_index> download::held_suspects() const {
  std::vector<piece_index> held;
  for (auto const& [i, begun] : open_) {
    if (!picker_.is_suspect(i)) continue;
    auto const grown = patience_.find(i);
    duration const patience = grown == patience_.end() ? first_patience : grown->second;
    if (world_.clock.now() - begun.since > patience) held.push_back(i);
  }
  return held;
}

} // namespace cotorra
