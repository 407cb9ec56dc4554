// A capture file, read back as packets: by the letter of its formats, apart from the code
// that wrote it.
#pragma once
#include "base/bytes.hpp"
#include "base/endpoint.hpp"
#include <stdexcept>
#include <vector>

namespace cotorra::test {

// The ones' complement sum of 16-bit words (RFC 1071): 0xffff over what is intact.
inline std::uint32_t ones_sum(bytes all) {
  std::uint32_t sum = 0;
  for (std::size_t i = 0; i < all.size(); ++i) {
    sum += std::to_integer<std::uint32_t>(all[i]) << (i % 2 == 0 ? 8 : 0);
    if (sum > 0xffff) sum -= 0xffff;
  }
  return sum;
}

struct captured_packet {
  std::uint64_t at = 0; // nanoseconds
  std::uint32_t way = 0;
  endpoint from, to;
  std::uint32_t number = 0, acknowledged = 0;
  std::uint8_t flags = 0;
  std::size_t size = 0;
  buffer payload;
  bool intact = false; // both checksums
};

inline captured_packet read_ip(bytes p) {
  captured_packet out;
  out.size = p.size();
  bool const v6 = std::to_integer<int>(p[0]) >> 4 == 6;
  std::size_t const header = v6 ? 40 : 20, address = v6 ? 16 : 4;
  std::size_t const addresses = v6 ? 8 : 12;
  std::size_t const size = v6 ? get_u16(p.subspan(4)) + header : get_u16(p.subspan(2));
  if (size != p.size()) throw std::runtime_error("the IP header has another length");
  out.from.address = ip_address::from(p.subspan(addresses, address));
  out.to.address = ip_address::from(p.subspan(addresses + address, address));
  bytes const tcp = p.subspan(header);
  out.from.port = get_u16(tcp);
  out.to.port = get_u16(tcp.subspan(2));
  out.number = get_u32(tcp.subspan(4));
  out.acknowledged = get_u32(tcp.subspan(8));
  out.flags = std::to_integer<std::uint8_t>(tcp[13]);
  bytes const said = tcp.subspan(4 * (std::to_integer<std::size_t>(tcp[12]) >> 4));
  out.payload.assign(said.begin(), said.end());
  buffer summed(p.begin() + static_cast<std::ptrdiff_t>(addresses),
                p.begin() + static_cast<std::ptrdiff_t>(header));
  put_u32(summed, static_cast<std::uint32_t>(tcp.size()));
  put_u32(summed, 6); // TCP
  append(summed, tcp);
  out.intact = ones_sum(summed) == 0xffff && (v6 || ones_sum(p.first(header)) == 0xffff);
  return out;
}

inline std::vector<captured_packet> packets_of(bytes file) {
  std::vector<captured_packet> all;
  for (std::size_t block = 0; !file.empty(); ++block) {
    std::uint32_t const type = get_u32(file), size = get_u32(file.subspan(4));
    std::uint32_t const wanted = block == 0 ? 0x0a0d0d0a : block == 1 ? 1 : 6;
    if (type != wanted || size % 4 != 0 || get_u32(file.subspan(size - 4)) != size)
      throw std::runtime_error("this is no block of a capture");
    if (block > 1) {
      std::uint32_t const length = get_u32(file.subspan(20));
      captured_packet one = read_ip(file.subspan(28, length));
      one.at = get_number<std::uint64_t>(file.subspan(12));
      one.way = get_u32(file.subspan(28 + (length + 3) / 4 * 4 + 4));
      all.push_back(std::move(one));
    }
    file = file.subspan(size);
  }
  return all;
}

} // namespace cotorra::test
