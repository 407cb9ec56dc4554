// The search for the nodes nearest to an id (BEP 5): ask the nearest that we know, learn
// nearer ones from their answers, ask these, until the nearest of all have answered. A
// machine: time is passed in, and what is to be asked is returned.
//
// Nodes lie. So a node is where its own answer says, not where another has put it; of an
// address one node is asked, so that an owner of one cannot surround an id; and nodes
// whose ids do not belong to their addresses (BEP 42) count beside the others, not in
// their place. A hundred nodes may pretend to be near: the true ones are still asked.
#pragma once
#include "base/time.hpp"
#include "dht/krpc_wire.hpp"
#include <set>

namespace cotorra::dht {

class lookup {
public:
  static constexpr std::size_t k = 8;          // how many of the nearest are wanted
  static constexpr std::size_t alpha = 3;      // questions under way at a time
  static constexpr duration patience = 1s;     // then another is asked as well
  static constexpr std::size_t most_told = 8;  // nodes that we take from one answer
  static constexpr std::size_t most_kept = 96; // nodes in mind
  static constexpr std::size_t most_asked = 256;
  static constexpr std::size_t most_peers = 2000;

  lookup(node_id const& target, bool addresses_shared)
      : target_(target), addresses_shared_(addresses_shared) {}

  node_id const& target() const { return target_; }
  // A node to begin with.
  void add(contact const& c) { add(c, 1); }
  // The same, and its id is not known.
  void add_entrance(endpoint const&);

  struct to_ask {
    endpoint at;
    std::optional<node_id> id; // an entrance has none
    unsigned hop;              // answers that led there, and this one
  };
  // The questions to send now. To be called after each event, and when due.
  std::vector<to_ask> next(time_point now);
  time_point due() const; // when next() may give more without an event

  struct news {
    unsigned hop = 0;
    std::size_t new_nodes = 0;       // that were not known before
    std::vector<endpoint> new_peers; // in the order of the answer
  };
  // The node that was asked there has answered.
  news answered(endpoint const& from, answer const&);
  // It did not, or refused, or could not be asked. Returns its hop; 0: it was not asked.
  unsigned failed(endpoint const&);

  bool done() const;

  struct found_node {
    contact node;
    unsigned hop;
    buffer token; // for an announce_peer; may be empty
  };
  // The nearest that have answered, the nearest first: k of them, and up to k more whose
  // ids do not belong to their addresses.
  std::vector<found_node> nearest() const;
  unsigned hops() const; // the most that led to one of these
  std::size_t asked() const { return asked_; }
  std::size_t answers() const { return answers_; }
  std::size_t peers() const { return peers_.size(); }

private:
  enum class state : std::uint8_t { fresh, asked, late, answered, failed };
  struct candidate {
    contact node;
    unsigned hop;
    state is = state::fresh;
    bool belongs = true;
    time_point sent{};
    buffer token{};
  };
  struct entrance {
    endpoint at;
    state is = state::fresh;
    time_point sent{};
  };

  bool add(contact const&, unsigned hop);
  std::vector<candidate>::iterator place_for(node_id const&);
  candidate* find(endpoint const&);
  bool place_is_taken(candidate const&) const;
  bool make_room(contact const&);
  std::vector<std::size_t> wanted() const;
  std::size_t under_way() const;
  void lose_patience(time_point now);
  unsigned settle(endpoint const& from, answer const&);
  news learn(ip_address const& teller, answer const&, unsigned hop);

  node_id const target_;
  bool const addresses_shared_;
  std::vector<candidate> candidates_; // the nearest first
  std::vector<entrance> entrances_;
  std::set<endpoint> peers_;
  std::size_t asked_ = 0, answers_ = 0;
};

} // namespace cotorra::dht
