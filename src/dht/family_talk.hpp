// A node in one of the two DHTs, that of IPv4 or that of IPv6 (BEP 32 keeps them apart):
// one socket, one id, one table. Answers, asks, and looks after its table.
#pragma once
#include "dht/address_votes.hpp"
#include "dht/answering.hpp"
#include "dht/search_talk.hpp"
#include "dht/state_wire.hpp"
#include "io/task_group.hpp"
#include "io/world.hpp"
#include <map>

namespace cotorra::dht {

struct family_options {
  bool read_only = false;        // BEP 43: we ask, and do not answer
  bool addresses_shared = false; // a laboratory: many nodes have one address
  bool visits = false;           // we ask, and keep no table for later
  // To begin with; asked again whenever no node is known.
  std::vector<endpoint> bootstrap{};
};

// Since the start.
struct traffic {
  std::uint64_t asked = 0, answers = 0, silences = 0; // queries of ours
  std::uint64_t queries = 0, answered = 0;            // of others
  std::uint64_t unasked = 0; // answers that nothing was asked for
  std::uint64_t garbage = 0; // datagrams that are no message
  std::uint64_t unsent = 0;  // the system did not take them
};

class family_node final : search::host {
public:
  static constexpr std::size_t receive_buffer = 1500; // no datagram of the DHT is longer
  static constexpr std::size_t most_searches = 8;     // at a time; more wait
  static constexpr std::size_t most_entrances = 64;

  family_node(io::world const&, io::datagram_socket&, answering&, saved_family const&,
              family_options);

  void run_in(io::task_group&); // until it is cancelled

  void add_node(endpoint const&);
  void add_entrance(endpoint const&);
  // Asks the nodes nearest to the query's target, until the nearest have answered.
  task<lookup> find(query, search_events);
  // Tells the nodes that the peer is there; how many took it.
  task<std::size_t> announce(std::vector<lookup::found_node>, info_hash const&,
                             std::uint16_t port);

  routing_table const& table() const { return table_; }
  traffic const& count() const { return count_; }
  std::optional<ip_address> const& outside_address() const { return votes_.known(); }
  endpoint local() const { return socket_.local(); }
  bool is_v6() const { return v6_; }
  saved_family save() const;

private:
  // the conversation
  task<> receive();
  task<> handle(endpoint from, bytes datagram);
  task<> answer_to(message const&, endpoint from, std::size_t size);
  void take(endpoint const& from, bytes transaction, answer);
  void take_refusal(endpoint const& from, bytes transaction);
  void lost(open_queries::query const&, bool refused);
  task<bool> send(endpoint to, bytes packet);
  task<bool> ask(endpoint to, std::optional<node_id> id, query what,
                 open_queries::purpose) override;
  io::clock& time() override { return clock_; }
  task<> watch_time();

  // the table
  task<> look_after_table();
  task<> check_table();
  task<> stay_in_touch();
  task<> meet_stranger();
  void want_to_meet(endpoint const&);
  void learn_of(std::vector<contact> const&);
  void hear_vote(endpoint const& from, answer const&);
  void begin(search&) const;
  query looking_for(node_id const&) const;
  class hearing;
  class place;
  static constexpr open_queries::purpose no_purpose = 0; // but to know the node better

  io::clock& clock_;
  io::executor executor_;
  random_source& random_;
  io::datagram_socket& socket_;
  answering& answering_;
  family_options options_;
  bool const v6_;
  routing_table table_;
  open_queries open_;
  address_votes votes_;
  traffic count_;
  std::vector<contact> remembered_; // from the run before
  std::map<open_queries::purpose, listener*> listeners_;
  open_queries::purpose last_purpose_ = 0;
  std::size_t searches_ = 0;
  time_point may_rename_{};
  std::vector<endpoint> to_meet_; // strangers
  io::event busy_, search_ended_, alone_;
};

} // namespace cotorra::dht
