// A computer in the simulated world: its addresses, its link, its open ports.
#pragma once
#include "io/simulation_wires.hpp"
#include "io/world.hpp"
#include <memory>

namespace cotorra::io {

class simulated_network;

class host {
public:
  host(wires&, ip_address, link, random_source);
  ~host();
  host(host const&) = delete;

  // The four doors as seen from here. Valid as long as the simulation.
  world doors();
  ip_address address() const { return plug_.addresses.front(); }
  // Another address of the same host: IPv6 beside IPv4, for example.
  void add_address(ip_address);
  bool has(ip_address) const;

  void set_link(link l) { wires_.set_link(plug_, l); }
  // false: the cable is pulled. Connections wait for it, datagrams are lost, and a caller
  // that connects to it gets no answer.
  void set_up(bool up) { plug_.set_up(up); }
  bool is_up() const { return plug_.is_up(); }
  // The program on it is killed: its connections are reset, its ports are closed. What it
  // opens afterwards works.
  void kill();

  // Bytes of connections and datagrams that were sent and received over the link, without
  // headers.
  std::uint64_t sent() const { return plug_.sent; }
  std::uint64_t received() const { return plug_.received; }

  // For the other hosts' networks.
  simulated_network& network() { return *network_; }

private:
  class simulated_workers;

  wires& wires_;
  plug plug_;
  random_source random_;
  std::unique_ptr<simulated_network> network_;
  std::unique_ptr<simulated_workers> workers_;
};

} // namespace cotorra::io
