// The peers that we know of: which to dial next, and which never again. A machine: time
// is passed in.
//
// Peers are known by address and port: several may share an address (a household, a
// laboratory, one machine with three seeders), and loopback is an address like any other.
// Those that have failed equally often are dialled in random order, so that no part of a
// swarm is favoured.
#pragma once
#include "base/endpoint.hpp"
#include "base/error.hpp"
#include "base/identifiers.hpp"
#include "base/random.hpp"
#include "base/time.hpp"
#include "session/peer_source.hpp"
#include <functional>
#include <map>
#include <optional>
#include <set>

namespace cotorra::session {

class peer_list {
public:
  explicit peer_list(random_source& random) : random_(random) {}

  // False when it was known already, is banned, or can't be dialled (port 0, no address);
  // or is hearsay, and too many ports at its address are. The id is the one that a
  // tracker gave; all zeros when it isn't known.
  bool add(endpoint, peer_id const& = {}, peer_source = peer_source::tracker);
  // The torrent turned out to be private (BEP 27): those that only strangers named go.
  void drop_hearsay();

  struct to_dial {
    endpoint at;
    peer_id expected; // all zeros: any will do
    bool first_try;
  };
  using may_dial = std::function<bool(ip_address const&)>;
  // The one to dial now, if any, of those that may be dialled. It counts as connected
  // until ended() says otherwise.
  std::optional<to_dial>
  next(time_point now, may_dial const& ask = [](auto const&) { return true; });
  // A hopeful one that could be dialled now if there were a place for it.
  std::optional<ip_address> waiting(time_point now) const;
  // Its dial or its connection is over. It is tried again later, and ever later while it
  // fails.
  void ended(endpoint, errc why, time_point now);
  // What they failed at is over: all that are not connected may be dialled at once.
  void retry_soon();
  // Payload has passed: its failures are forgotten.
  void worked(endpoint);

  // Never dialled again, and refused when it dials us, from another port with the same
  // peer_id. The peer_id alone is no proof: any peer can take that of an honest one.
  // Three bans of peers at one address ban the address, except loopback. The id is all
  // zeros when it isn't known.
  void ban(endpoint, peer_id const&);
  bool banned(endpoint const&, peer_id const&) const;

  // Neither connected nor banned, and they have not failed again and again. O(1).
  std::size_t hopeful() const { return hopeful_; }
  // Is a peer known that is not banned? It is connected, or will be dialled some day.
  bool has_any_left() const;

private:
  struct candidate {
    peer_id expected;
    peer_source from = peer_source::tracker;
    std::uint64_t lot = 0; // the lowest is dialled first
    bool busy = false;
    bool banned = false;
    unsigned failures = 0;
    time_point not_before{};
    bool hopeful() const;
    // The larger, the sooner it makes room for another.
    auto rank() const { return std::tuple(failures, is_hearsay(from), lot); }
  };
  using entry = std::map<endpoint, candidate>::iterator;
  static constexpr std::size_t most_known = 2000;
  // Ports of one address outside our network: so many users behind one router, but not
  // so many dials to a victim.
  static constexpr std::size_t most_hearsay_at_one_address = 8;

  bool make_room_for(candidate const& fresh);
  bool is_crowded(ip_address const&) const;
  template <class Change> void change(entry, Change);

  random_source& random_;
  std::map<endpoint, candidate> known_;
  std::size_t hopeful_ = 0;
  std::set<endpoint> banned_endpoints_;
  std::set<std::pair<ip_address, peer_id>> banned_names_;
  std::map<ip_address, unsigned> bans_from_;
};

} // namespace cotorra::session
