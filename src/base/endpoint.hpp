// Where a peer listens: an address of IPv4 or IPv6, and a port. A value without sockets.
#pragma once
#include "base/bytes.hpp"
#include <array>
#include <compare>
#include <functional>
#include <optional>
#include <string>

namespace cotorra {

enum class ip_family { any, v4, v6 }; // any: where it does not matter

struct ip_address {
  bool is_v6 = false;
  std::array<std::byte, 16> value{}; // network order; IPv4 uses the first four

  static ip_address v4(std::uint32_t host_order);
  static ip_address
  from(bytes four_or_sixteen); // ::ffff:a.b.c.d becomes the IPv4 address it holds
  static std::optional<ip_address> parse(std::string_view); // "192.0.2.1", "2001:db8::1"

  bytes view() const { return bytes(value).first(is_v6 ? 16 : 4); }
  std::string text() const;
  bool is_of(ip_family f) const {
    return f == ip_family::any || is_v6 == (f == ip_family::v6);
  }
  bool is_loopback() const;    // 127.0.0.0/8, ::1
  bool is_local() const;       // loopback, private, link-local, unique local
  bool is_unspecified() const; // 0.0.0.0, ::
  // 224.0.0.0 and above, which is broadcast at its end, and ff00::/8 (RFC 1112, RFC 4291)
  bool is_many_hosts() const;
  // Does it mean the same host to us and to a host there? Each network has its own
  // 192.168.0.1, and each machine its own 127.0.0.1.
  bool means_the_same_at(ip_address const& there) const;
  auto operator<=>(ip_address const&) const = default;
};

struct endpoint {
  ip_address address;
  std::uint16_t port = 0;

  // "192.0.2.1:6881", "[2001:db8::1]:6881"
  static std::optional<endpoint> parse(std::string_view);
  std::string text() const;
  auto operator<=>(endpoint const&) const = default;
};

} // namespace cotorra

template <> struct std::hash<cotorra::endpoint> {
  std::size_t operator()(cotorra::endpoint const& e) const noexcept {
    return std::hash<std::string_view>{}(cotorra::as_text(e.address.value)) * 31 + e.port;
  }
};
