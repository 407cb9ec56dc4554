// The blocks of a capture file, "PCAP Next Generation" (draft-ietf-opsawg-pcapng): one
// section header, one interface, then a block for each packet. Numbers are big-endian, as
// the section header says. Wireshark, tshark and tcpdump read it.
#pragma once
#include "base/bytes.hpp"
#include <chrono>
#include <string_view>

namespace cotorra::explain::pcapng {

enum class link_type : std::uint16_t {
  raw_ip = 101
}; // a packet begins with its IP header
enum class direction : std::uint32_t { inbound = 1, outbound = 2 };

// Each appends one block. Options are cut to the 65,535 bytes that an option can have.
void put_section_header(buffer& to, std::string_view application,
                        std::string_view comment);
void put_interface(buffer& to, link_type, std::string_view name);

struct packet {
  std::chrono::nanoseconds at; // since 1970
  direction way;
  bytes data; // whole
};
void put_packet(buffer& to, packet const&); // of the first interface

} // namespace cotorra::explain::pcapng
