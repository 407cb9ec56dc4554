// A network inside the process: names, listeners and connections over memory pipes.
//   memory_network net(desk.executor());
//   net.name("tracker.example", {"192.0.2.1"});
//   auto door = net.listen(*endpoint::parse("192.0.2.1:80"));
// Where no one listens, a connection is refused; an endpoint that hangs() never answers.
#pragma once
#include "io/memory_pipe.hpp"
#include "io/network.hpp"
#include <asio/error.hpp>
#include <deque>
#include <map>
#include <set>

namespace cotorra::test {

// One end of a wire that knows the addresses of both ends.
class addressed_stream : public io::stream {
public:
  addressed_stream(std::unique_ptr<io::memory_stream> wire, endpoint local,
                   endpoint remote)
      : wire_(std::move(wire)), local_(local), remote_(remote) {}
  ~addressed_stream() override { wire_->close(); }

  io::task<std::size_t> read_some(mutable_bytes into) override {
    return wire_->read_some(into);
  }
  io::task<> write(std::span<bytes const> buffers) override {
    return wire_->write(buffers);
  }
  void close() override { wire_->close(); }
  endpoint local() const override { return local_; }
  endpoint remote() const override { return remote_; }

  io::memory_stream& wire() { return *wire_; } // say(), heard()

private:
  std::unique_ptr<io::memory_stream> wire_;
  endpoint local_, remote_;
};

class memory_network : public io::network {
public:
  explicit memory_network(io::executor ex)
      : executor_(std::move(ex)), table_(std::make_shared<doors>()) {}

  void name(std::string const& host, std::vector<std::string> const& addresses) {
    for (auto const& a : addresses) names_[host].push_back(ip_address::parse(a).value());
  }
  void hangs(endpoint there) { silent_.insert(there); }
  void never_resolves(std::string const& host) { unknown_.insert(host); }
  // The address that connections come from; the port counts up.
  void dial_from(ip_address a) { here_.address = a; }
  std::vector<endpoint> const& dialled() const { return dialled_; }

  io::task<std::vector<ip_address>> resolve(std::string host) override {
    if (auto literal = ip_address::parse(host))
      co_return std::vector<ip_address>(1, *literal);
    if (unknown_.count(host)) {
      io::event never(executor_);
      co_await never.wait();
    }
    auto const found = names_.find(host);
    if (found == names_.end()) throw asio::system_error(asio::error::host_not_found);
    co_return found->second;
  }

  io::task<std::unique_ptr<io::stream>> connect(endpoint to) override {
    dialled_.push_back(to);
    if (silent_.count(to)) {
      io::event never(executor_);
      co_await never.wait();
    }
    auto const door = table_->find(to);
    if (door == table_->end()) throw asio::system_error(asio::error::connection_refused);
    ++here_.port;
    auto [near, far] = io::memory_stream::pair(executor_);
    door->second->waiting.push_back(
        std::make_unique<addressed_stream>(std::move(far), to, here_));
    door->second->knock.set();
    co_return std::make_unique<addressed_stream>(std::move(near), here_, to);
  }

  std::unique_ptr<io::listener> listen(endpoint at) override {
    if (at.port == 0) at.port = ++free_port_;
    if (table_->count(at)) throw asio::system_error(asio::error::address_in_use);
    return std::make_unique<memory_listener>(executor_, at, table_);
  }

  std::unique_ptr<io::datagram_socket> open_datagram_socket(endpoint) override {
    throw asio::system_error(asio::error::operation_not_supported);
  }

private:
  struct porch {
    explicit porch(io::executor ex) : knock(std::move(ex)) {}
    std::deque<std::unique_ptr<addressed_stream>> waiting;
    io::event knock;
    bool closed = false;
  };
  using doors = std::map<endpoint, std::shared_ptr<porch>>;

  class memory_listener : public io::listener {
  public:
    memory_listener(io::executor ex, endpoint at, std::shared_ptr<doors> table)
        : at_(at), table_(std::move(table)), porch_(std::make_shared<porch>(ex)) {
      table_->emplace(at_, porch_);
    }
    ~memory_listener() override { close(); }

    io::task<std::unique_ptr<io::stream>> accept() override {
      auto const here = porch_;
      while (here->waiting.empty() && !here->closed) co_await here->knock.wait();
      if (here->closed) throw asio::system_error(asio::error::operation_aborted);
      std::unique_ptr<io::stream> next = std::move(here->waiting.front());
      here->waiting.pop_front();
      co_return next;
    }
    endpoint local() const override { return at_; }
    void close() override {
      if (!porch_->closed) table_->erase(at_);
      porch_->closed = true;
      porch_->waiting.clear();
      porch_->knock.set();
    }

  private:
    endpoint const at_;
    std::shared_ptr<doors> table_;
    std::shared_ptr<porch> porch_;
  };

  io::executor executor_;
  std::shared_ptr<doors> table_; // shared, so that a listener may outlive the network
  std::map<std::string, std::vector<ip_address>> names_;
  std::set<std::string> unknown_;
  std::set<endpoint> silent_;
  std::vector<endpoint> dialled_;
  endpoint here_{ip_address::v4(0x0A000001), 49151}; // 10.0.0.1
  std::uint16_t free_port_ = 30000;
};

} // namespace cotorra::test
