// A set of piece indices, in the order of the wire: the highest bit of the first byte is
// piece 0 (BEP 3, "bitfield"). Bits past the last piece are spare and always zero here.
#pragma once
#include "base/bytes.hpp"
#include <optional>

namespace cotorra {

class bitfield {
public:
  bitfield() = default;
  explicit bitfield(std::size_t size, bool value = false);

  // What a peer sent for `size` pieces; nullopt when the length is wrong or a spare bit
  // is set.
  static std::optional<bitfield> decode(bytes, std::size_t size);
  bytes encode() const { return bits_; }

  std::size_t size() const { return size_; }
  std::size_t count() const { return count_; }
  bool all() const { return count_ == size_; }
  bool none() const { return count_ == 0; }

  bool operator[](std::size_t i) const {
    return (bits_[i / 8] & mask(i)) != std::byte{0};
  }
  void set(std::size_t i);
  void reset(std::size_t i);

  bool operator==(bitfield const&) const = default;

private:
  static constexpr std::byte mask(std::size_t i) { return std::byte{0x80} >> (i % 8); }

  buffer bits_;
  std::size_t size_ = 0;
  std::size_t count_ = 0;
};

} // namespace cotorra
