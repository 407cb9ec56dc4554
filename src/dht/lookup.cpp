#include "dht/lookup.hpp"
#include "dht/same_place.hpp"
#include <algorithm>

namespace cotorra::dht {

namespace {
constexpr std::size_t most_of_a_place = 2; // the second one, if the first does not answer
}

void lookup::add_entrance(endpoint const& at) {
  if (!find(at) && !std::ranges::count(entrances_, at, &entrance::at))
    entrances_.push_back({at});
}

bool lookup::add(contact const& c, unsigned hop) {
  auto const here = [&](candidate const& other) {
    return same_place(other.node.at, c.at, addresses_shared_);
  };
  if (find(c.at)) return false;
  auto const of_place = std::ranges::count_if(candidates_, here);
  if (static_cast<std::size_t>(of_place) >= most_of_a_place || !make_room(c))
    return false;
  candidates_.insert(place_for(c.id),
                     {c, hop, state::fresh, belongs_to(c.id, c.at.address)});
  return true;
}

// When too many are in mind, the farthest that is not asked goes.
bool lookup::make_room(contact const& c) {
  if (candidates_.size() < most_kept) return true;
  auto const idle = [](candidate const& o) {
    return o.is == state::fresh || o.is == state::failed;
  };
  auto const out = std::find_if(candidates_.rbegin(), candidates_.rend(), idle);
  if (out == candidates_.rend() || closer(out->node.id, c.id, target_)) return false;
  candidates_.erase(std::next(out).base());
  return true;
}

std::vector<lookup::candidate>::iterator lookup::place_for(node_id const& id) {
  return std::ranges::partition_point(candidates_, [&](candidate const& other) {
    return !closer(id, other.node.id, target_);
  });
}

lookup::candidate* lookup::find(endpoint const& at) {
  auto const it = std::ranges::find_if(
      candidates_, [&](candidate const& c) { return c.node.at == at; });
  return it == candidates_.end() ? nullptr : &*it;
}

// A fresh one's by another that is being asked or has answered; that of one that has
// answered by a nearer one.
bool lookup::place_is_taken(candidate const& c) const {
  bool const is_fresh = c.is == state::fresh;
  if (!is_fresh && c.is != state::answered) return false;
  for (candidate const& other : candidates_) {
    if (!is_fresh && &other == &c) return false;
    bool const holds =
        other.is == state::answered || (is_fresh && other.is == state::asked);
    if (holds && same_place(other.node.at, c.node.at, addresses_shared_)) return true;
  }
  return false;
}

// The places in candidates_ of those that have to answer before the search is over.
std::vector<std::size_t> lookup::wanted() const {
  std::vector<std::size_t> all;
  std::size_t belonging = 0, others = 0;
  for (std::size_t i = 0; i < candidates_.size() && belonging < k; ++i) {
    candidate const& c = candidates_[i];
    if (c.is == state::failed || c.is == state::late) continue;
    if ((!c.belongs && others == k) || place_is_taken(c)) continue;
    ++(c.belongs ? belonging : others);
    all.push_back(i);
  }
  return all;
}

std::size_t lookup::under_way() const {
  return static_cast<std::size_t>(
      std::ranges::count(candidates_, state::asked, &candidate::is) +
      std::ranges::count(entrances_, state::asked, &entrance::is));
}

void lookup::lose_patience(time_point now) {
  auto const look = [&](auto& asked) {
    if (asked.is == state::asked && now - asked.sent >= patience) asked.is = state::late;
  };
  for (candidate& c : candidates_) look(c);
  for (entrance& e : entrances_) look(e);
}

std::vector<lookup::to_ask> lookup::next(time_point now) {
  std::vector<to_ask> all;
  lose_patience(now);
  std::size_t busy = under_way();
  auto const ask = [&](auto& whom) {
    whom.is = state::asked;
    whom.sent = now;
    ++busy;
    ++asked_;
  };
  while (busy < alpha && asked_ < most_asked) {
    auto const all_wanted = wanted(); // after each, since one may take another's place
    auto const free = std::ranges::find_if(
        all_wanted, [&](std::size_t i) { return candidates_[i].is == state::fresh; });
    if (free == all_wanted.end()) break;
    candidate& c = candidates_[*free];
    ask(c);
    all.push_back({c.node.at, c.node.id, c.hop});
  }
  for (entrance& e : entrances_) {
    if (busy >= alpha || asked_ >= most_asked) break;
    if (e.is != state::fresh) continue;
    ask(e);
    all.push_back({e.at, std::nullopt, 1});
  }
  return all;
}

time_point lookup::due() const {
  time_point first = time_point::max();
  auto const look = [&](auto const& asked) {
    if (asked.is == state::asked) first = std::min(first, asked.sent + patience);
  };
  for (candidate const& c : candidates_) look(c);
  for (entrance const& e : entrances_) look(e);
  return first;
}

lookup::news lookup::answered(endpoint const& from, answer const& a) {
  unsigned const hop = settle(from, a);
  if (hop == 0) return {};
  ++answers_;
  return learn(from.address, a, hop);
}

// 0: that node was not asked.
unsigned lookup::settle(endpoint const& from, answer const& a) {
  candidate now{{a.id, from}, 1, state::answered, belongs_to(a.id, from.address)};
  now.token = a.token;
  if (candidate const* const c = find(from)) {
    if (c->is != state::asked && c->is != state::late) return 0;
    now.hop = c->hop;
    candidates_.erase(candidates_.begin() + (c - candidates_.data()));
  } else {
    auto const e = std::ranges::find(entrances_, from, &entrance::at);
    if (e == entrances_.end() || e->is == state::fresh) return 0;
    entrances_.erase(e);
  }
  candidates_.insert(place_for(a.id), now);
  return now.hop;
}

// An address of our own network means another host where a stranger is: only a node of
// our network may name it.
lookup::news lookup::learn(ip_address const& teller, answer const& a, unsigned hop) {
  news out{hop, 0, {}};
  std::vector<contact> told = a.nodes;
  std::ranges::sort(told, [&](contact const& x, contact const& y) {
    return closer(x.id, y.id, target_);
  });
  if (told.size() > most_told) told.resize(most_told);
  for (contact const& c : told)
    if (c.at.address.means_the_same_at(teller)) out.new_nodes += add(c, hop + 1);
  for (endpoint const& p : a.peers)
    if (p.port != 0 && p.address.means_the_same_at(teller) &&
        peers_.size() < most_peers && peers_.insert(p).second)
      out.new_peers.push_back(p);
  return out;
}

unsigned lookup::failed(endpoint const& at) {
  candidate* const c = find(at);
  if (c && (c->is == state::asked || c->is == state::late)) {
    c->is = state::failed;
    return c->hop;
  }
  auto const of_it = [&](entrance const& e) {
    return e.at == at && e.is != state::fresh;
  };
  return std::erase_if(entrances_, of_it) != 0 ? 1 : 0;
}

bool lookup::done() const {
  bool const may_ask = asked_ < most_asked;
  auto const waits = [&](auto const& x) {
    return x.is == state::asked || (x.is == state::fresh && may_ask);
  };
  std::size_t belonging = 0;
  for (std::size_t i : wanted()) {
    if (waits(candidates_[i])) return false;
    belonging += candidates_[i].belongs && candidates_[i].is == state::answered;
  }
  if (belonging >= k) return true;
  // there may be more: from an entrance, or from a node that is late
  return std::ranges::none_of(
             entrances_,
             [&](entrance const& e) { return waits(e) || e.is == state::late; }) &&
         !std::ranges::count(candidates_, state::late, &candidate::is);
}

std::vector<lookup::found_node> lookup::nearest() const {
  std::vector<found_node> all;
  for (std::size_t i : wanted()) {
    candidate const& c = candidates_[i];
    if (c.is == state::answered) all.push_back({c.node, c.hop, c.token});
  }
  return all;
}

unsigned lookup::hops() const {
  unsigned most = 0;
  for (found_node const& n : nearest()) most = std::max(most, n.hop);
  return most;
}

} // namespace cotorra::dht
