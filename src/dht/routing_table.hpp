// The nodes that a node knows (BEP 5): many near its own id, few far away. A machine:
// time is passed in, and what is to be asked is returned.
//
// A bucket holds up to k nodes that share their first bits with us. The last bucket is
// the one that our own id is in: when it is full it splits, and the others do not. So
// each further bucket covers half as many ids, and a table of the whole DHT has as many
// full buckets as that halving allows.
//
// Only nodes that have answered us are in it. A node that was heard within 15 minutes is
// good. Then, or after a silence, it is questionable and is asked something, and after
// two silences in a row it is bad: it is told to no other node, and its place is free for
// one that answers.
#pragma once
#include "base/time.hpp"
#include "dht/krpc_wire.hpp"
#include "dht/same_place.hpp"

namespace cotorra::dht {

class routing_table {
public:
  static constexpr std::size_t k = 8; // nodes of a bucket, and as many to replace them
  static constexpr duration quiet = 15min;     // after that a node is questionable
  static constexpr duration second_try = 15s;  // after a silence
  static constexpr unsigned most_failures = 2; // in a row

  // `addresses_shared`: in a laboratory all nodes may have one address. Elsewhere a
  // bucket has one node of each, so that no owner of an address fills it.
  explicit routing_table(node_id const& own, bool addresses_shared = false)
      : own_(own), addresses_shared_(addresses_shared), buckets_(1) {}

  node_id const& own() const { return own_; }
  // Our id is another one now: each node moves to the bucket where it belongs.
  void rename(node_id const& own, time_point now);

  // The node has answered a query of ours.
  void answered(contact const&, time_point now);
  // It has sent us a query. An unknown node gets no place: see wants().
  void asked(contact const&, time_point now);
  // It did not answer.
  void failed(contact const&, time_point now);
  // Another node than this one answered from there.
  void gone(contact const&);
  // There would be a place for the node if it answered us.
  bool wants(contact const&) const;
  bool knows(contact const&) const;

  enum class quality { good, not_bad, any };
  // The nodes nearest to the target, the nearest first.
  std::vector<contact> closest(node_id const& target, std::size_t n, quality least,
                               time_point now) const;
  std::vector<contact> all() const; // those that are bad last

  // A questionable node, to be asked now.
  std::optional<contact> to_check(time_point now);
  // A random id of a bucket that was quiet for 15 minutes: look it up now.
  std::optional<node_id> to_refresh(time_point now, random_source&);
  // When one of the two will give something; time_point::max() when never.
  time_point due() const;

  struct bucket_status {
    std::size_t good = 0, questionable = 0, bad = 0, spare = 0;
  };
  std::vector<bucket_status> status(time_point now) const; // by shared bits
  std::size_t size() const;                                // without the spare ones
  std::size_t good(time_point now) const;

private:
  struct entry {
    contact node;
    time_point check_at;       // good until then
    std::uint8_t failures = 0; // in a row
    bool is_checked = false;   // and has not answered yet
    bool belongs = true;       // its id to its address (BEP 42)

    bool bad() const { return failures >= most_failures; }
    bool good(time_point now) const {
      return failures == 0 && !is_checked && now < check_at;
    }
    bool is(quality least, time_point now) const {
      return least == quality::any || (least == quality::good ? good(now) : !bad());
    }
  };
  using row = std::vector<entry>;
  struct bucket {
    row nodes;
    std::vector<contact> spare; // answered as well, the latest last
    time_point changed{};
  };

  static entry fresh(contact const&, time_point now);
  std::size_t index_of(node_id const&) const;
  bucket& bucket_of(node_id const& id) { return buckets_[index_of(id)]; }
  bucket const& bucket_of(node_id const& id) const { return buckets_[index_of(id)]; }
  bool same_place(endpoint const& a, endpoint const& b) const {
    return dht::same_place(a, b, addresses_shared_);
  }
  bool splits(bucket const&) const;
  void split();
  static row::iterator weakest(bucket&, entry const& than);
  bool take(entry const&);
  void keep_spare(bucket&, contact const&);
  static void fill_from_spare(bucket&);

  node_id own_;
  bool const addresses_shared_;
  std::vector<bucket> buckets_; // [i]: nodes that share i bits with us; the last: or more
};

} // namespace cotorra::dht
