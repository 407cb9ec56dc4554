// Bytes, and the numbers in them. BitTorrent writes every number big-endian (BEP 3).
#pragma once
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>
#include <vector>

namespace cotorra {

using bytes = std::span<std::byte const>;
using mutable_bytes = std::span<std::byte>;
using buffer = std::vector<std::byte>;

inline bytes as_bytes(std::string_view text) { return std::as_bytes(std::span(text)); }
inline std::string_view as_text(bytes b) {
  return {reinterpret_cast<char const*>(b.data()), b.size()};
}

// The big-endian number in the first sizeof(Number) bytes. There must be that many.
template <class Number> Number get_number(bytes from) {
  Number n = 0;
  for (std::size_t i = 0; i < sizeof(Number); ++i)
    n = static_cast<Number>(static_cast<Number>(n << 8) |
                            std::to_integer<Number>(from[i]));
  return n;
}
inline std::uint16_t get_u16(bytes from) { return get_number<std::uint16_t>(from); }
inline std::uint32_t get_u32(bytes from) { return get_number<std::uint32_t>(from); }

// Appends the number, big-endian.
template <class Number> void put_number(buffer& to, Number n) {
  for (std::size_t i = sizeof(Number); i-- > 0;)
    to.push_back(static_cast<std::byte>(static_cast<std::uint8_t>(n >> (8 * i))));
}
inline void put_u8(buffer& to, std::uint8_t n) { to.push_back(std::byte{n}); }
inline void put_u16(buffer& to, std::uint16_t n) { put_number(to, n); }
inline void put_u32(buffer& to, std::uint32_t n) { put_number(to, n); }

inline void append(buffer& to, bytes more) {
  to.insert(to.end(), more.begin(), more.end());
}
inline void append(buffer& to, std::string_view more) { append(to, as_bytes(more)); }

} // namespace cotorra
