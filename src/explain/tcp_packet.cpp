#include "explain/tcp_packet.hpp"

namespace cotorra::explain {
namespace {

constexpr std::size_t v4_header = 20, v6_header = 40, tcp_header = 20;
constexpr std::uint8_t tcp = 6, hops = 64;
constexpr std::uint16_t do_not_fragment = 0x4000, whole_window = 0xffff;
constexpr std::uint8_t window_scale = 14; // the largest: 65,535 << 14 is 1 GiB

// The Internet checksum (RFC 1071): the ones' complement of the sum of 16-bit words.
class checksum {
public:
  void add(bytes all) { // an odd last byte counts as the upper half of a word
    for (; all.size() >= 2; all = all.subspan(2)) sum_ += get_u16(all);
    if (!all.empty()) sum_ += std::to_integer<std::uint64_t>(all[0]) << 8;
  }
  std::uint16_t value() const {
    std::uint64_t s = sum_;
    while (s > 0xffff) s = (s & 0xffff) + (s >> 16);
    return static_cast<std::uint16_t>(~s);
  }

private:
  std::uint64_t sum_ = 0;
};

void set_u16(buffer& in, std::size_t at, std::uint16_t n) {
  in[at] = static_cast<std::byte>(n >> 8);
  in[at + 1] = static_cast<std::byte>(n & 0xff);
}

void put_address(buffer& to, ip_address const& a, bool v6) {
  append(to, bytes(a.value).first(v6 ? 16 : 4));
}

void put_v4_header(buffer& to, tcp_segment const& s, std::size_t tcp_size) {
  std::size_t const begin = to.size();
  put_u8(to, 0x45); // version 4, five words
  put_u8(to, 0);
  put_u16(to, static_cast<std::uint16_t>(v4_header + tcp_size));
  put_u16(to, 0); // identification: means nothing in a packet that is never fragmented
  put_u16(to, do_not_fragment);
  put_u8(to, hops);
  put_u8(to, tcp);
  put_u16(to, 0); // the checksum
  put_address(to, s.from.address, false);
  put_address(to, s.to.address, false);
  checksum sum;
  sum.add(bytes(to).subspan(begin));
  set_u16(to, begin + 10, sum.value());
}

void put_v6_header(buffer& to, tcp_segment const& s, std::size_t tcp_size) {
  put_u32(to, 0x60000000); // version 6
  put_u16(to, static_cast<std::uint16_t>(tcp_size));
  put_u8(to, tcp);
  put_u8(to, hops);
  put_address(to, s.from.address, true);
  put_address(to, s.to.address, true);
}

// Four bytes at a time, as the header counts.
buffer options_of(tcp_segment const& s) {
  buffer options;
  if ((s.flags & tcp_segment::syn) == 0) return options;
  put_u8(options, 2); // maximum segment size
  put_u8(options, 4);
  put_u16(options, static_cast<std::uint16_t>(largest_payload(s.is_v6())));
  put_u8(options, 1); // no operation
  put_u8(options, 3); // window scale
  put_u8(options, 3);
  put_u8(options, window_scale);
  return options;
}

buffer tcp_part(tcp_segment const& s) {
  buffer const options = options_of(s);
  auto const words = static_cast<std::uint8_t>((tcp_header + options.size()) / 4);
  buffer out;
  put_u16(out, s.from.port);
  put_u16(out, s.to.port);
  put_u32(out, s.number);
  put_u32(out, s.acknowledged);
  put_u8(out, static_cast<std::uint8_t>(words << 4));
  put_u8(out, s.flags);
  put_u16(out, whole_window);
  put_u16(out, 0); // the checksum
  put_u16(out, 0); // nothing is urgent
  append(out, options);
  append(out, s.payload);
  buffer pseudo_header;
  put_address(pseudo_header, s.from.address, s.is_v6());
  put_address(pseudo_header, s.to.address, s.is_v6());
  put_u32(pseudo_header, static_cast<std::uint32_t>(out.size()));
  put_u32(pseudo_header, tcp);
  checksum sum;
  sum.add(pseudo_header);
  sum.add(out);
  set_u16(out, 16, sum.value());
  return out;
}

} // namespace

std::size_t largest_payload(bool v6) {
  return largest_packet - (v6 ? v6_header : v4_header) - tcp_header;
}

void put_packet(buffer& to, tcp_segment const& s) {
  buffer const segment = tcp_part(s);
  if (s.is_v6())
    put_v6_header(to, s, segment.size());
  else
    put_v4_header(to, s, segment.size());
  append(to, segment);
}

} // namespace cotorra::explain
