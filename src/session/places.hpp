// Connections are few, and strangers come when they like. A machine: who may have one.
//
// Up to a quarter of the places is kept for peers that we could dial, and no network may
// hold more places than it leaves for others. A network is an IPv4 address, or the first
// 48 bits of an IPv6 address: as much as one line may get (RFC 6177). Loopback is spared:
// on one machine, all have one address.
#pragma once
#include "base/endpoint.hpp"
#include <cstddef>
#include <map>

namespace cotorra {

struct visitor {
  ip_address from;
  bool we_dial;
};

class places {
public:
  explicit places(std::size_t limit) : limit_(limit) {}

  bool none_taken() const { return taken_ == 0; }
  bool may_be_dialled(ip_address const&) const;
  // By itself, while there are so many whom we could dial.
  bool may_come(ip_address const&, std::size_t to_dial) const;
  // Would they be let in if the other, who has a place, left it?
  bool would_enter(visitor const&, std::size_t to_dial, visitor const& leaving) const;
  void take(ip_address const&, bool we_dialled);
  void leave(ip_address const&, bool we_dialled); // as it was taken

private:
  static ip_address network_of(ip_address);
  std::size_t held_by(ip_address const& network) const;

  std::size_t limit_;
  std::size_t taken_ = 0, guests_ = 0; // guests: taken by those who came by themselves
  std::map<ip_address, std::size_t> of_network_;
};

// One that is taken, for as long as this lives. Its places must outlive it.
class place {
public:
  place() = default;
  place(places&, ip_address const&, bool we_dialled);
  place(place&&) noexcept;
  place& operator=(place&&) noexcept;
  ~place();

  bool taken() const { return of_ != nullptr; }

private:
  places* of_ = nullptr;
  ip_address who_;
  bool we_dialled_ = false;
};

} // namespace cotorra
