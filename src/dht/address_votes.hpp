// Where others see us (BEP 42, "ip"). One node may lie, so an address needs the votes of
// several that have nothing to do with each other. A machine.
#pragma once
#include "base/endpoint.hpp"
#include <optional>
#include <vector>

namespace cotorra::dht {

class address_votes {
public:
  static constexpr std::size_t needed = 5; // voters for one address
  static constexpr std::size_t most = 16;  // the latest that count

  // A node that we had asked says where it sees us. True: we have learnt an address, and
  // it is another than before. A voter's new vote replaces its old one.
  bool vote(ip_address const& voter, ip_address const& ours);

  std::optional<ip_address> const& known() const { return known_; }

private:
  struct ballot {
    ip_address voter, ours;
  };
  std::vector<ballot> votes_; // the latest last
  std::optional<ip_address> known_;
};

} // namespace cotorra::dht
