#include "base/bitfield.hpp"
#include <bit>

namespace cotorra {

bitfield::bitfield(std::size_t size, bool value) : bits_((size + 7) / 8), size_(size) {
  if (value)
    for (std::size_t i = 0; i < size; ++i) set(i);
}

std::optional<bitfield> bitfield::decode(bytes wire, std::size_t size) {
  if (wire.size() != (size + 7) / 8) return std::nullopt;
  bitfield b;
  b.bits_.assign(wire.begin(), wire.end());
  b.size_ = size;
  if (size % 8 != 0 && (b.bits_.back() & (std::byte{0xff} >> (size % 8))) != std::byte{0})
    return std::nullopt;
  for (std::byte x : wire)
    b.count_ += static_cast<std::size_t>(std::popcount(std::to_integer<unsigned>(x)));
  return b;
}

void bitfield::set(std::size_t i) {
  count_ += (*this)[i] ? 0 : 1;
  bits_[i / 8] |= mask(i);
}

void bitfield::reset(std::size_t i) {
  count_ -= (*this)[i] ? 1 : 0;
  bits_[i / 8] &= ~mask(i);
}

} // namespace cotorra
