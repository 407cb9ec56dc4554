#include "extension/info_download.hpp"
#include "base/sha.hpp"
#include <algorithm>

namespace cotorra::extension {
namespace {

constexpr std::size_t most_orphans = 2; // copies that no peer is left to complete

// 2 s, 4 s ... a minute: a peer that rejects may still be learning itself.
duration wait_after(unsigned failures) {
  return std::min<duration>(1s * (1u << std::min(failures, 6u)), 60s);
}

} // namespace

bool info_download::add_peer(peer_key key, std::uint64_t size) {
  if (size == 0 || size > largest) return false;
  auto const [it, fresh] = peers_.try_emplace(key);
  if (!fresh && it->second.size != size) return false;
  it->second.size = size;
  copy& c = copies_[size];
  if (c.pieces.empty()) c.pieces.resize(metadata_pieces(size));
  return true;
}

void info_download::remove_peer(peer_key key) {
  auto const it = peers_.find(key);
  if (it == peers_.end()) return;
  copy& c = copies_.at(it->second.size);
  if (c.only == key) begin_anew(c);
  peers_.erase(it);
  drop_orphans();
}

// A peer may claim any size, and leave. What other peers left is kept for the next one.
void info_download::drop_orphans() {
  auto const is_orphan = [this](auto const& c) {
    return std::ranges::none_of(peers_,
                                [&c](auto const& p) { return p.second.size == c.first; });
  };
  auto orphans = static_cast<std::size_t>(std::ranges::count_if(copies_, is_orphan));
  for (auto it = copies_.begin(); it != copies_.end();) {
    bool const goes = is_orphan(*it) && (orphans > most_orphans || it->second.here == 0);
    if (goes) --orphans;
    it = goes ? copies_.erase(it) : std::next(it);
  }
}

std::vector<info_download::to_ask> info_download::next(time_point now) {
  std::vector<to_ask> all;
  if (done()) return all;
  for (auto& [key, p] : peers_) expire(key, p, now);
  for (auto& [size, c] : copies_)
    if (c.one_giver && !c.only) choose_giver(size, c, now);
  for (auto& [key, p] : peers_) {
    copy const& c = copies_.at(p.size);
    if (!may_give(key, p, c, now)) continue;
    // hole 8.3: ask for what is missing
    while (p.asked.size() < most_asked) {
      auto const piece = free_piece(p.size, c);
      if (!piece) break;
      p.asked.push_back({*piece, now});
      all.push_back({key, *piece});
    }
    // end hole 8.3
  }
  return all;
}

void info_download::expire(peer_key key, peer& p, time_point now) {
  auto const late = [now](request const& r) { return now - r.sent >= timeout; };
  if (std::erase_if(p.asked, late) != 0) failed(key, p, now);
}

// Another peer is to be asked, and this one later.
void info_download::failed(peer_key key, peer& p, time_point now) {
  copy& c = copies_.at(p.size);
  // hole 8.4: leave a peer alone that gave nothing
  ++p.failures;
  p.not_before = now + wait_after(p.failures);
  if (c.only != key) return;
  begin_anew(c);
  p.asked.clear();
  // end hole 8.4
}

bool info_download::may_give(peer_key key, peer const& p, copy const& c,
                             time_point now) const {
  return p.not_before <= now && (!c.one_giver || c.only == key);
}

// Of those that may give all of it, the one that failed least.
void info_download::choose_giver(std::uint64_t size, copy& c, time_point now) {
  auto best = peers_.end();
  for (auto it = peers_.begin(); it != peers_.end(); ++it) {
    peer const& p = it->second;
    if (p.size != size || p.not_before > now) continue;
    if (best == peers_.end() || p.failures < best->second.failures) best = it;
  }
  if (best != peers_.end()) c.only = best->first;
}

std::optional<std::uint32_t> info_download::free_piece(std::uint64_t size,
                                                       copy const& c) const {
  for (std::uint32_t i = 0; i < c.pieces.size(); ++i)
    if (c.pieces[i].empty() && !is_asked(size, i)) return i;
  return std::nullopt;
}

bool info_download::is_asked(std::uint64_t size, std::uint32_t piece) const {
  return std::ranges::any_of(peers_, [&](auto const& entry) {
    auto const& [key, p] = entry;
    return p.size == size &&
           std::ranges::find(p.asked, piece, &request::piece) != p.asked.end();
  });
}

info_download::arrival info_download::data(peer_key from, metadata_message const& m,
                                           time_point) {
  auto const it = peers_.find(from);
  if (done() || it == peers_.end()) return arrival::unasked;
  peer& p = it->second;
  auto const asked = std::ranges::find(p.asked, m.piece, &request::piece);
  if (asked == p.asked.end()) return arrival::unasked;
  p.asked.erase(asked);
  if (m.total_size != p.size || m.block.size() != metadata_length(p.size, m.piece))
    return arrival::absurd;
  copy& c = copies_.at(p.size);
  c.pieces[m.piece].assign(m.block.begin(), m.block.end());
  c.givers.insert(from);
  p.failures = 0;
  if (++c.here < c.pieces.size()) return arrival::taken;
  return judge(from, c);
}

// All pieces of a copy are here.
info_download::arrival info_download::judge(peer_key from, copy& c) {
  buffer whole;
  for (buffer const& piece : c.pieces) append(whole, piece);
  // hole 8.5: judge the whole
  if (sha1(whole).value == hash_.value) {
    info_ = std::move(whole);
    return arrival::proven;
  }
  bool const several = c.givers.size() > 1;
  begin_anew(c);
  if (several) {
    c.one_giver = true;
    return arrival::mixed;
  }
  peers_.at(from).not_before = time_point::max(); // until the caller drops it
  return arrival::lied;
  // end hole 8.5
}

void info_download::begin_anew(copy& c) {
  c.pieces.assign(c.pieces.size(), {});
  c.here = 0;
  c.givers.clear();
  c.only.reset();
}

void info_download::rejected(peer_key key, std::uint32_t piece, time_point now) {
  auto const it = peers_.find(key);
  if (it == peers_.end()) return;
  peer& p = it->second;
  auto const has = [piece](request const& r) { return r.piece == piece; };
  if (std::erase_if(p.asked, has) != 0) failed(key, p, now);
}

info_download::progress info_download::best() const {
  progress out;
  for (auto const& [size, c] : copies_) {
    std::uint64_t const here =
        std::min<std::uint64_t>(size, c.here * std::uint64_t{metadata_piece_size});
    if (here >= out.done) out = {here, size};
  }
  return out;
}

} // namespace cotorra::extension
