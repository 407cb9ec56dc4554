// Whom we know, whom to dial next, and whom never again. A machine: time is passed in.
//
// Peers are known by address and port: several may share an address (a household, a
// laboratory, one machine with three seeders), and loopback is an address like any other.
#pragma once
#include "base/endpoint.hpp"
#include "base/error.hpp"
#include "base/identifiers.hpp"
#include "base/time.hpp"
#include <functional>
#include <map>
#include <optional>
#include <set>

namespace cotorra {

class peer_list {
public:
  // False when it was known already, is banned, or can't be dialled (port 0, no address).
  bool add(endpoint);
  // hopeful: it has not failed again and again
  using may_dial = std::function<bool(ip_address const&, bool hopeful)>;
  // The one to dial now, if any, of those that may be dialled. It counts as connected
  // until ended() says otherwise.
  std::optional<endpoint>
  next(time_point now, may_dial const& ask = [](auto const&, bool) { return true; });
  // Its dial or its connection is over. It is tried again later, and ever later while it
  // fails.
  void ended(endpoint, errc why, time_point now);
  // Payload has passed: its failures are forgotten.
  void worked(endpoint);

  // Never dialled again, and refused when it comes by itself, from another port under the
  // same name. The name alone is no proof: anybody can take that of an honest peer. Who
  // is banned three times from one address, under other ports or names, takes the address
  // with him; loopback is spared. The id is all zeros when it isn't known.
  void ban(endpoint, peer_id const&);
  bool banned(endpoint const&, peer_id const&) const;

  std::size_t size() const { return known_.size(); }
  // Neither busy nor banned, and they have not failed again and again.
  std::size_t to_dial() const;

private:
  struct candidate {
    bool busy = false;
    unsigned failures = 0;
    time_point not_before{};
  };
  static constexpr std::size_t most_known = 2000;

  bool forget_a_failure();

  std::map<endpoint, candidate> known_;
  std::set<endpoint> banned_endpoints_;
  std::set<std::pair<ip_address, peer_id>> banned_names_;
  std::map<ip_address, unsigned> bans_from_;
};

} // namespace cotorra
