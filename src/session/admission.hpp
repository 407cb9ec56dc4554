// Which peers may have a connection, and which connected peer makes room for another. A
// machine: time is passed in.
//
// A torrent's admission stands under the session's. When all places are taken, a peer
// still gets in if another one is of no use:
//   - it has neither given nor taken a block for useless_after, and is not waiting for us
//     to unchoke it; or
//   - its network holds at least two places more than the newcomer's, and no block has
//     come or gone on that connection for crowd_patience. So a few addresses cannot fill
//     a swarm, and each connection has time to prove its use.
//
// A dial holds a place only for its first second: most addresses that trackers hand out
// are dead, and a silent one must not keep a living one waiting.
#pragma once
#include "base/identifiers.hpp"
#include "base/time.hpp"
#include "session/places.hpp"
#include <optional>
#include <vector>

namespace cotorra::session {

class admission {
public:
  static constexpr duration dial_holds_place_for = 1s;
  static constexpr duration crowd_patience = 10s;

  struct limits {
    std::size_t connections;
    std::size_t half_open; // dials under way
    duration useless_after;
  };
  // A connection that might have to make room.
  struct member {
    peer_key key;
    visitor who;
    time_point last_block; // came or went; the start of the connection before that
    bool waits_for_us;     // it is interested, and we choke it
  };
  // The owner of the connections: a torrent, or a session that asks all of its torrents.
  class host {
  public:
    virtual ~host() = default;
    virtual std::vector<member> members() const = 0;
    // Ends this connection now, and gives its place back.
    virtual void make_room(peer_key) = 0;
  };

  admission(limits, host&, admission* parent = nullptr);

  // Is there a place for a new connection, or for one that we could dial? Ends another
  // one for it where needed.
  bool may_enter(visitor const&, time_point now);
  // What may_enter() would say; but no connection ends.
  bool could_enter(visitor const&, time_point now) const;
  place take(visitor const& v) { return place(connections_, v); }

  // Whether to dial this address now. It ends no other connection.
  bool may_dial(ip_address const&) const;

  place take_dial(ip_address const& to) { return place(dials_, {to, true}); }
  bool none_dialling() const { return dials_.none_taken(); }

  // How many peers we could dial now: up to a quarter of the places is kept for them.
  void expect(std::size_t to_dial) { connections_.expect(to_dial); }

private:
  struct useless {
    host* of;
    peer_key key;
  };
  std::optional<useless> in_the_way(visitor const&, time_point now) const;
  std::optional<peer_key> idlest(visitor const&, time_point now) const;
  bool may_go(member const&, visitor const&, time_point now) const;

  limits const limits_;
  host& host_;
  admission* const parent_;
  places connections_, dials_;
};

} // namespace cotorra::session
