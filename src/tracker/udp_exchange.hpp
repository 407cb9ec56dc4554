// One question to a UDP tracker, from the connect to the answer (BEP 15): which packet is
// sent now, how long its answer may take, and what a packet that came means. A machine:
// the time is passed in, and the packets travel elsewhere.
#pragma once
#include "base/random.hpp"
#include "tracker/udp_connections.hpp"
#include "tracker/udp_wire.hpp"

namespace cotorra::tracker {

// A question; its connection and transaction ids are filled in when it is sent.
using udp_question = std::variant<udp_announce, udp_scrape>;

// An answer may take 15 s, then 30 s, 60 s ... at last 3840 s: n counts the
// retransmissions, to 8 (BEP 15, "Time outs").
constexpr unsigned most_retransmissions = 8;
constexpr duration patience_of(unsigned n) {
  return 15s * (1u << std::min(n, most_retransmissions));
}

class udp_exchange {
public:
  // The addresses of the tracker, at least one. A connect goes to one after another, the
  // question to the first that has given us a connection id.
  udp_exchange(udp_question, std::vector<endpoint> addresses, udp_connections& ids,
               random_source&);

  struct sending {
    endpoint to;
    buffer packet;
    duration patience; // after that, ask again what to send
    bool is_question;  // not a connect
  };
  // nullopt: everything was tried.
  std::optional<sending> next(time_point now);
  // Nothing can be sent there. False: that was its last address.
  bool unreachable(endpoint const&);

  // Is this packet an answer to what was sent last?
  bool expects(bytes packet, endpoint const& from) const;
  // Takes one that is. nullopt: ask what to send next. Otherwise the answer to the
  // question, or udp_failed. Throws protocol_error{malformed_answer}.
  std::optional<udp_answer> take(bytes packet, endpoint const& from, time_point now);

  unsigned sent() const { return sent_; }         // packets
  bool was_answered() const { return answered_; } // at least the connect
  endpoint const& asked() const { return addresses_[at_]; }

private:
  std::optional<udp_answer> connected(udp_connected const&, endpoint const&, time_point);
  void nothing_came();
  buffer packet(std::optional<std::uint64_t> id);

  udp_question question_;
  std::vector<endpoint> addresses_;
  udp_connections& ids_;
  random_source& random_;
  std::size_t at_ = 0; // the address that is asked
  std::uint32_t transaction_ = 0;
  unsigned n_ = 0, sent_ = 0;
  std::optional<std::uint64_t> ours_; // the connection id that was given to this exchange
  std::optional<std::uint64_t> used_; // that of the question; a connect has none
  bool answered_ = false;
  bool is_waiting_ = false; // what was sent last has no answer yet
};

} // namespace cotorra::tracker
