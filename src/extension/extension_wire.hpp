// The extension protocol (BEP 10): message 20 carries a byte that names an extension, and
// a payload. Which byte names which extension, each side chooses for what it receives,
// and says so in the extended handshake, a bencoded dictionary.
#pragma once
#include "base/endpoint.hpp"
#include "base/error.hpp"
#include <map>
#include <string>

namespace cotorra::extension {

inline constexpr std::uint8_t handshake_id = 0; // of the extended handshake
inline constexpr std::string_view ut_metadata = "ut_metadata"; // BEP 9
inline constexpr std::string_view ut_pex = "ut_pex";           // BEP 11

using id_map = std::map<std::string, std::uint8_t, std::less<>>;

struct extended_handshake {
  // "m": the ids that the sender wants to receive. 0: it does not want this extension, or
  // no longer. A later handshake need only say what has changed.
  id_map ids;
  std::optional<ip_address> ipv4, ipv6;       // other addresses of the sender
  std::optional<std::uint64_t> metadata_size; // of the info dictionary, in bytes (BEP 9)
  std::optional<std::uint16_t> port;          // "p": where the sender listens
  std::optional<std::uint32_t> reqq;          // how many requests it lets wait
  std::string client;                         // "v": its name and version
  std::optional<ip_address> your_ip;          // how it sees the receiver

  bool operator==(extended_handshake const&) const = default;
};

// Passes over unknown keys, and values that make no sense. Throws
// protocol_error{malformed_bencode, limit_exceeded} when this is no dictionary.
extended_handshake decode_handshake(bytes payload);
buffer encode(extended_handshake const&);

} // namespace cotorra::extension
