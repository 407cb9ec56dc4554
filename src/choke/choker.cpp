#include "choke/choker.hpp"
#include <algorithm>
#include <functional>

namespace cotorra::choke {
namespace {

using candidates = std::vector<choke_candidate>;
using keys = std::vector<peer_key>;

bool contains(keys const& all, peer_key k) { return std::ranges::count(all, k) != 0; }

bool may_use_slot(choke_candidate const& c) { return c.interested && !c.wastes; }
bool wastes_slot(choke_candidate const& c) { return c.interested && c.wastes; }

template <class Keep> candidates only(candidates const& all, Keep keep) {
  candidates out;
  std::ranges::copy_if(all, std::back_inserter(out), keep);
  return out;
}

// Takes the peers that gave us most out of `pool`, best first.
keys take_earners(candidates& pool, std::size_t most) {
  auto const earns = [](choke_candidate const& c) { return c.rate > 0 && !c.snubbed; };
  // hole 5.3: sort the earners to the front, best first
  auto const better = [&](choke_candidate const& a, choke_candidate const& b) {
    return earns(a) != earns(b) ? earns(a) : a.rate > b.rate;
  };
  std::ranges::stable_sort(pool, better);
  // end hole 5.3
  auto const count = static_cast<std::size_t>(std::ranges::count_if(pool, earns));
  auto const end = pool.begin() + static_cast<std::ptrdiff_t>(std::min(count, most));
  keys out;
  for (auto c = pool.begin(); c != end; ++c) out.push_back(c->key);
  pool.erase(pool.begin(), end);
  return out;
}

} // namespace

keys choker::choose(time_point now, candidates const& all) {
  if (options_.slots == 0) return {};
  if (seeding_) {
    double rate = 0;
    for (choke_candidate const& c : all) rate += c.rate;
    seed_slots_.look(rate);
  }
  candidates const wasters = only(all, wastes_slot);
  std::size_t const more = slots_and(wasters);
  if (seeding_) return in_turns(now, all, more);
  keys out = tit_for_tat(now, only(all, may_use_slot), more);
  for (bool const unchoked : {true, false}) // slots that no other peer wants
    for (choke_candidate const& c : wasters)
      if (c.unchoked == unchoked && out.size() < options_.slots) {
        out.push_back(c.key);
        lucky_.push_back(c.key);
      }
  return out;
}

// The slots, and one more for each that is wasted: a waster takes little bandwidth or
// none, so there is room for two others.
std::size_t choker::slots_and(candidates const& wasters) const {
  if (uplink_full_) return slots();
  auto const wasted = static_cast<std::size_t>(
      std::ranges::count_if(wasters, &choke_candidate::unchoked));
  return slots() + std::min(wasted, choker_options::unlimited - slots());
}

keys choker::tit_for_tat(time_point now, candidates pool, std::size_t slots) {
  keys out = take_earners(pool, options_.slots - 1);
  std::size_t const luck = std::min(slots - out.size(), pool.size());
  auto const was_lucky = [&](choke_candidate const& c) {
    return contains(lucky_, c.key);
  };
  candidates const others = only(pool, std::not_fn(was_lucky));
  keys kept;
  for (choke_candidate const& c : only(pool, was_lucky)) kept.push_back(c.key);

  if (now >= redraw_at_) { // peers that were lucky last come last
    // hole 5.4: draw the optimistic unchokes again
    redraw_at_ = now + options_.optimistic_round;
    lucky_ = draw(now, others, luck);
    lucky_.insert(lucky_.end(), kept.begin(), kept.end());
    lucky_.resize(luck);
    // end hole 5.4
  } else {
    lucky_ = std::move(kept);
    lucky_.resize(std::min(lucky_.size(), luck));
    keys const more = draw(now, others, luck - lucky_.size());
    lucky_.insert(lucky_.end(), more.begin(), more.end());
  }
  out.insert(out.end(), lucky_.begin(), lucky_.end());
  return out;
}

keys choker::draw(time_point now, candidates pool, std::size_t n) {
  auto const lots = [&](choke_candidate const& c) {
    return now - c.connected_at < options_.newcomer_for ? options_.newcomer_lots : 1;
  };
  std::uint64_t all_lots = 0;
  for (choke_candidate const& c : pool) all_lots += lots(c);
  keys out;
  while (out.size() < n && !pool.empty()) {
    std::uint64_t lot = random_.below(all_lots);
    auto winner = pool.begin();
    for (; lot >= lots(*winner); ++winner) lot -= lots(*winner);
    all_lots -= lots(*winner);
    out.push_back(winner->key);
    pool.erase(winner);
  }
  return out;
}

keys choker::in_turns(time_point now, candidates const& all, std::size_t most) {
  keep_turns(now, all);
  keys out = next_turns(now, only(all, may_use_slot), most);
  std::size_t const left = slots() - std::min(out.size(), slots());
  keys const wasters = next_turns(now, only(all, wastes_slot), left);
  out.insert(out.end(), wasters.begin(), wasters.end());
  for (choke_candidate const& c : all) {
    turn& t = turns_[c.key];
    bool const chosen = contains(out, c.key);
    if (chosen && !has_turn(now, c.key)) t = {now, true, t.ended};
    if (!chosen && t.running) t = {{}, false, now};
  }
  return out;
}

// Forgets peers that have left, and ends the turns of peers that want no more. The turn
// of a peer that was unchoked before we became a seed begins now.
void choker::keep_turns(time_point now, candidates const& all) {
  std::map<peer_key, turn> present;
  for (choke_candidate const& c : all) {
    auto const known = turns_.find(c.key);
    turn t =
        known != turns_.end() ? known->second : turn{now, c.unchoked, c.connected_at};
    if (t.running && turn_is_over(now, c.key)) t.ended = now;
    if (t.running && !c.interested) t = {{}, false, now};
    present[c.key] = t;
  }
  turns_ = std::move(present);
}

// Peers in their turn first, the fastest of them first; then the longest wait.
keys choker::next_turns(time_point now, candidates pool, std::size_t n) {
  auto const before = [&](choke_candidate const& a, choke_candidate const& b) {
    bool const a_has = has_turn(now, a.key), b_has = has_turn(now, b.key);
    if (a_has != b_has) return a_has;
    time_point const since_a = turns_[a.key].ended, since_b = turns_[b.key].ended;
    return !a_has && since_a != since_b ? since_a < since_b : a.rate > b.rate;
  };
  std::ranges::stable_sort(pool, before);
  keys out;
  for (choke_candidate const& c : pool)
    if (out.size() < n) out.push_back(c.key);
  return out;
}

bool choker::has_turn(time_point now, peer_key k) const {
  auto const t = turns_.find(k);
  return t != turns_.end() && t->second.running && !turn_is_over(now, k);
}

bool choker::turn_is_over(time_point now, peer_key k) const {
  auto const t = turns_.find(k);
  return t != turns_.end() && now - t->second.began >= options_.turn;
}

keys choker::fill(time_point now, candidates const& all) {
  auto const served = [](choke_candidate const& c) { return c.interested && c.unchoked; };
  auto const waits = [](choke_candidate const& c) { return c.interested && !c.unchoked; };
  std::size_t room = slots_and(only(all, wastes_slot));
  candidates waiting = only(only(all, waits), may_use_slot);
  candidates taken = only(only(all, served), may_use_slot);
  if (waiting.empty()) { // wasters keep what they have, and get what is left
    room = slots();
    waiting = only(all, waits);
    taken = only(all, served);
  }
  std::size_t const free = room - std::min(room, taken.size());
  if (free == 0) return {};
  if (seeding_) {
    keep_turns(now, all);
    keys const next = next_turns(now, waiting, free);
    for (peer_key k : next) turns_[k] = {now, true, turns_[k].ended};
    return next;
  }
  keys out = take_earners(waiting, free);
  keys const drawn = draw(now, waiting, free - out.size());
  lucky_.insert(lucky_.end(), drawn.begin(), drawn.end());
  out.insert(out.end(), drawn.begin(), drawn.end());
  return out;
}

void hold_round(choker& machine, time_point now, choker::host& peers) {
  candidates const all = peers.candidates(now);
  keys const chosen = machine.choose(now, all);
  // hole 5.5: tell only what changes, chokes first
  for (choke_candidate const& c : all)
    if (c.unchoked && !contains(chosen, c.key)) peers.choke(c.key);
  for (choke_candidate const& c : all)
    if (!c.unchoked && contains(chosen, c.key)) peers.unchoke(c.key);
  // end hole 5.5
}

void fill_free_slots(choker& machine, time_point now, choker::host& peers) {
  for (peer_key k : machine.fill(now, peers.candidates(now))) peers.unchoke(k);
}

} // namespace cotorra::choke
