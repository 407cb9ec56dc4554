#include "base/endpoint.hpp"
#include "base/identifiers.hpp"
#include "explain/map_words.hpp"
#include "explain/text.hpp"
#include <fmt/format.h>

namespace cotorra::explain {
namespace {

void add_prefix(byte_map& map, packed_string const& s, std::string note) {
  map.add(s.prefix.size(), s.depth, s.name, s.prefix, std::move(note));
}

void add_one(byte_map& map, packed_string const& s, std::size_t length, std::string name,
             std::string value, std::string note = {}) {
  map.add(length, s.depth + 1, std::move(name), std::move(value), std::move(note));
  map.rows.back().alike = true;
}

bool check_rest(byte_map& map, packed_string const& s, std::size_t unit) {
  if (s.content.size() % unit == 0) return true;
  map.trouble = fmt::format("byte {}: {} has {} bytes, which is no multiple of {}",
                            map.end(), s.name, s.content.size(), unit);
  return false;
}

} // namespace

bool add_hashes(byte_map& map, packed_string const& s) {
  std::size_t const n = s.content.size() / sha1_digest::size;
  add_prefix(map, s,
             fmt::format("the hashes of {}, 20 bytes each", count_of(n, "piece")));
  for (std::size_t i = 0; i < n; ++i) {
    auto const hash = sha1_digest::from(s.content.subspan(i * sha1_digest::size));
    add_one(map, s, sha1_digest::size, fmt::format("hash of piece {}", i), hash.hex());
  }
  return check_rest(map, s, sha1_digest::size);
}

bool add_addresses(byte_map& map, packed_string const& s) {
  std::size_t const size = s.name == "peers6" ? 16 : 4, unit = size + 2;
  std::size_t const n = s.content.size() / unit;
  add_prefix(map, s,
             fmt::format("{} of {} bytes: address and port (BEP {})", count_of(n, "peer"),
                         unit, size == 4 ? 23 : 7));
  for (std::size_t i = 0; i < n; ++i) {
    bytes const peer = s.content.subspan(i * unit, unit);
    std::uint16_t const port = get_u16(peer.subspan(size));
    add_one(map, s, size, fmt::format("peer {} address", i + 1),
            ip_address::from(peer.first(size)).text());
    add_one(map, s, 2, fmt::format("peer {} port", i + 1), std::to_string(port),
            fmt::format("0x{:02x} * 256 + 0x{:02x}", port >> 8, port & 0xff));
  }
  return check_rest(map, s, unit);
}

bool add_bits(byte_map& map, packed_string const& s) {
  add_prefix(map, s, "a bitfield, as in the message");
  std::string const pieces = pieces_in(s.content);
  map.add(s.content.size(), s.depth + 1, "bits", in_binary(s.content),
          pieces.empty() ? "" : "pieces " + pieces);
  return true;
}

} // namespace cotorra::explain
