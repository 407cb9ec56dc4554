#include "base/endpoint.hpp"
#include <algorithm>
#include <arpa/inet.h>
#include <charconv>

namespace cotorra {
namespace {

constexpr std::array<std::byte, 12> v4_in_v6{
    std::byte{0}, std::byte{0}, std::byte{0},    std::byte{0},
    std::byte{0}, std::byte{0}, std::byte{0},    std::byte{0},
    std::byte{0}, std::byte{0}, std::byte{0xff}, std::byte{0xff}};

unsigned octet(ip_address const& a, std::size_t i) {
  return std::to_integer<unsigned>(a.value[i]);
}

// 64:ff9b::/96 (RFC 6052) and 2002::/16 (RFC 3056) contain an IPv4 address, and lead to
// it.
bool is_6to4(ip_address const& a) { return octet(a, 0) == 0x20 && octet(a, 1) == 0x02; }
bool holds_v4(ip_address const& a) {
  constexpr std::array<unsigned, 12> translated{0, 0x64, 0xff, 0x9b};
  for (std::size_t i = 0; i < translated.size() && !is_6to4(a); ++i)
    if (octet(a, i) != translated[i]) return false;
  return true;
}
ip_address v4_inside(ip_address const& a) {
  return ip_address::from(bytes(a.value).subspan(is_6to4(a) ? 2 : 12, 4));
}

} // namespace

ip_address ip_address::v4(std::uint32_t host_order) {
  buffer wire;
  put_u32(wire, host_order);
  return from(wire);
}

ip_address ip_address::from(bytes in) {
  ip_address a;
  if (in.size() == 16 && std::equal(v4_in_v6.begin(), v4_in_v6.end(), in.begin()))
    in = in.subspan(12);
  a.is_v6 = in.size() == 16;
  std::copy(in.begin(), in.end(), a.value.begin());
  return a;
}

std::optional<ip_address> ip_address::parse(std::string_view text) {
  std::string const terminated(text);
  std::array<std::byte, 16> wire;
  if (terminated.size() != std::strlen(terminated.c_str())) return std::nullopt;
  if (inet_pton(AF_INET, terminated.c_str(), wire.data()) == 1)
    return from(bytes(wire).first(4));
  if (inet_pton(AF_INET6, terminated.c_str(), wire.data()) == 1) return from(wire);
  return std::nullopt;
}

std::string ip_address::text() const {
  std::array<char, INET6_ADDRSTRLEN> out;
  return inet_ntop(is_v6 ? AF_INET6 : AF_INET, value.data(), out.data(), out.size());
}

bool ip_address::means_the_same_at(ip_address const& there) const {
  if (is_loopback()) return there.is_loopback();
  return !is_local() || there.is_local();
}

bool ip_address::is_unspecified() const {
  return std::all_of(value.begin(), value.end(),
                     [](std::byte b) { return b == std::byte{0}; });
}

bool ip_address::is_loopback() const {
  if (!is_v6) return octet(*this, 0) == 127;
  return std::all_of(value.begin(), value.end() - 1,
                     [](std::byte b) { return b == std::byte{0}; }) &&
         octet(*this, 15) == 1;
}

bool ip_address::is_many_hosts() const {
  unsigned const first = octet(*this, 0);
  return is_v6 ? first == 0xff : first >= 224;
}

bool ip_address::is_local() const {
  if (is_loopback() || is_unspecified()) return true;
  unsigned const a = octet(*this, 0), b = octet(*this, 1);
  if (is_v6 && holds_v4(*this)) return v4_inside(*this).is_local();
  if (is_v6) return (a & 0xfe) == 0xfc || (a == 0xfe && (b & 0x80) == 0x80);
  return a == 10 || (a == 172 && (b & 0xf0) == 16) || (a == 192 && b == 168) ||
         (a == 169 && b == 254) || (a == 100 && (b & 0xc0) == 64) || a == 0;
}

std::optional<endpoint> endpoint::parse(std::string_view text) {
  auto const colon = text.rfind(':');
  if (colon == text.npos) return std::nullopt;
  std::string_view host = text.substr(0, colon), digits = text.substr(colon + 1);
  bool const bracketed = host.size() > 2 && host.front() == '[' && host.back() == ']';
  if (bracketed) host = host.substr(1, host.size() - 2);
  auto address = ip_address::parse(host);
  std::uint16_t port = 0;
  auto const [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), port);
  if (!address || error != std::errc{} || end != digits.data() + digits.size())
    return std::nullopt;
  if (bracketed != (host.find(':') != host.npos)) return std::nullopt;
  return endpoint{*address, port};
}

std::string endpoint::text() const {
  std::string host = address.text();
  if (address.is_v6) host = "[" + host + "]";
  return host + ":" + std::to_string(port);
}

} // namespace cotorra
