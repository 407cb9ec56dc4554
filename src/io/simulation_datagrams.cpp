#include "io/simulation_host.hpp"
#include "io/simulation_network.hpp"
#include <asio/error.hpp>
#include <asio/system_error.hpp>

namespace cotorra::io {
namespace {

constexpr std::size_t largest = 65507; // what fits in a UDP packet
constexpr std::size_t most_unread = 256 * 1024;

class simulated_socket : public datagram_socket {
public:
  simulated_socket(simulated_network& n, std::shared_ptr<udp_port> p)
      : network_(n), port_(std::move(p)) {}
  ~simulated_socket() override { close(); }

  task<> send_to(endpoint to, bytes packet) override {
    if (port_->closed) throw asio::system_error(asio::error::operation_aborted);
    if (packet.size() > largest) throw asio::system_error(asio::error::message_size);
    network_.send_datagram(*port_, to, packet);
    co_return;
  }

  task<datagram> receive_from(mutable_bytes into) override {
    while (port_->waiting.empty() && !port_->closed) co_await port_->arrived.wait();
    if (port_->closed) throw asio::system_error(asio::error::operation_aborted);
    udp_port::letter const next = std::move(port_->waiting.front());
    port_->waiting.pop_front();
    port_->waiting_size -= next.text.size();
    std::size_t const n = std::min(into.size(), next.text.size());
    std::copy_n(next.text.begin(), n, into.begin());
    co_return datagram{next.from, n};
  }

  void close() override {
    port_->closed = true;
    port_->arrived.set();
  }
  endpoint local() const override { return port_->at; }

private:
  simulated_network& network_;
  std::shared_ptr<udp_port> port_;
};

} // namespace

std::unique_ptr<datagram_socket> simulated_network::open_datagram_socket(endpoint at) {
  auto const port = std::make_shared<udp_port>(wires_, claim(at, false));
  udp_.push_back(port);
  return std::make_unique<simulated_socket>(*this, port);
}

void simulated_network::send_datagram(udp_port const& port, endpoint to, bytes packet) {
  host* const there = wires_.route(self_, to.address);
  if (!there) return wires_.note("nobody", port.number, packet.size());
  endpoint from = port.at;
  if (from.address.is_unspecified()) from.address = own_address(to.address);
  auto const text = std::make_shared<buffer>(packet.begin(), packet.end());
  auto came = [there, from, to, text] {
    there->network().receive_datagram(from, to, std::move(*text));
  };
  wires::parcel p{port.number, packet.size(), nullptr, std::move(came)};
  wires_.carry_datagram(plug_, there->network().plug_, std::move(p));
}

void simulated_network::receive_datagram(endpoint from, endpoint to, buffer&& text) {
  auto const port = find(udp_, to);
  bool const fits = port && port->waiting_size + text.size() <= most_unread;
  wires_.note(fits ? "datagram" : "unread", from.port, text.size());
  if (!fits) return;
  port->waiting_size += text.size();
  port->waiting.push_back({from, std::move(text)});
  port->arrived.set();
}

} // namespace cotorra::io
