// How a connection with a peer is made, in one place: the transport, the rate limits and
// the handshake, as the side that dials and as the side that is dialled.
#pragma once
#include "io/rate_limit.hpp"
#include "io/world.hpp"
#include "session/connected_peer.hpp"
#include "session/settings.hpp"
#include <optional>

namespace cotorra::session {

struct traffic_limits {
  io::rate_limit& down;
  io::rate_limit& up;
};

class entrance {
public:
  // The session: it knows what to answer a peer that dials us, and takes the connection.
  class host {
  public:
    virtual ~host() = default;
    // Our handshake for a peer at this address that asks for this torrent; nullopt when
    // we do not serve it. Throws protocol_error{limit_exceeded} when there is no place.
    virtual std::optional<handshake::handshake> answer_for(info_hash const&,
                                                           ip_address const&) = 0;
    // The limits of this torrent; nullopt when it has left meanwhile.
    virtual std::optional<traffic_limits> limits_of(info_hash const&) = 0;
    virtual void welcome(connected_peer) = 0;
  };

  // `all`: the session's limits, until it is known which torrent a peer wants.
  entrance(io::world, settings const&, traffic_limits all, host&);

  // Connects and exchanges handshakes. `patience` is for the connection. Throws
  // protocol_error{timed_out, not_bittorrent, wrong_info_hash, wrong_peer_id, ...} or
  // std::system_error. expected: the peer_id that a tracker gave (BEP 3: another one ends
  // the connection); all zeros when it isn't known.
  task<connected_peer> dial(endpoint to, handshake::handshake ours, peer_id expected,
                            duration patience, traffic_limits);

  // A peer dialled us: hears which torrent it wants, answers, and hands it on. Never
  // throws: on any failure only this stream closes.
  task<> receive(std::unique_ptr<io::stream>);
  // Whether there is a place for a stranger from there, while its handshake is awaited.
  bool may_receive(ip_address const& from) const {
    return strangers_.has_place_for({from, false});
  }

private:
  connected_peer begin(std::unique_ptr<io::stream>, endpoint at, bool we_dialled,
                       traffic_limits);
  task<> greet(connected_peer&, handshake::handshake ours, peer_id expected);
  task<> answer(connected_peer&, std::optional<handshake::handshake>& answered);
  void tell_closed(connected_peer const&, errc) const;

  io::world world_;
  settings const& settings_;
  traffic_limits all_;
  host& host_;
  places strangers_;
  peer_key last_key_ = 0;
};

} // namespace cotorra::session
