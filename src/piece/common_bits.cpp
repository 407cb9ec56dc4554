#include "piece/common_bits.hpp"
#include <bit>

namespace cotorra::piece {
namespace {

// In the machine's byte order: fit only for a comparison with zero.
std::uint64_t word_at(bytes b, std::size_t i) {
  std::uint64_t w;
  std::memcpy(&w, b.data() + i, sizeof w);
  return w;
}

} // namespace

std::optional<std::size_t> first_common(bitfield const& x, bitfield const& y,
                                        std::size_t from) {
  if (x.size() != y.size() || from >= x.size() || x.none() || y.none())
    return std::nullopt;
  bytes const a = x.encode(), b = y.encode();
  std::uint8_t first_mask = static_cast<std::uint8_t>(0xff >> (from % 8));
  for (std::size_t i = from / 8; i < a.size(); ++i, first_mask = 0xff) {
    if (first_mask == 0xff)
      while (i + 8 <= a.size() && (word_at(a, i) & word_at(b, i)) == 0) i += 8;
    if (i == a.size()) break;
    auto const both = std::to_integer<std::uint8_t>(a[i] & b[i]);
    auto const hit = static_cast<std::uint8_t>(both & first_mask);
    if (hit != 0) return i * 8 + static_cast<std::size_t>(std::countl_zero(hit));
  }
  return std::nullopt;
}

} // namespace cotorra::piece
