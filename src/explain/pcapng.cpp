#include "explain/pcapng.hpp"
#include <algorithm>

namespace cotorra::explain::pcapng {
namespace {

constexpr std::uint32_t section_header = 0x0a0d0d0a, interface_description = 1,
                        enhanced_packet = 6;
constexpr std::uint32_t byte_order_magic = 0x1a2b3c4d;
constexpr std::uint16_t end_of_options = 0, comment_option = 1, application_option = 4,
                        name_option = 2, flags_option = 2, resolution_option = 9;
constexpr std::uint8_t nanoseconds = 9; // 10^-9 seconds
constexpr std::size_t longest_option = 0xffff;

void pad(buffer& to) {
  while (to.size() % 4 != 0) to.push_back(std::byte{0});
}

void put_option(buffer& body, std::uint16_t code, bytes value) {
  value = value.first(std::min(value.size(), longest_option));
  put_u16(body, code);
  put_u16(body, static_cast<std::uint16_t>(value.size()));
  append(body, value);
  pad(body);
}

void put_end_of_options(buffer& body) { put_option(body, end_of_options, {}); }

// Type, length, body, and the length again: so that a reader can go backwards.
void put_block(buffer& to, std::uint32_t type, bytes body) {
  auto const length = static_cast<std::uint32_t>(body.size() + 12);
  put_u32(to, type);
  put_u32(to, length);
  append(to, body);
  put_u32(to, length);
}

} // namespace

void put_section_header(buffer& to, std::string_view application,
                        std::string_view comment) {
  buffer body;
  put_u32(body, byte_order_magic);
  put_u16(body, 1); // version 1.0
  put_u16(body, 0);
  put_number(body, ~std::uint64_t{0}); // the section's length: not known
  put_option(body, comment_option, as_bytes(comment));
  put_option(body, application_option, as_bytes(application));
  put_end_of_options(body);
  put_block(to, section_header, body);
}

void put_interface(buffer& to, link_type link, std::string_view name) {
  buffer body;
  put_u16(body, static_cast<std::uint16_t>(link));
  put_u16(body, 0); // reserved
  put_u32(body, 0); // packets are never cut
  put_option(body, name_option, as_bytes(name));
  std::byte const resolution[] = {std::byte{nanoseconds}};
  put_option(body, resolution_option, resolution);
  put_end_of_options(body);
  put_block(to, interface_description, body);
}

void put_packet(buffer& to, packet const& p) {
  auto const at = static_cast<std::uint64_t>(p.at.count());
  auto const size = static_cast<std::uint32_t>(p.data.size());
  buffer body, flags;
  body.reserve(size + 40);
  put_u32(body, 0); // the first interface
  put_number(body, at);
  put_u32(body, size); // in this file
  put_u32(body, size); // on the wire
  append(body, p.data);
  pad(body);
  put_u32(flags, static_cast<std::uint32_t>(p.way));
  put_option(body, flags_option, flags);
  put_end_of_options(body);
  put_block(to, enhanced_packet, body);
}

} // namespace cotorra::explain::pcapng
