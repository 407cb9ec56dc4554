// A TCP segment in its IP packet (RFC 9293, RFC 791, RFC 8200), for a capture.
#pragma once
#include "base/bytes.hpp"
#include "base/endpoint.hpp"

namespace cotorra::explain {

constexpr std::size_t largest_packet = 1500; // what an Ethernet carries

struct tcp_segment {
  static constexpr std::uint8_t fin = 1, syn = 2, rst = 4, psh = 8, ack = 16;

  endpoint from, to; // of one family: where one is IPv6, the other counts as IPv6
  std::uint32_t number = 0, acknowledged = 0;
  std::uint8_t flags = 0;
  bytes payload{}; // at most largest_payload()

  bool is_v6() const { return from.address.is_v6 || to.address.is_v6; }
};

std::size_t largest_payload(bool v6); // of a segment without options, in largest_packet

// Appends the packet, checksums included. A SYN has the options of a maximum segment size
// and of a window that is never full.
void put_packet(buffer& to, tcp_segment const&);

} // namespace cotorra::explain
