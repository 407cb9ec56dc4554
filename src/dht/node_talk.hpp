// A node of the DHT (BEP 5): finds the peers of a torrent without a tracker, and keeps a
// share of the table for others. Of IPv4, of IPv6, or of both, which are two DHTs with
// one store of peers (BEP 32).
//
//   dht::node node(world, {.listen = {...}, .bootstrap = {...}});
//   group.spawn(node.run(), "dht");
//   ... co_await node.find_peers(hash, events, port);
#pragma once
#include "dht/family_talk.hpp"
#include "io/network.hpp"
#include <memory>

namespace cotorra::dht {

struct node_options {
  // Where it opens sockets: one of IPv4, one of IPv6, or both. Port 0: any free one.
  std::vector<endpoint> listen{};
  std::vector<endpoint> bootstrap{}; // nodes to begin with; their ids need not be known
  saved_state state{};               // of the last run; see decode_state()
  bool read_only = false;            // BEP 43: we ask, and do not answer
  bool visits = false;               // and look for nodes only when we are told to
  // For laboratories: many nodes have one address, and so no limit for each of them.
  bool addresses_shared = false;
  store_limits store{};
  flood_limits flood{};
};

struct search_result {
  std::size_t asked = 0, answers = 0; // nodes
  std::size_t peers = 0;              // different ones
  std::size_t announced = 0;          // nodes that keep our announcement
  unsigned hops = 0;                  // answers that led to the nearest nodes
  std::vector<contact> nearest{};     // that answered, the nearest first
};

class node {
public:
  // Opens its sockets at once; throws std::system_error when it cannot.
  node(io::world const&, node_options);
  // With sockets of the caller, one of each family at most, that live longer.
  node(io::world const&, std::vector<io::datagram_socket*>, node_options);
  ~node();
  node(node const&) = delete;

  // Until its group is cancelled; all below only while it runs.
  task<> run();
  void run_in(io::task_group&); // the same, in a group of the caller

  // There is a node, says a peer or a .torrent (BEP 5): it will be asked.
  void add_node(endpoint const&);
  // As if it were one of the options' bootstrap nodes.
  void add_entrance(endpoint const&);
  // Looks the torrent up; events.found hears of peers as they come, our own perhaps among
  // them. Then, with a port, announces us as a peer there; port 0: the one that the nodes
  // see. Ends when all that can be found is found: some seconds.
  task<search_result> find_peers(info_hash, search_events,
                                 std::optional<std::uint16_t> announce_port);
  task<search_result> find_node(node_id target, search_events);

  buffer save() const; // for node_options::state, through decode_state()

  // The parts that there are: one or two.
  std::vector<std::unique_ptr<family_node>> const& families() const { return families_; }
  std::size_t good_nodes() const;
  answering const& answers() const { return answering_; }

private:
  void begin(std::vector<io::datagram_socket*> const&);
  task<> find_in(family_node&, query, search_events, std::optional<std::uint16_t>,
                 search_result&);
  void tell_own(node_id const& torrent, search_events const&) const;
  task<search_result> find(query, search_events, std::optional<std::uint16_t>);

  io::world world_;
  node_options options_;
  std::vector<std::unique_ptr<io::datagram_socket>> own_sockets_;
  answering answering_;
  std::vector<std::unique_ptr<family_node>> families_;
};

} // namespace cotorra::dht
