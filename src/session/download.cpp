#include "session/download.hpp"
#include <algorithm>

namespace cotorra::session {
namespace {

constexpr std::size_t fewest_open = 2; // pieces, however large
constexpr duration withheld_after = 20s;

} // namespace

download::download(io::world const& w, settings const& s, metainfo::metainfo const& info,
                   piece::piece_layout const& layout, piece::storage& files,
                   shared_disk& disk, host& told)
    : world_(w), layout_(layout), info_(info), hashes_(info.pieces), storage_(files),
      disk_(disk), host_(told), picker_(layout, w.random),
      gate_(w.executor, s.disk_queue_limit) {
  picker_.set_most_open(
      std::max(fewest_open, s.open_pieces_limit / layout.piece_length()));
}

void download::pick(peer_key peer, bitfield const& has, std::size_t count,
                    std::vector<piece::block>& out) {
  picker_.pick(peer, has, count, out);
  if (!out.empty() || picker_.may_open() || picker_.requested(peer) > 0) return;
  if (picker_.interesting(has) && give_up_withheld()) picker_.pick(peer, has, count, out);
}

// True when there is room for another piece now.
bool download::give_up_withheld() {
  time_point const now = world_.clock.now();
  auto const stalest = std::ranges::min_element(
      open_, {}, [](auto const& each) { return each.second.last_block; });
  if (stalest == open_.end() || now - stalest->second.last_block < withheld_after)
    return false;
  drop(stalest->first);
  return picker_.may_open();
}

void download::drop(piece_index i) {
  picker_.drop(i);
  open_.erase(i);
}

piece::arrival download::arrived(peer_key peer, endpoint const& from, piece::block b,
                                 bytes data) {
  piece::arrival const what = picker_.arrived(peer, b);
  if (what == piece::arrival::wanted)
    put(from, b, data);
  else
    redundant_bytes_ += b.length;
  return what;
}

void download::put(endpoint const& from, piece::block b, bytes data) {
  try {
    unfinished& one = opened(b.piece);
    one.piece->write_block(b, data, from);
    one.last_block = world_.clock.now();
  } catch (...) { // no memory: the picker counts the block as here, and it is not
    drop(b.piece);
    throw;
  }
}

download::unfinished& download::opened(piece_index i) {
  auto found = open_.find(i);
  if (found != open_.end()) return found->second;
  auto fresh = std::make_shared<piece::open_piece>(layout_, i, disk_.memory);
  found = open_.emplace(i, unfinished{std::move(fresh), {}}).first;
  note(i, io::piece_event::started);
  return found->second;
}

void download::finish_if_complete(piece_index i, io::task_group& group) {
  auto const found = open_.find(i);
  if (found == open_.end() || !picker_.complete(i)) return;
  std::shared_ptr<piece::open_piece> piece = std::move(found->second.piece);
  open_.erase(found);
  gate_.entered(layout_.size(i));
  group.spawn(finish(std::move(piece)), "finish piece");
}

task<> download::finish(std::shared_ptr<piece::open_piece> piece) {
  piece::piece_result result;
  try {
    result = co_await piece::finish_piece(disk_.lane, storage_, piece, hashes_);
  } catch (std::bad_alloc const&) {
    result.error = std::make_error_code(std::errc::not_enough_memory);
  }
  gate_.left(layout_.size(piece->index()));
  settle(*piece, result);
}

void download::settle(piece::open_piece const& piece, piece::piece_result result) {
  piece_index const i = piece.index();
  if (result.error) {
    picker_.drop(i); // the disk's fault, not a peer's
    host_.disk_failed(result.error);
    return;
  }
  if (!result.verified) {
    failed_bytes_ += layout_.size(i);
    picker_.failed(i);
    note(i, io::piece_event::failed);
    auto const guilty = blame_.failed(piece);
    for (piece::offender const& o : guilty) host_.peer_poisoned(o, i);
    suspects_.add(i, world_.clock.now());
    host_.piece_failed(i, !guilty.empty());
    return;
  }
  picker_.verified(i);
  if (picker_.wanted_left() == 0) disk_.memory.let_go();
  suspects_.clear(i);
  note(i, io::piece_event::verified);
  for (piece::offender const& o : blame_.verified(piece)) host_.peer_poisoned(o, i);
  host_.piece_verified(i);
}

void download::note(piece_index i, io::piece_event what) {
  if (world_.observer) world_.observer->piece(info_.hash, i, what);
}

std::optional<peer_key>
download::hand_on(piece_index i, std::span<piece::suspects::candidate const> idle) {
  auto const next = suspects_.hand_on(i, layout_.size(i), world_.clock.now(), idle);
  if (next) drop(i);
  return next;
}

std::vector<piece_index> download::held_suspects() {
  time_point const now = world_.clock.now();
  std::vector<piece_index> held;
  for (piece_index const i : suspects_.all()) {
    if (!picker_.is_suspect(i)) { // it was found on the disk meanwhile
      suspects_.clear(i);
      continue;
    }
    suspects_.note_owner(i, picker_.owner(i), now);
    if (suspects_.is_held(i, now) && !picker_.complete(i)) held.push_back(i);
  }
  return held;
}

void download::drop_open_pieces() {
  for (auto const& [i, each] : open_) picker_.drop(i);
  open_.clear();
}

} // namespace cotorra::session
