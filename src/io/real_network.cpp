#include "io/real_network.hpp"
#include "io/name_lookup.hpp"
#include <asio/connect.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/ip/udp.hpp>
#include <asio/ip/v6_only.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/write.hpp>
#include <thread>

namespace cotorra::io {
namespace {

using asio::ip::tcp;
using asio::ip::udp;

template <class Protocol> typename Protocol::endpoint to_asio(endpoint const& e) {
  if (e.address.is_v6) {
    asio::ip::address_v6::bytes_type raw;
    std::memcpy(raw.data(), e.address.value.data(), raw.size());
    return {asio::ip::address_v6(raw), e.port};
  }
  return {asio::ip::address_v4(get_u32(e.address.view())), e.port};
}

ip_address from_asio(asio::ip::address const& a) {
  if (a.is_v4()) return ip_address::v4(a.to_v4().to_uint());
  auto const raw = a.to_v6().to_bytes();
  return ip_address::from(std::as_bytes(std::span(raw)));
}

template <class E> endpoint from_asio(E const& e) {
  return {from_asio(e.address()), e.port()};
}

class tcp_stream : public stream {
public:
  explicit tcp_stream(tcp::socket s) : socket_(std::move(s)) {
    asio::error_code ignored; // a peer that has just left has no endpoint any more
    socket_.set_option(tcp::no_delay(true), ignored);
    local_ = from_asio(socket_.local_endpoint(ignored));
    remote_ = from_asio(socket_.remote_endpoint(ignored));
  }

  task<std::size_t> read_some(mutable_bytes into) override {
    asio::error_code ec;
    std::size_t const n =
        co_await socket_.async_read_some(asio::buffer(into.data(), into.size()),
                                         asio::redirect_error(asio::use_awaitable, ec));
    if (ec == asio::error::eof) co_return 0;
    if (ec) throw asio::system_error(ec);
    co_return n;
  }

  task<> write(std::span<bytes const> buffers) override {
    out_.clear();
    for (bytes b : buffers) out_.emplace_back(b.data(), b.size());
    // Asio's own condition would cut the write into parts of 64 KiB
    auto const all_at_once = [](asio::error_code const& ec, std::size_t) {
      return ec ? std::size_t{0} : std::size_t{1} << 20;
    };
    co_await asio::async_write(socket_, out_, all_at_once, asio::use_awaitable);
  }

  void close() override {
    asio::error_code ignored;
    socket_.close(ignored);
  }
  endpoint local() const override { return local_; }
  endpoint remote() const override { return remote_; }

private:
  tcp::socket socket_;
  endpoint local_, remote_;
  std::vector<asio::const_buffer> out_;
};

class tcp_listener : public listener {
public:
  tcp_listener(executor ex, endpoint at) : acceptor_(ex) {
    auto const e = to_asio<tcp>(at);
    acceptor_.open(e.protocol());
    acceptor_.set_option(asio::socket_base::reuse_address(true));
    // so that IPv4 and IPv6 can have a listener each on the same port
    if (at.address.is_v6) acceptor_.set_option(asio::ip::v6_only(true));
    acceptor_.bind(e);
    acceptor_.listen();
    local_ = from_asio(acceptor_.local_endpoint());
  }
  task<std::unique_ptr<stream>> accept() override {
    tcp::socket s = co_await acceptor_.async_accept(asio::use_awaitable);
    co_return std::make_unique<tcp_stream>(std::move(s));
  }
  endpoint local() const override { return local_; }
  void close() override {
    asio::error_code ignored;
    acceptor_.close(ignored);
  }

private:
  tcp::acceptor acceptor_;
  endpoint local_; // also when it is closed
};

class udp_socket : public datagram_socket {
public:
  udp_socket(executor ex, endpoint at) : socket_(ex) {
    auto const e = to_asio<udp>(at);
    socket_.open(e.protocol());
    if (at.address.is_v6) socket_.set_option(asio::ip::v6_only(true));
    socket_.bind(e);
  }
  task<> send_to(endpoint to, bytes packet) override {
    auto const e = to_asio<udp>(to);
    co_await socket_.async_send_to(asio::buffer(packet.data(), packet.size()), e,
                                   asio::use_awaitable);
  }
  task<datagram> receive_from(mutable_bytes into) override {
    udp::endpoint from;
    std::size_t const n = co_await socket_.async_receive_from(
        asio::buffer(into.data(), into.size()), from, asio::use_awaitable);
    co_return datagram{from_asio(from), n};
  }
  void close() override {
    asio::error_code ignored;
    socket_.close(ignored);
  }
  endpoint local() const override { return from_asio(socket_.local_endpoint()); }

private:
  udp::socket socket_;
};

constexpr long most_lookups = 64; // at the same time, including abandoned ones

class real_network : public network {
public:
  explicit real_network(executor ex) : executor_(std::move(ex)) {}

  task<std::unique_ptr<stream>> connect(endpoint to) override {
    tcp::socket s(executor_);
    auto const e = to_asio<tcp>(to);
    co_await s.async_connect(e, asio::use_awaitable);
    co_return std::make_unique<tcp_stream>(std::move(s));
  }
  std::unique_ptr<listener> listen(endpoint at) override {
    return std::make_unique<tcp_listener>(executor_, at);
  }
  std::unique_ptr<datagram_socket> open_datagram_socket(endpoint at) override {
    return std::make_unique<udp_socket>(executor_, at);
  }
  task<std::vector<ip_address>> resolve(std::string host) override {
    std::vector<ip_address> found;
    if (auto literal = ip_address::parse(host)) {
      found.push_back(*literal);
      co_return found;
    }
    if (lookups_.use_count() > most_lookups)
      throw asio::system_error(asio::error::try_again);
    auto const asked = std::make_shared<name_lookup>(std::move(host), lookups_);
    asio::posix::stream_descriptor bell(executor_, asked->share_bell());
    std::thread([asked] { asked->run(); }).detach();
    co_await bell.async_wait(asio::posix::stream_descriptor::wait_read,
                             asio::use_awaitable);
    co_return asked->result();
  }

private:
  std::shared_ptr<int> lookups_ = std::make_shared<int>(); // each lookup holds a share
  executor executor_;
};

} // namespace

std::unique_ptr<network> make_real_network(executor ex) {
  return std::make_unique<real_network>(std::move(ex));
}

} // namespace cotorra::io
