// The tracker's end of udp_wire.hpp: questions are read, answers written.
#include "tracker/udp_wire.hpp"
#include <algorithm>

namespace cotorra::tracker {
namespace {

constexpr std::size_t head_size = 16, announce_size = 98;

announce_event event_of(std::uint32_t n) {
  constexpr announce_event known[] = {announce_event::none, announce_event::completed,
                                      announce_event::started, announce_event::stopped};
  return n < std::size(known) ? known[n] : announce_event::none; // 4: paused (BEP 21)
}

// BEP 41: a type, and from 2 on a length and so many bytes.
std::string url_data_in(bytes options) {
  std::string all;
  while (!options.empty()) {
    auto const type = std::to_integer<unsigned>(options[0]);
    options = options.subspan(1);
    if (type == 0) break;    // the end of all options
    if (type == 1) continue; // stands for nothing
    if (options.empty()) break;
    auto const size = std::to_integer<std::size_t>(options[0]);
    options = options.subspan(1);
    if (size > options.size()) break;
    if (type == 2) all += as_text(options.first(size));
    options = options.subspan(size);
  }
  return all.substr(0, longest_url_data);
}

udp_announce read_announce(std::uint64_t connection, std::uint32_t transaction, bytes p) {
  udp_announce q{connection, transaction, {}};
  announce_request& r = q.what;
  r.info_hash = info_hash::from(p.subspan(16));
  r.peer_id = peer_id::from(p.subspan(36));
  r.downloaded = get_number<std::uint64_t>(p.subspan(56));
  r.left = get_number<std::uint64_t>(p.subspan(64));
  r.uploaded = get_number<std::uint64_t>(p.subspan(72));
  r.event = event_of(get_u32(p.subspan(80)));
  if (std::uint32_t const ip = get_u32(p.subspan(84))) r.ip = ip_address::v4(ip);
  r.key = get_u32(p.subspan(88));
  std::uint32_t const wanted = get_u32(p.subspan(92));
  if (wanted <= 0x7fff'ffff) r.numwant = wanted; // -1 is "as you like"
  r.port = get_u16(p.subspan(96));
  q.url_data = url_data_in(p.subspan(announce_size));
  return q;
}

udp_scrape read_scrape(std::uint64_t connection, std::uint32_t transaction, bytes rest) {
  udp_scrape q{connection, transaction, {}};
  for (; rest.size() >= info_hash::size && q.hashes.size() < most_hashes_in_udp;
       rest = rest.subspan(info_hash::size))
    q.hashes.push_back(info_hash::from(rest));
  return q;
}

buffer head_of(udp_action what, std::uint32_t transaction) {
  buffer out;
  put_u32(out, static_cast<std::uint32_t>(what));
  put_u32(out, transaction);
  return out;
}

buffer written(udp_connected const& a, ip_family) {
  buffer out = head_of(udp_action::connect, a.transaction);
  put_number(out, a.connection);
  return out;
}

buffer written(udp_announced const& a, ip_family to) {
  buffer out = head_of(udp_action::announce, a.transaction);
  put_u32(out, static_cast<std::uint32_t>(a.what.interval.count()));
  put_u32(out, a.what.incomplete.value_or(0));
  put_u32(out, a.what.complete.value_or(0));
  for (peer const& p : a.what.peers) {
    bytes const address = p.address.address.view();
    if (p.address.address.is_v6 != (to == ip_family::v6)) continue;
    if (out.size() + address.size() + 2 > longest_udp_answer) break;
    append(out, address);
    put_u16(out, p.address.port);
  }
  return out;
}

buffer written(udp_scraped const& a, ip_family) {
  buffer out = head_of(udp_action::scrape, a.transaction);
  for (std::size_t i = 0; i < std::min(a.swarms.size(), most_hashes_in_udp); ++i) {
    put_u32(out, a.swarms[i].complete.value_or(0));
    put_u32(out, a.swarms[i].downloaded.value_or(0));
    put_u32(out, a.swarms[i].incomplete.value_or(0));
  }
  return out;
}

buffer written(udp_failed const& a, ip_family) {
  buffer out = head_of(udp_action::error, a.transaction);
  append(out, std::string_view(a.reason).substr(0, longest_words));
  return out;
}

} // namespace

std::optional<udp_request> decode_udp_request(bytes packet) {
  if (packet.size() < head_size) return std::nullopt;
  auto const connection = get_number<std::uint64_t>(packet);
  std::uint32_t const transaction = get_u32(packet.subspan(12));
  switch (udp_action{get_u32(packet.subspan(8))}) {
  case udp_action::connect:
    if (connection != udp_protocol_id) return std::nullopt;
    return udp_connect{transaction};
  case udp_action::announce:
    if (packet.size() < announce_size || get_u16(packet.subspan(96)) == 0)
      return std::nullopt;
    return read_announce(connection, transaction, packet);
  case udp_action::scrape:
    if (packet.size() < head_size + info_hash::size) return std::nullopt;
    return read_scrape(connection, transaction, packet.subspan(head_size));
  case udp_action::error:
    break;
  }
  return std::nullopt;
}

buffer encode(udp_answer const& a, ip_family to) {
  return std::visit([to](auto const& one) { return written(one, to); }, a);
}

} // namespace cotorra::tracker
