// Connections are few, and strangers come when they like. A machine: who may have one.
//
// Up to a quarter of the places is kept for peers that we know of and may dial, and no
// network may hold more places than it leaves for others. A network is an IPv4 address,
// or the 64 bits of an IPv6 address that one household gets.
#pragma once
#include "base/endpoint.hpp"
#include <cstddef>
#include <map>

namespace cotorra {

class places {
public:
  explicit places(std::size_t limit) : limit_(limit) {}

  bool any_left() const { return taken_ < limit_; }
  bool may_be_dialled(ip_address const&) const;
  // By itself, while we know so many whom we could dial.
  bool may_come(ip_address const&, std::size_t known) const;
  void take(ip_address const&, bool we_dialled);
  void leave(ip_address const&, bool we_dialled); // as it was taken

private:
  static ip_address network_of(ip_address);

  std::size_t limit_;
  std::size_t taken_ = 0, guests_ = 0; // guests: taken by those who came by themselves
  std::map<ip_address, std::size_t> of_network_;
};

// The place of one who came, for as long as this lives.
class guest_place {
public:
  guest_place(places& of, ip_address const& guest) : of_(of), guest_(guest) {
    of_.take(guest_, false);
  }
  ~guest_place() { of_.leave(guest_, false); }
  guest_place(guest_place const&) = delete;

private:
  places& of_;
  ip_address guest_;
};

} // namespace cotorra
