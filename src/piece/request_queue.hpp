// What we have asked of one peer, and how much more it should be asked: rate x time, so
// that its pipe never runs dry. Starts small and grows by one with each block until the
// rate stops growing (slow start).
#pragma once
#include "base/time.hpp"
#include "choke/snub_watch.hpp"
#include "piece/layout.hpp"
#include <vector>

namespace cotorra {

class request_queue {
public:
  static constexpr std::size_t smallest_depth = 2;
  static constexpr std::size_t usual_reqq = 250; // what peers accept that do not say
  static constexpr std::size_t largest_depth = 2000;
  static constexpr duration request_timeout = 60s;
  static constexpr duration endgame_timeout = 20s;
  static constexpr duration lost_after = 5min;

  request_queue() = default;
  explicit request_queue(std::size_t reqq) { set_reqq(reqq); }
  // How many requests the peer accepts: "reqq" of the extended handshake (BEP 10).
  void set_reqq(std::size_t);
  // So many from now on, whatever the rate: for experiments. 0: as the rate asks for.
  void fix_depth(std::size_t depth);

  void sent(block const&, time_point now);
  // True when it was outstanding. O(1) when the peer answers in the order of asking.
  bool arrived(block const&, time_point now);
  // Cancelled by us or rejected by the peer (BEP 6): true when it was outstanding.
  bool cancelled(block const& b) { return remove(b); }
  bool rejected(block const& b) { return remove(b); }
  // Takes out all, in the order of asking: the peer choked us or is gone.
  std::vector<block> take_all();
  std::vector<block> blocks_of(piece_index) const; // outstanding
  // Those that wait for longer than `timeout`, each once: another peer may be asked too,
  // and this one may still send them.
  std::vector<block> late(time_point now, duration timeout = request_timeout);
  // Takes out those that will not come: the peer sent what it was asked for later, or has
  // been silent for lost_after since. Give them back to the picker.
  std::vector<block> lost(time_point now);

  // How many more requests to send now.
  std::size_t room(time_point now);
  std::size_t outstanding() const { return outstanding_; }
  std::size_t depth() const { return depth_; }     // as of the last call with a time
  bool snubbed() const { return snub_.snubbed(); } // as of the last call with a time
  double rate() const { return rate_; } // bytes per second, over the last seconds

private:
  struct entry {
    block what; // length 0: already gone, from the middle
    time_point sent;
    bool late = false; // and told
  };

  entry* find(block const&);
  void forget(entry&);
  bool remove(block const&);
  void update(time_point now);
  void end_window(double bytes_per_second);
  void set_depth();

  std::vector<entry> entries_; // in the order of asking, from first_ on
  std::size_t first_ = 0, outstanding_ = 0;
  std::size_t most_ = usual_reqq, depth_ = smallest_depth, fixed_ = 0;
  bool slow_start_ = true;
  snub_watch snub_;
  time_point silent_since_{}; // the last block, or the first request after none
  time_point answered_{};     // when the youngest request that was answered was sent
  time_point window_begin_{};
  std::uint64_t window_bytes_ = 0;
  double rate_ = 0;
  duration round_trip_ = duration::max(); // the shortest so far
};

} // namespace cotorra
