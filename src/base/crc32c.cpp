#include "base/crc32c.hpp"
#include <array>

namespace cotorra {
namespace {

// What each value of a byte does to the sum, computed by the compiler.
constexpr std::array<std::uint32_t, 256> effects = [] {
  constexpr std::uint32_t castagnoli = 0x82f63b78; // the polynomial, lowest power first
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t sum = byte;
    for (int bit = 0; bit < 8; ++bit) sum = (sum >> 1) ^ (sum & 1 ? castagnoli : 0);
    table[byte] = sum;
  }
  return table;
}();

} // namespace

std::uint32_t crc32c(bytes in) {
  std::uint32_t sum = 0xffffffff;
  for (std::byte const b : in)
    sum = (sum >> 8) ^ effects[(sum ^ std::to_integer<std::uint32_t>(b)) & 0xff];
  return ~sum;
}

} // namespace cotorra
