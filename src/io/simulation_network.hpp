// The network as one simulated host sees it: its listeners, sockets and connections.
#pragma once
#include "io/network.hpp"
#include "io/simulation_stream.hpp"
#include <vector>

namespace cotorra::io {

// A port that waits for connections; held by its listener.
struct tcp_port {
  tcp_port(executor ex, endpoint e) : at(e), arrived(std::move(ex)) {}
  endpoint at;
  std::deque<std::unique_ptr<stream>> waiting;
  event arrived;
  bool closed = false;
};

// A port that takes datagrams; held by its socket.
struct udp_port {
  udp_port(wires& w, endpoint e) : at(e), number(w.new_flow()), arrived(w.executor) {}
  endpoint at;
  std::uint64_t const number;
  struct letter {
    endpoint from;
    buffer text;
  };
  std::deque<letter> waiting;
  std::size_t waiting_size = 0;
  event arrived;
  bool closed = false;
};

// A host connects: the result so far.
struct dialling {
  explicit dialling(executor ex) : answered(std::move(ex)) {}
  endpoint from, to;
  std::unique_ptr<stream> result;
  asio::error_code error;
  event answered;
};

class simulated_network : public network {
public:
  // `self` is the host of this network, `at` its link.
  simulated_network(wires& w, host& self, plug& at) : wires_(w), self_(self), plug_(at) {}

  task<std::unique_ptr<stream>> connect(endpoint to) override;
  std::unique_ptr<listener> listen(endpoint at) override;
  std::unique_ptr<datagram_socket> open_datagram_socket(endpoint at) override;
  task<std::vector<ip_address>> resolve(std::string name) override;

  void kill();
  void send_datagram(udp_port const& from, endpoint to, bytes packet);

private:
  // Both are called where the packet arrives.
  void dialled(std::shared_ptr<dialling> const&, simulated_network& caller);
  void receive_datagram(endpoint from, endpoint to, buffer&& text);

  void dial(std::shared_ptr<dialling> const&);
  void answer(std::shared_ptr<dialling> const&, simulated_network& caller,
              std::shared_ptr<tcp_port> const&);
  ip_address own_address(ip_address towards) const;
  endpoint claim(endpoint wanted, bool tcp);
  template <class Port>
  static std::shared_ptr<Port> find(std::vector<std::weak_ptr<Port>> const&, endpoint to);

  // A connection, from here.
  struct connection {
    std::weak_ptr<tcp_flow> in, out;
  };
  void remember(std::shared_ptr<tcp_flow> const& in,
                std::shared_ptr<tcp_flow> const& out);

  wires& wires_;
  host& self_;
  plug& plug_;
  std::vector<std::weak_ptr<tcp_port>> tcp_;
  std::vector<std::weak_ptr<udp_port>> udp_;
  std::vector<connection> connections_;
  std::uint16_t next_port_ = 49152; // the first dynamic port (RFC 6335)
};

} // namespace cotorra::io
