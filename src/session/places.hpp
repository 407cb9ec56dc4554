// Connections are limited, and peers dial us at any time. A machine: is there a place?
//
// Up to a quarter of the places is kept for peers that we could dial, and no network may
// hold more places than it leaves for others. A network is an IPv4 address, or the first
// 48 bits of an IPv6 address: as much as one line may get (RFC 6177). Loopback is spared:
// on one machine, all peers have one address.
//
// Places may have a parent (a torrent's stand under the session's): a place is then taken
// in both, and both must have one.
#pragma once
#include "base/endpoint.hpp"
#include <cstddef>
#include <map>

namespace cotorra::session {

struct visitor {
  ip_address from;
  bool we_dial;
};

class places {
public:
  explicit places(std::size_t limit, places* parent = nullptr)
      : limit_(limit), parent_(parent) {}
  ~places() { expect(0); }
  places(places const&) = delete; // what is taken refers to it

  bool none_taken() const { return taken_ == 0; }
  bool has_place_for(visitor const&) const;
  bool has_place_here(visitor const&) const; // whatever the parent says
  // Would the visitor be let in if the other one gave up its place?
  bool would_enter(visitor const&, visitor const& leaving) const;
  std::size_t
  held_by_network_of(ip_address const&) const; // of this one, not the parent's

  // How many peers we could dial now: that many places are kept for them. The parent
  // expects the sum of its children.
  void expect(std::size_t to_dial);

  void take(visitor const&);
  void leave(visitor const&); // as given to take()

private:
  static ip_address network_of(ip_address);
  std::size_t kept() const;

  std::size_t const limit_;
  places* const parent_;
  std::size_t taken_ = 0, guests_ = 0; // guests: taken by peers that dialled us
  std::size_t expected_ = 0;
  std::map<ip_address, std::size_t> of_network_;
};

// One place that is taken, for as long as this lives. The places must outlive it.
class place {
public:
  place() = default;
  place(places& of, visitor const&);
  place(place&&) noexcept;
  place& operator=(place&&) noexcept;
  ~place();

  bool taken() const { return of_ != nullptr; }

private:
  places* of_ = nullptr;
  visitor by_{};
};

} // namespace cotorra::session
