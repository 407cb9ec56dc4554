#include "io/simulation_network.hpp"
#include "io/simulation_host.hpp"
#include <asio/error.hpp>
#include <asio/system_error.hpp>
#include <utility>

namespace cotorra::io {
namespace {

constexpr std::size_t backlog = 128; // connections that wait to be accepted

class simulated_listener : public listener {
public:
  explicit simulated_listener(std::shared_ptr<tcp_port> p) : port_(std::move(p)) {}
  ~simulated_listener() override { close(); }

  task<std::unique_ptr<stream>> accept() override {
    while (port_->waiting.empty() && !port_->closed) co_await port_->arrived.wait();
    if (port_->closed) throw asio::system_error(asio::error::operation_aborted);
    auto next = std::move(port_->waiting.front());
    port_->waiting.pop_front();
    co_return next;
  }
  endpoint local() const override { return port_->at; }
  void close() override {
    port_->closed = true;
    port_->waiting.clear();
    port_->arrived.set();
  }

private:
  std::shared_ptr<tcp_port> port_;
};

asio::system_error failure(asio::error_code why) { return asio::system_error(why); }

} // namespace

task<std::unique_ptr<stream>> simulated_network::connect(endpoint to) {
  auto const call = std::make_shared<dialling>(wires_.executor);
  call->from = claim({own_address(to.address), 0}, true);
  call->to = to;
  auto give_up = [call] {
    if (!call->result) call->error = asio::error::timed_out;
    call->answered.set();
  };
  wires_.after(wires_.options.connect_timeout, give_up);
  dial(call);
  while (!call->result && !call->error) co_await call->answered.wait();
  if (call->error) throw failure(call->error);
  co_return std::move(call->result);
}

void simulated_network::dial(std::shared_ptr<dialling> const& call) {
  wires_.note("dial", call->from.port, call->to.port);
  host* const there = wires_.route(self_, call->to.address);
  if (!there || !plug_.is_up()) return;
  wires_.after(wires_.one_way(plug_, there->network().plug_), [this, call, there] {
    if (there->is_up()) there->network().dialled(call, *this);
  });
}

void simulated_network::dialled(std::shared_ptr<dialling> const& call,
                                simulated_network& caller) {
  auto const port = find(tcp_, call->to);
  if (port && port->waiting.size() < backlog) return answer(call, caller, port);
  wires_.note("refuse", call->from.port, call->to.port);
  wires_.after(wires_.one_way(plug_, caller.plug_), [call] {
    if (!call->error) call->error = asio::error::connection_refused;
    call->answered.set();
  });
}

void simulated_network::answer(std::shared_ptr<dialling> const& call,
                               simulated_network& caller,
                               std::shared_ptr<tcp_port> const& port) {
  wires_.note("accept", call->from.port, call->to.port);
  auto const there = std::make_shared<tcp_flow>(wires_, caller.plug_, plug_);
  auto const back = std::make_shared<tcp_flow>(wires_, plug_, caller.plug_);
  remember(there, back);
  caller.remember(back, there);
  port->waiting.push_back(
      std::make_unique<simulated_stream>(there, back, call->to, call->from));
  port->arrived.set();
  // nothing that is written from now on may arrive before the answer
  back->last_came = wires_.clock.now() + wires_.one_way(plug_, caller.plug_);
  wires_.events.at(back->last_came, [call, there, back] {
    auto near = std::make_unique<simulated_stream>(back, there, call->from, call->to);
    if (!call->error) call->result = std::move(near);
    call->answered.set();
  });
}

std::unique_ptr<listener> simulated_network::listen(endpoint at) {
  auto const port = std::make_shared<tcp_port>(wires_.executor, claim(at, true));
  tcp_.push_back(port);
  return std::make_unique<simulated_listener>(port);
}

task<std::vector<ip_address>> simulated_network::resolve(std::string name) {
  std::vector<ip_address> found;
  if (auto const literal = ip_address::parse(name)) {
    found.push_back(*literal);
    co_return found;
  }
  if (name == "localhost") found.push_back(ip_address::v4(0x7f000001));
  auto const [first, last] = wires_.names.equal_range(name);
  for (auto at = first; at != last; ++at) found.push_back(at->second);
  co_await wires_.clock.sleep_for(2 * plug_.settings.latency);
  if (found.empty()) throw failure(asio::error::host_not_found);
  co_return found;
}

void simulated_network::remember(std::shared_ptr<tcp_flow> const& in,
                                 std::shared_ptr<tcp_flow> const& out) {
  std::erase_if(connections_, [](connection const& c) { return c.in.expired(); });
  connections_.push_back({in, out});
}

void simulated_network::kill() {
  for (auto const& weak : tcp_)
    if (auto const port = weak.lock()) {
      port->closed = true;
      port->waiting.clear();
      port->arrived.set();
    }
  for (auto const& weak : udp_)
    if (auto const port = weak.lock()) {
      port->closed = true;
      port->arrived.set();
    }
  for (connection const& c : std::exchange(connections_, {})) {
    auto const in = c.in.lock(), out = c.out.lock();
    if (!in || !out) continue;
    wires_.note("reset", in->number, out->number);
    out->fail_writer(asio::error::connection_aborted);
    in->fail_reader(asio::error::connection_aborted);
    wires_.after(wires_.latency(out->from, out->to), [in, out] {
      out->fail_reader(asio::error::connection_reset);
      in->fail_writer(asio::error::connection_reset);
    });
  }
}

ip_address simulated_network::own_address(ip_address towards) const {
  if (towards.is_loopback()) return towards;
  for (ip_address const& a : plug_.addresses)
    if (a.is_v6 == towards.is_v6) return a;
  throw failure(asio::error::network_unreachable);
}

endpoint simulated_network::claim(endpoint wanted, bool tcp) {
  ip_address const& a = wanted.address;
  if (!a.is_unspecified() && !a.is_loopback() && !self_.has(a))
    throw failure(std::make_error_code(std::errc::address_not_available));
  std::erase_if(tcp_, [](auto const& p) { return p.expired() || p.lock()->closed; });
  std::erase_if(udp_, [](auto const& p) { return p.expired() || p.lock()->closed; });
  auto const in_use = [&](endpoint e) { return tcp ? !!find(tcp_, e) : !!find(udp_, e); };
  if (wanted.port != 0) {
    if (in_use(wanted)) throw failure(asio::error::address_in_use);
    return wanted;
  }
  do {
    wanted.port = next_port_;
    next_port_ = next_port_ == 65535 ? std::uint16_t{49152}
                                     : static_cast<std::uint16_t>(next_port_ + 1);
  } while (in_use(wanted));
  return wanted;
}

template <class Port> std::shared_ptr<Port>
simulated_network::find(std::vector<std::weak_ptr<Port>> const& ports, endpoint to) {
  for (auto const& weak : ports) {
    auto port = weak.lock();
    if (!port || port->closed || port->at.port != to.port) continue;
    ip_address const& a = port->at.address;
    if (a == to.address || (a.is_unspecified() && a.is_v6 == to.address.is_v6))
      return port;
  }
  return nullptr;
}

template std::shared_ptr<udp_port>
simulated_network::find(std::vector<std::weak_ptr<udp_port>> const&, endpoint);

} // namespace cotorra::io
