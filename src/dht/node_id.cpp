#include "dht/node_id.hpp"
#include "base/crc32c.hpp"
#include <bit>

namespace cotorra::dht {
namespace {

// The bits of an address that count, fewer in the bytes that many nodes of one owner
// share: an owner of many addresses gets few ids (BEP 42).
constexpr std::array<unsigned, 4> mask_of_v4{0x03, 0x0f, 0x3f, 0xff};
constexpr std::array<unsigned, 8> mask_of_v6{0x01, 0x03, 0x07, 0x0f,
                                             0x1f, 0x3f, 0x7f, 0xff};
constexpr unsigned bound_bits = 21; // of the id

// Its first 21 bits are the beginning of each id of this address that ends in r.
std::uint32_t beginning(ip_address const& a, std::byte r) {
  std::span<unsigned const> mask = mask_of_v4;
  if (a.is_v6) mask = mask_of_v6; // the network; the rest of IPv6 is the host's choice
  std::array<std::byte, 8> masked;
  for (std::size_t i = 0; i < mask.size(); ++i)
    masked[i] = a.value[i] & static_cast<std::byte>(mask[i]);
  masked[0] |= (r & std::byte{7}) << 5;
  return crc32c(bytes(masked).first(mask.size()));
}

} // namespace

node_id distance(node_id const& a, node_id const& b) {
  node_id d;
  for (std::size_t i = 0; i < node_id::size; ++i) d.value[i] = a.value[i] ^ b.value[i];
  return d;
}

bool closer(node_id const& a, node_id const& b, node_id const& target) {
  for (std::size_t i = 0; i < node_id::size; ++i) {
    std::byte const from_a = a.value[i] ^ target.value[i];
    std::byte const from_b = b.value[i] ^ target.value[i];
    if (from_a != from_b) return from_a < from_b;
  }
  return false;
}

unsigned common_bits(node_id const& a, node_id const& b) {
  for (unsigned i = 0; i < node_id::size; ++i)
    if (auto const differing = std::to_integer<std::uint8_t>(a.value[i] ^ b.value[i]))
      return 8 * i + static_cast<unsigned>(std::countl_zero(differing));
  return id_bits;
}

node_id random_id(random_source& random) {
  node_id id;
  random.fill(id.value);
  return id;
}

node_id random_id_sharing(node_id const& with, unsigned bits, random_source& random) {
  node_id id = random_id(random);
  std::copy_n(with.value.begin(), bits / 8, id.value.begin());
  if (bits % 8 == 0) return id;
  std::byte const shared = std::byte{0xff} << (8 - bits % 8);
  std::byte& last = id.value[bits / 8];
  last = (with.value[bits / 8] & shared) | (last & ~shared);
  return id;
}

node_id random_id_in_bucket(node_id const& of, unsigned bits, random_source& random) {
  node_id beside = of;
  beside.value[bits / 8] ^= std::byte{0x80} >> (bits % 8);
  return random_id_sharing(beside, bits + 1, random);
}

node_id id_for(ip_address const& address, std::byte r, random_source& random) {
  buffer wire;
  put_u32(wire, beginning(address, r));
  wire.resize(node_id::size);
  node_id id = random_id_sharing(node_id::from(wire), bound_bits, random);
  id.value.back() = r;
  return id;
}

bool belongs_to(node_id const& id, ip_address const& address) {
  if (address.is_local()) return true;
  std::uint32_t const wanted = beginning(address, id.value.back());
  return (wanted ^ get_u32(id.value)) >> (32 - bound_bits) == 0;
}

} // namespace cotorra::dht
