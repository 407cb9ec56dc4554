// The 68 bytes that open every conversation between peers (BEP 3):
//   1 pstrlen | 19 pstr | 8 reserved | 20 info_hash | 20 peer_id
#pragma once
#include "base/error.hpp"
#include "base/identifiers.hpp"

namespace cotorra::handshake {

inline constexpr std::string_view pstr = "BitTorrent protocol";
inline constexpr std::size_t handshake_size = 1 + pstr.size() + 8 + 20 + 20;

// What a peer can do beyond BEP 3, a bit each. Kept as received: bits that we do not know
// are ignored, never refused.
struct reserved_bits {
  static constexpr std::size_t size = 8;
  std::array<std::byte, size> value{};

  bool supports_extensions() const { return has(5, 0x10); } // BEP 10
  bool supports_fast() const { return has(7, 0x04); }       // BEP 6
  bool supports_dht() const { return has(7, 0x01); }        // BEP 5
  reserved_bits& set_extensions() { return set(5, 0x10); }
  reserved_bits& set_fast() { return set(7, 0x04); }
  reserved_bits& set_dht() { return set(7, 0x01); }

  bool operator==(reserved_bits const&) const = default;

private:
  bool has(std::size_t at, unsigned char bit) const {
    return (value[at] & std::byte{bit}) != std::byte{0};
  }
  reserved_bits& set(std::size_t at, unsigned char bit) {
    value[at] |= std::byte{bit};
    return *this;
  }
};

struct handshake {
  reserved_bits reserved;
  info_hash hash;      // which torrent
  cotorra::peer_id id; // which peer sends this

  bool operator==(handshake const&) const = default;
};

std::array<std::byte, handshake_size> encode(handshake const&);

// Are these the first bytes of a handshake? They may be fewer or more than pstrlen and
// pstr. Throws protocol_error{not_bittorrent} that names the first wrong byte.
void check_handshake_start(bytes so_far);

// The first 68 bytes. Throws not_bittorrent, or end_of_stream when there are fewer.
handshake decode(bytes);

} // namespace cotorra::handshake
