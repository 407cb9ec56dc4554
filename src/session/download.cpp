#include "session/download.hpp"

namespace cotorra {
namespace {

constexpr duration first_patience = 5s;
constexpr duration longest_patience = 5min; // or what the piece takes at a slow pace
constexpr std::uint32_t slow_pace = 4096;   // bytes per second

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
  std::shared_ptr<open_piece> piece = opened(b.piece);
  piece->write_block(b, data, from);
  if (picker_.complete(b.piece)) {
    open_.erase(b.piece);
    gate_.entered(layout_.size(b.piece));
    group.spawn(finish(std::move(piece)), "finish piece");
  }
  return what;
}

std::shared_ptr<open_piece> download::opened(piece_index i) {
  auto found = open_.find(i);
  if (found == open_.end()) {
    try {
      auto fresh = std::make_shared<open_piece>(layout_, i, pool_);
      found = open_.emplace(i, std::move(fresh)).first;
    } catch (...) { // no memory: the block that came counts as here, and is not
      picker_.drop(i);
      throw;
    }
    note(i, io::piece_event::started);
  }
  return found->second;
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
    suspects_.try_emplace(i, suspect{{}, {}, first_patience, world_.clock.now(), {}});
    audience_.piece_failed();
    return;
  }
  picker_.verified(i);
  suspects_.erase(i);
  note(i, io::piece_event::verified);
  for (offender const& o : blame_.verified(piece)) audience_.peer_poisoned(o);
  audience_.piece_verified(i);
}

void download::note(piece_index i, io::piece_event what) {
  if (world_.observer) world_.observer->piece(info_.hash, i, what);
}

void download::drop_open_pieces() {
  for (auto const& [i, piece] : open_) picker_.drop(i);
  open_.clear();
}

void download::take_from_owner(piece_index i, peer_key next) {
  suspect& s = suspects_.at(i);
  if (auto const owner = picker_.owner(i)) s.tried.insert(*owner);
  s.tried.insert(next); // also if it never becomes the owner
  s.owner.reset();
  picker_.drop(i);
  open_.erase(i);
}

bool download::may_try(piece_index i, peer_key who, time_point connected_at) const {
  suspect const& s = suspects_.at(i);
  return connected_at <= s.round_began && !s.tried.contains(who);
}

void download::begin_round(piece_index i) {
  suspect& s = suspects_.at(i);
  s.tried.clear();
  s.round_began = world_.clock.now();
  duration const slow = std::chrono::seconds(layout_.size(i) / slow_pace);
  s.patience = std::min(2 * s.patience, std::max(longest_patience, slow));
}

std::vector<piece_index> download::held_suspects() {
  time_point const now = world_.clock.now();
  std::vector<piece_index> held;
  std::erase_if(suspects_, [&](auto const& s) { return !picker_.is_suspect(s.first); });
  for (auto& [i, s] : suspects_) {
    auto const owner = picker_.owner(i);
    if (std::exchange(s.owner, owner) != owner) s.since = now;
    if (owner && now - s.since >= s.patience && !picker_.complete(i)) held.push_back(i);
  }
  return held;
}

} // namespace cotorra
