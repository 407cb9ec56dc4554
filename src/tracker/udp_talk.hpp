// The conversation with UDP trackers (BEP 15): connect, then ask. One client serves all
// torrents of a session, so that they share its sockets, one of each family of addresses,
// and the trackers' connection ids.
#pragma once
#include "http/url_wire.hpp"
#include "io/clock.hpp"
#include "io/datagram_desk.hpp"
#include "tracker/udp_exchange.hpp"
#include <functional>

namespace cotorra::tracker {

struct udp_options {
  duration deadline = 30s;      // for everything
  duration name_deadline = 15s; // for a look-up of the tracker's name
  ip_family family = ip_family::any;
  bool public_only = false;        // ask no address in our own network
  std::function<void()> on_sent{}; // the question itself is about to leave
};

class udp_client {
public:
  // All must outlive it, and the conversations.
  udp_client(io::executor, io::network&, io::clock&, random_source&);

  // The answer to the question: udp_announced or udp_scraped, or udp_failed. A tracker
  // that is silent is asked again after 15 s, then 30 s, 60 s ... as long as the deadline
  // allows. Throws protocol_error, with the printable() URL in it: cannot_connect (it is
  // silent, or nothing can be sent there), timed_out (it gave a connection id, then no
  // answer), no_address, unsafe_redirect (it is in our own network), malformed_answer.
  io::task<udp_answer> ask(http::url, udp_question, udp_options);

  udp_connections const& ids() const { return ids_; }
  io::datagram_desk const& desk(ip_family f) const {
    return f == ip_family::v6 ? v6_ : v4_;
  }

private:
  class introduction;
  struct conversation;

  io::task<udp_answer> begin(http::url, udp_question, udp_options const&);
  io::task<udp_answer> talk(conversation&);
  io::task<bool> send(conversation&, udp_exchange::sending);
  io::task<std::optional<udp_answer>> receive(conversation&);
  io::task<std::optional<udp_answer>> next_packet(conversation&);

  io::executor executor_;
  io::network& network_;
  io::clock& clock_;
  random_source& random_;
  io::datagram_desk v4_, v6_;
  udp_connections ids_;
  std::vector<introduction*> introductions_;
};

} // namespace cotorra::tracker
