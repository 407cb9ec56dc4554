// A connection after its handshake: frames in, messages out, keep-alives, and the one
// recorded reason of its end. What the messages mean is the listener's business, so the
// same connection serves a peer that we trade pieces with, and one that we only ask for
// the info dictionary (BEP 9).
#pragma once
#include "io/outbox.hpp"
#include "io/world.hpp"
#include "message/message_talk.hpp"
#include "session/connected_peer.hpp"
#include "session/settings.hpp"
#include <optional>

namespace cotorra::session {

class conversation {
public:
  class listener {
  public:
    virtual ~listener() = default;
    // Before anything else is said or heard: what must come first (BEP 3 "bitfield").
    virtual void greet() = 0;
    virtual void heard(message::any const&) = 0; // may throw protocol_error
    // All that had arrived has been heard. Nothing more is read until this returns: that
    // is how a slow disk slows the peer.
    virtual task<> caught_up() = 0;
    // What else runs for this peer, besides reading, until the end.
    virtual task<> serve() = 0;
  };

  // frame_limit: the longest message that a peer may send, in bytes.
  conversation(io::world const&, settings const&, connected_peer,
               std::size_t frame_limit);

  // Talks until one side ends it. Never throws: end() has the reason.
  task<> run(listener&);
  // Ends it. The first reason stays.
  void disconnect(errc why, std::string because);
  // Once a second: keep-alives (BEP 3), and the end of a peer that is silent for long.
  void tick(time_point now);

  message::message_writer& out() { return out_; }
  io::outbox& outbox() { return outbox_; }
  io::outbox const& outbox() const { return outbox_; }
  connected_peer const& peer() const { return peer_; }
  void give_up_place() { peer_.held = {}; }

  time_point now() const { return now_; } // of the read that is being heard
  time_point began_at() const { return began_at_; }
  void spoke(time_point now) { last_sent_ = now; } // no keep-alive is due
  bool ended() const { return end_.has_value(); }
  std::optional<errc> const& end() const { return end_; }
  std::string const& because() const { return because_; }

private:
  task<> listen(listener&);

  io::world const& world_;
  settings const& settings_;
  connected_peer peer_;
  io::outbox outbox_;
  message::message_reader in_;
  message::message_writer out_;
  time_point now_, last_received_, last_sent_, began_at_;
  std::optional<errc> end_;
  std::string because_;
};

} // namespace cotorra::session
