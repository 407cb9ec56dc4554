// The requests to one peer: which are outstanding, and how many more to send. Their
// number (the depth) is rate x time, so that the peer always has something to send. It
// starts small and grows by one with each block until the rate stops growing (slow
// start).
#pragma once
#include "base/time.hpp"
#include "choke/snub_watch.hpp"
#include "piece/layout.hpp"
#include <vector>

namespace cotorra::piece {

class request_queue {
public:
  static constexpr std::size_t smallest_depth = 2;
  static constexpr std::size_t usual_reqq = 250; // for peers that do not announce theirs
  static constexpr std::size_t largest_depth = 2000;
  static constexpr duration request_timeout = 60s;
  static constexpr duration endgame_timeout = 20s;
  static constexpr duration lost_after = 5min;

  request_queue() = default;
  explicit request_queue(std::size_t reqq) { set_reqq(reqq); }
  // How many requests the peer accepts: "reqq" in the extended handshake (BEP 10).
  void set_reqq(std::size_t);
  // For experiments: keeps this depth whatever the rate; 0 follows the rate again.
  void fix_depth(std::size_t depth);

  void sent(block const&, time_point now);
  // True if it was outstanding. O(1) when the peer answers in the order of the requests.
  bool arrived(block const&, time_point now);
  // We cancelled it, or the peer rejected it (BEP 6): true if it was outstanding.
  bool cancelled(block const& b) { return remove(b); }
  bool rejected(block const& b) { return remove(b); }
  // Removes and returns all, oldest first: the peer has choked us or left.
  std::vector<block> take_all();
  std::vector<block> blocks_of(piece_index) const; // outstanding
  // Requests older than `timeout`, each reported once: another peer may be asked too, and
  // this one may still answer.
  std::vector<block> late(time_point now, duration timeout = request_timeout);
  // Removes and returns requests that will not be answered: the peer has answered a later
  // one, or has been silent for lost_after. Give them back to the picker.
  std::vector<block> lost(time_point now);

  // How many more requests to send now. In a deep queue, a few wait until there are more.
  std::size_t room(time_point now);
  std::size_t outstanding() const { return outstanding_; }
  std::size_t depth() const { return depth_; }     // as of the last call with a time
  bool snubbed() const { return snub_.snubbed(); } // as of the last call with a time
  double rate() const { return rate_; } // bytes per second, over the last seconds

private:
  struct entry {
    block what; // length 0: removed
    time_point sent;
    bool late = false; // reported by late()
  };

  entry* find(block const&);
  void forget(entry&);
  bool remove(block const&);
  void update(time_point now);
  void end_window(double bytes_per_second);
  void set_depth();
  bool may_wait(std::size_t requests) const;

  std::vector<entry> entries_; // oldest first, from first_ on
  std::size_t first_ = 0, outstanding_ = 0;
  std::size_t most_ = usual_reqq, depth_ = smallest_depth, fixed_ = 0;
  bool slow_start_ = true;
  choke::snub_watch snub_;
  time_point silent_since_{}; // the last block, or the first request after a pause
  time_point answered_{};     // when the latest answered request was sent
  time_point window_begin_{};
  std::uint64_t window_bytes_ = 0;
  double rate_ = 0;
  duration round_trip_ = duration::max(); // the shortest so far
};

} // namespace cotorra::piece
