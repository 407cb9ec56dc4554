// The packets of UDP trackers (BEP 15), byte by byte.
#include "base/endpoint.hpp"
#include "base/identifiers.hpp"
#include "explain/byte_map.hpp"
#include "explain/text.hpp"
#include "handshake/peer_id.hpp"
#include "tracker/udp_wire.hpp"
#include <fmt/format.h>

namespace cotorra::explain {
namespace {

using tracker::udp_action;

char const* name_of(std::uint32_t action) {
  constexpr char const* names[] = {"connect", "announce", "scrape", "error"};
  return action < std::size(names) ? names[action] : "no action of BEP 15";
}

char const* name_of_event(std::uint32_t event) {
  constexpr char const* names[] = {"none", "completed", "started", "stopped"};
  return event < std::size(names) ? names[event] : "";
}

// Names fields of a packet, one after another. What is cut short is left over.
struct fields {
  byte_map& map;
  bytes packet;

  bool has(std::size_t n) const { return map.end() + n <= packet.size(); }
  bytes rest() const { return packet.subspan(map.end()); }

  template <class Number>
  Number number(char const* name, char const* note = "", unsigned depth = 0) {
    if (!has(sizeof(Number))) return 0;
    auto const n = get_number<Number>(rest());
    map.add(sizeof(Number), depth, name, std::to_string(n), note);
    return n;
  }
  void id(std::size_t size, char const* name, char const* note) {
    if (has(size)) map.add(size, 0, name, to_hex(rest().first(size)), note);
  }
  void action(std::uint32_t n) { map.add(4, 0, "action", std::to_string(n), name_of(n)); }
};

void add_url_data(fields f) { // BEP 41
  while (f.has(1) && !f.map.full()) {
    auto const type = std::to_integer<unsigned>(f.rest()[0]);
    char const* const notes[] = {"the end of all options", "stands for nothing",
                                 "URLData (BEP 41)"};
    char const* const note = type < std::size(notes) ? notes[type] : "not known to us";
    if (type >= 2 && !f.has(2)) return;
    f.map.add(1, 0, "option", std::to_string(type), note);
    if (type == 0) return;
    if (type == 1) continue;
    auto const size = std::to_integer<std::size_t>(f.rest()[0]);
    f.map.add(1, 1, "length", std::to_string(size));
    if (!f.has(size)) return;
    f.map.add(size, 1, "data", in_short(f.rest().first(size), 255),
              type == 2 ? "path and query of the tracker's URL" : "");
  }
}

void add_announce(fields f) {
  f.id(20, "info_hash", "");
  if (f.has(20))
    f.map.add(20, 0, "peer_id", in_short(f.rest().first(20)),
              sanitise(handshake::client_name(peer_id::from(f.rest()))));
  f.number<std::uint64_t>("downloaded", "bytes");
  f.number<std::uint64_t>("left", "bytes");
  f.number<std::uint64_t>("uploaded", "bytes");
  if (f.has(4)) f.number<std::uint32_t>("event", name_of_event(get_u32(f.rest())));
  if (f.has(4))
    f.map.add(4, 0, "IP address", ip_address::from(f.rest().first(4)).text(),
              get_u32(f.rest()) == 0 ? "as the packet's" : "");
  f.id(4, "key", "stays when the address changes");
  bool const any = f.has(4) && get_u32(f.rest()) == 0xffff'ffff;
  f.number<std::uint32_t>("num_want", any ? "-1: as you like" : "peers");
  f.number<std::uint16_t>("port", "where the peer listens");
  add_url_data(f);
}

void add_question(fields f) {
  auto const connection = get_number<std::uint64_t>(f.packet);
  bool const connects = connection == tracker::udp_protocol_id;
  f.id(8, connects ? "protocol_id" : "connection_id",
       connects ? "always 0x41727101980" : "from the tracker, for our address");
  std::uint32_t const action = get_u32(f.packet.subspan(8));
  f.action(action);
  f.id(4, "transaction_id", "the answer repeats it");
  if (udp_action{action} == udp_action::announce) add_announce(f);
  for (; udp_action{action} == udp_action::scrape && f.has(20) && !f.map.full();
       f.map.rows.back().alike = true)
    f.id(20, "info_hash", "");
}

void add_peers(fields f, std::size_t size) {
  for (int i = 1; f.has(size + 2) && !f.map.full(); ++i) {
    f.map.add(size, 0, fmt::format("peer {} address", i),
              ip_address::from(f.rest().first(size)).text());
    f.map.rows.back().alike = true;
    f.map.add(2, 0, fmt::format("peer {} port", i), std::to_string(get_u16(f.rest())));
    f.map.rows.back().alike = true;
  }
}

void add_answer(fields f, std::size_t address_size) {
  std::uint32_t const action = get_u32(f.packet);
  f.action(action);
  f.id(4, "transaction_id", "that of the question");
  switch (udp_action{action}) {
  case udp_action::connect:
    return f.id(8, "connection_id", "good for a minute, for the address that asked");
  case udp_action::announce:
    f.number<std::uint32_t>("interval", "seconds until the next announce");
    f.number<std::uint32_t>("leechers", "peers that lack something");
    f.number<std::uint32_t>("seeders", "peers that have everything");
    return add_peers(f, address_size);
  case udp_action::scrape:
    while (f.has(12) && !f.map.full()) {
      f.number<std::uint32_t>("seeders", "of the next info_hash of the question");
      f.number<std::uint32_t>("completed", "peers that ever had everything", 1);
      f.number<std::uint32_t>("leechers", "", 1);
    }
    return;
  case udp_action::error:
    f.map.add(f.rest().size(), 0, "message", in_short(f.rest()), "why it says no");
  }
}

} // namespace

bool is_question_to_udp_tracker(bytes packet) {
  if (auto const q = tracker::decode_udp_request(packet); !q) return false;
  bool const scrapes = udp_action{get_u32(packet.subspan(8))} == udp_action::scrape;
  bool const connects = get_number<std::uint64_t>(packet) == tracker::udp_protocol_id;
  if (connects) return true;
  if (scrapes) return (packet.size() - 16) % info_hash::size == 0;
  return get_u32(packet.subspan(80)) <= 4; // the events
}

namespace {

// A connection id that begins like an action is one in a thousand million.
byte_map map_of(bytes packet, std::size_t address_size) {
  bool const answers = packet.size() >= 8 && get_u32(packet) <= 3;
  byte_map map{
      answers ? "a UDP tracker's answer" : "a question to a UDP tracker", {}, ""};
  if (answers)
    add_answer({map, packet}, address_size);
  else if (packet.size() >= 16)
    add_question({map, packet});
  map.leave_over(packet, fmt::format("byte {}: the packet ends too early, or goes on for "
                                     "too long",
                                     map.end()));
  return map;
}

} // namespace

byte_map map_of_udp(bytes packet) { return map_of(packet, 4); }
byte_map map_of_udp6(bytes packet) { return map_of(packet, 16); }

} // namespace cotorra::explain
