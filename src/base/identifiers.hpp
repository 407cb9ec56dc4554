// The 20-byte names of BitTorrent (BEP 3): which torrent, which peer. Distinct types, so
// that one cannot be passed for the other.
#pragma once
#include "base/bytes.hpp"
#include "base/hex.hpp"
#include <array>
#include <compare>
#include <functional>

namespace cotorra {

template <class Tag> struct identifier {
  static constexpr std::size_t size = 20;
  std::array<std::byte, size> value{};

  // The first 20 bytes; there must be that many.
  static identifier from(bytes in) {
    identifier id;
    std::memcpy(id.value.data(), in.data(), size);
    return id;
  }
  bytes view() const { return value; }
  std::string hex() const { return to_hex(value); }
  auto operator<=>(identifier const&) const = default;
};

using sha1_digest = identifier<struct sha1_tag>; // of a piece
using info_hash =
    identifier<struct info_tag>;             // of the info dictionary: the torrent's name
using peer_id = identifier<struct peer_tag>; // chosen by the peer itself (BEP 20)

using piece_index = std::uint32_t;
using peer_key = std::uint64_t; // one connection of a session; never used twice

} // namespace cotorra

template <class Tag> struct std::hash<cotorra::identifier<Tag>> {
  std::size_t operator()(cotorra::identifier<Tag> const& id) const noexcept {
    std::size_t h;
    std::memcpy(&h, id.value.data(), sizeof h);
    return h;
  }
};
