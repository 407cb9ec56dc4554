#include "piece/request_queue.hpp"
#include <algorithm>

namespace cotorra::piece {
namespace {
constexpr duration window = 1s;       // for measuring the rate
constexpr duration request_time = 3s; // how far to ask ahead: hides most round trips
constexpr double growth = 1.1;        // less than this per window is "no growth"
constexpr std::size_t burst = 32;     // requests of a deep queue, in one packet
} // namespace

void request_queue::set_reqq(std::size_t reqq) {
  most_ = std::clamp<std::size_t>(reqq, 1, largest_depth);
  depth_ = std::min(depth_, most_);
}

void request_queue::fix_depth(std::size_t depth) {
  fixed_ = depth;
  set_depth();
}

void request_queue::sent(block const& b, time_point now) {
  if (outstanding_ == 0) {
    // After a pause the old rate means nothing.
    if (now - silent_since_ >= window) {
      window_begin_ = now;
      window_bytes_ = 0;
      rate_ = 0;
      slow_start_ = !snubbed();
    }
    silent_since_ = now;
  }
  snub_.requested(now);
  entries_.push_back({b, now, false});
  ++outstanding_;
}

bool request_queue::arrived(block const& b, time_point now) {
  entry* const e = find(b);
  if (e == nullptr) return false;
  round_trip_ = std::min(round_trip_, now - e->sent);
  answered_ = std::max(answered_, e->sent);
  forget(*e);
  silent_since_ = now;
  window_bytes_ += b.length;
  if (snubbed()) slow_start_ = true;
  snub_.got_block(now, outstanding_ > 0);
  if (slow_start_) ++depth_;
  update(now);
  return true;
}

request_queue::entry* request_queue::find(block const& b) {
  auto const begin = entries_.begin() + static_cast<std::ptrdiff_t>(first_);
  auto const e = std::find_if(begin, entries_.end(),
                              [&b](entry const& each) { return each.what == b; });
  return e == entries_.end() ? nullptr : &*e;
}

// Leaves a gap, so that nothing moves. Gaps are removed once they outnumber the rest.
void request_queue::forget(entry& e) {
  e.what.length = 0;
  --outstanding_;
  while (first_ < entries_.size() && entries_[first_].what.length == 0) ++first_;
  if (entries_.size() <= 2 * outstanding_ + 64) return;
  std::erase_if(entries_, [](entry const& each) { return each.what.length == 0; });
  first_ = 0;
}

bool request_queue::remove(block const& b) {
  entry* const e = find(b);
  if (e == nullptr) return false;
  forget(*e);
  if (outstanding_ == 0) snub_.nothing_open();
  return true;
}

std::vector<block> request_queue::take_all() {
  std::vector<block> all;
  for (std::size_t i = first_; i < entries_.size(); ++i)
    if (entries_[i].what.length != 0) all.push_back(entries_[i].what);
  entries_.clear();
  first_ = outstanding_ = 0;
  snub_.nothing_open();
  return all;
}

std::vector<block> request_queue::blocks_of(piece_index piece) const {
  std::vector<block> found;
  for (std::size_t i = first_; i < entries_.size(); ++i)
    if (entries_[i].what.length != 0 && entries_[i].what.piece == piece)
      found.push_back(entries_[i].what);
  return found;
}

std::vector<block> request_queue::late(time_point now, duration timeout) {
  update(now);
  std::vector<block> found;
  for (std::size_t i = first_; i < entries_.size(); ++i) {
    entry& e = entries_[i];
    if (now - e.sent < timeout) break; // the rest is younger
    if (e.what.length == 0 || e.late) continue;
    e.late = true;
    found.push_back(e.what);
  }
  return found;
}

std::vector<block> request_queue::lost(time_point now) {
  std::vector<block> found;
  for (std::size_t i = first_; i < entries_.size(); ++i) {
    entry const& e = entries_[i];
    if (now - e.sent < request_timeout) break;
    bool const passed_over = e.sent < answered_;
    bool const silent = now - std::max(e.sent, silent_since_) >= lost_after;
    if (e.what.length != 0 && (passed_over || silent)) found.push_back(e.what);
  }
  for (block const& b : found)
    forget(*find(b)); // the snub watch goes on: the peer still owes us these blocks
  return found;
}

std::size_t request_queue::room(time_point now) {
  update(now);
  std::size_t const room = depth_ > outstanding_ ? depth_ - outstanding_ : 0;
  return may_wait(room) ? 0 : room;
}

// Many small packets cost both sides time, so requests may wait until there are more of
// them. But only while the requests under way last for two round trips: the peer must
// always have something to send.
bool request_queue::may_wait(std::size_t requests) const {
  bool const growing = slow_start_ && depth_ < most_;
  bool const known = round_trip_ != duration::max();
  if (growing || !known || requests >= std::min(depth_ / 4, burst)) return false;
  return static_cast<double>(outstanding_ * block_size) >=
         2 * rate_ * seconds(round_trip_);
}

void request_queue::update(time_point now) {
  if (snub_.look(now)) slow_start_ = false;
  duration const elapsed = now - window_begin_;
  if (elapsed >= window && (outstanding_ > 0 || window_bytes_ > 0)) {
    end_window(static_cast<double>(window_bytes_) / seconds(elapsed));
    window_begin_ = now;
    window_bytes_ = 0;
  }
  set_depth();
}

void request_queue::end_window(double bytes_per_second) {
  if (slow_start_ && bytes_per_second < rate_ * growth) slow_start_ = false;
  rate_ = slow_start_ ? bytes_per_second : (rate_ + bytes_per_second) / 2;
}

void request_queue::set_depth() {
  if (snubbed()) {
    depth_ = 1;
    return;
  }
  if (fixed_ != 0) {
    depth_ = std::min(fixed_, most_);
    return;
  }
  // hole 7.4: ask for the rate times the time
  if (!slow_start_) {
    duration const ahead = round_trip_ == duration::max()
                               ? request_time
                               : std::max(request_time, round_trip_);
    depth_ = static_cast<std::size_t>(rate_ * seconds(ahead) / block_size);
  }
  depth_ = std::clamp(depth_, std::min(smallest_depth, most_), most_);
  // end hole 7.4
}

} // namespace cotorra::piece
