#include "dht/routing_table.hpp"
#include <algorithm>
#include <utility>

namespace cotorra::dht {
namespace {

auto find(auto& row, contact const& c) {
  return std::ranges::find_if(row, [&c](auto const& e) { return e.node == c; });
}
void forget(std::vector<contact>& spare, contact const& c) { std::erase(spare, c); }

} // namespace

routing_table::entry routing_table::fresh(contact const& c, time_point now) {
  return {c, now + quiet, 0, false, belongs_to(c.id, c.at.address)};
}

std::size_t routing_table::index_of(node_id const& id) const {
  return std::min<std::size_t>(common_bits(own_, id), buckets_.size() - 1);
}

void routing_table::answered(contact const& c, time_point now) {
  if (c.id == own_) return;
  bucket& b = bucket_of(c.id);
  b.changed = now;
  entry const seen = fresh(c, now);
  if (auto const it = find(b.nodes, c); it != b.nodes.end()) {
    *it = seen;
    return;
  }
  forget(b.spare, c);
  while (!take(seen)) {
    if (!splits(bucket_of(c.id))) return keep_spare(bucket_of(c.id), c);
    split();
  }
}

// False: its bucket is full of others. A node in place of which it would come, and that
// is no worse, keeps the place: one that has been here for long will be here for longer.
bool routing_table::take(entry const& e) {
  bucket& b = bucket_of(e.node.id);
  auto const rival = std::ranges::find_if(b.nodes, [&](entry const& other) {
    return other.node.id == e.node.id || same_place(other.node.at, e.node.at);
  });
  if (rival != b.nodes.end()) {
    // the same endpoint with another id: that node has begun anew
    if (rival->bad() || rival->node.at == e.node.at) *rival = e;
    return true;
  }
  if (b.nodes.size() < k) {
    b.nodes.reserve(k);
    b.nodes.push_back(e);
    return true;
  }
  auto const out = weakest(b, e);
  if (out == b.nodes.end()) return false;
  *out = e;
  return true;
}

// A bad one, or else one whose id does not belong to its address, if this one's does.
routing_table::row::iterator routing_table::weakest(bucket& b, entry const& than) {
  auto const bad = std::ranges::find_if(b.nodes, &entry::bad);
  if (bad != b.nodes.end() || !than.belongs) return bad;
  return std::ranges::find(b.nodes, false, &entry::belongs);
}

bool routing_table::splits(bucket const& b) const {
  return &b == &buckets_.back() && buckets_.size() < id_bits;
}

void routing_table::split() {
  std::size_t const last = buckets_.size() - 1;
  buckets_.emplace_back();
  bucket &near = buckets_[last + 1], &far = buckets_[last];
  near.changed = far.changed;
  auto const move_near = [&](auto& from, auto& to, auto id_of_one) {
    auto const moving = std::ranges::stable_partition(
        from, [&](auto const& one) { return index_of(id_of_one(one)) == last; });
    to.assign(moving.begin(), moving.end());
    from.erase(moving.begin(), moving.end());
  };
  move_near(far.nodes, near.nodes, [](entry const& e) { return e.node.id; });
  move_near(far.spare, near.spare, [](contact const& c) { return c.id; });
  fill_from_spare(far);
  fill_from_spare(near);
}

void routing_table::keep_spare(bucket& b, contact const& c) {
  std::erase_if(b.spare, [&](contact const& other) {
    return other.id == c.id || same_place(other.at, c.at);
  });
  if (b.spare.size() == k) b.spare.erase(b.spare.begin());
  b.spare.push_back(c);
}

// Bad nodes without a successor stay: after a time without a network all are bad, and
// they are the way back. A successor is checked before it is told to others.
void routing_table::fill_from_spare(bucket& b) {
  while (!b.spare.empty()) {
    auto const out = std::ranges::find_if(b.nodes, &entry::bad);
    if (out == b.nodes.end() && b.nodes.size() == k) return;
    entry next = fresh(b.spare.back(), time_point{});
    next.is_checked = true;
    next.check_at = time_point{};
    b.spare.pop_back();
    if (out != b.nodes.end())
      *out = next;
    else
      b.nodes.push_back(next);
  }
}

void routing_table::asked(contact const& c, time_point now) {
  bucket& b = bucket_of(c.id);
  auto const it = find(b.nodes, c);
  if (it == b.nodes.end() || it->failures != 0) return;
  it->check_at = now + quiet;
  it->is_checked = false;
}

void routing_table::failed(contact const& c, time_point now) {
  bucket& b = bucket_of(c.id);
  forget(b.spare, c);
  auto const it = find(b.nodes, c);
  if (it == b.nodes.end() || it->bad()) return;
  ++it->failures;
  it->is_checked = false;
  it->check_at = it->bad() ? time_point::max() : now + second_try;
  fill_from_spare(b);
}

void routing_table::gone(contact const& c) {
  bucket& b = bucket_of(c.id);
  forget(b.spare, c);
  if (auto const it = find(b.nodes, c); it != b.nodes.end()) b.nodes.erase(it);
  fill_from_spare(b);
}

bool routing_table::knows(contact const& c) const {
  bucket const& b = bucket_of(c.id);
  return find(b.nodes, c) != b.nodes.end();
}

bool routing_table::wants(contact const& c) const {
  if (c.id == own_) return false;
  bucket const& b = bucket_of(c.id);
  auto const is_rival = [&](contact const& other) {
    return other.id == c.id || same_place(other.at, c.at);
  };
  auto const holds = [&](entry const& e) { return !e.bad() && is_rival(e.node); };
  if (std::ranges::any_of(b.nodes, holds) || std::ranges::any_of(b.spare, is_rival))
    return false;
  return b.nodes.size() < k || b.spare.size() < k || splits(b) ||
         std::ranges::any_of(b.nodes, &entry::bad);
}

void routing_table::rename(node_id const& own, time_point now) {
  auto const old = std::exchange(buckets_, std::vector<bucket>(1));
  own_ = own;
  for (bucket const& b : old)
    for (entry const& e : b.nodes) {
      if (e.node.id == own_) continue;
      bucket_of(e.node.id).changed = now;
      bool placed = take(e);
      while (!placed && splits(bucket_of(e.node.id))) {
        split();
        placed = take(e);
      }
    }
}

// Nodes that share with us as many bits as the target does, or more, are the nearest to
// it; then each bucket further from us is further from the target as well.
std::vector<contact> routing_table::closest(node_id const& target, std::size_t n,
                                            quality least, time_point now) const {
  std::vector<contact> found;
  std::size_t const home = index_of(target);
  auto const add = [&](bucket const& b) {
    for (entry const& e : b.nodes)
      if (e.is(least, now)) found.push_back(e.node);
  };
  auto const sort_from = [&](std::size_t begin) {
    std::sort(
        found.begin() + static_cast<std::ptrdiff_t>(begin), found.end(),
        [&](contact const& a, contact const& b) { return closer(a.id, b.id, target); });
  };
  add(buckets_[home]);
  sort_from(0);
  if (found.size() < n) {
    std::size_t const so_far = found.size();
    for (std::size_t i = home + 1; i < buckets_.size(); ++i) add(buckets_[i]);
    sort_from(so_far);
  }
  for (std::size_t i = home; i-- > 0 && found.size() < n;) {
    std::size_t const so_far = found.size();
    add(buckets_[i]);
    sort_from(so_far);
  }
  if (found.size() > n) found.resize(n);
  return found;
}

std::vector<contact> routing_table::all() const {
  std::vector<contact> found;
  for (bool const bad : {false, true})
    for (bucket const& b : buckets_)
      for (entry const& e : b.nodes)
        if (e.bad() == bad) found.push_back(e.node);
  return found;
}

std::optional<contact> routing_table::to_check(time_point now) {
  entry* first = nullptr;
  for (bucket& b : buckets_)
    for (entry& e : b.nodes)
      if (!first || e.check_at < first->check_at) first = &e;
  if (!first || first->check_at > now) return std::nullopt;
  first->check_at = now + second_try; // if nothing comes of it
  first->is_checked = true;
  return first->node;
}

std::optional<node_id> routing_table::to_refresh(time_point now, random_source& random) {
  for (std::size_t i = 0; i < buckets_.size(); ++i) {
    bucket& b = buckets_[i];
    if (now - b.changed < quiet) continue;
    b.changed = now;
    auto const bits = static_cast<unsigned>(i);
    bool const is_last = i + 1 == buckets_.size();
    return is_last ? random_id_sharing(own_, bits, random)
                   : random_id_in_bucket(own_, bits, random);
  }
  return std::nullopt;
}

time_point routing_table::due() const {
  time_point first = time_point::max();
  for (bucket const& b : buckets_) {
    first = std::min(first, b.changed + quiet);
    for (entry const& e : b.nodes) first = std::min(first, e.check_at);
  }
  return first;
}

std::vector<routing_table::bucket_status> routing_table::status(time_point now) const {
  std::vector<bucket_status> out;
  for (bucket const& b : buckets_) {
    bucket_status s;
    for (entry const& e : b.nodes)
      ++(e.bad() ? s.bad : e.good(now) ? s.good : s.questionable);
    s.spare = b.spare.size();
    out.push_back(s);
  }
  return out;
}

std::size_t routing_table::size() const {
  std::size_t n = 0;
  for (bucket const& b : buckets_) n += b.nodes.size();
  return n;
}

std::size_t routing_table::good(time_point now) const {
  std::size_t n = 0;
  for (auto const& s : status(now)) n += s.good;
  return n;
}

} // namespace cotorra::dht
