#include "tracker/udp_wire.hpp"
#include "base/error.hpp"
#include "tracker/lenient.hpp"
#include <algorithm>
#include <fmt/format.h>

namespace cotorra::tracker {
namespace {

// BEP 15 counts the events in an order of its own.
std::uint32_t number_of(announce_event e) {
  switch (e) {
  case announce_event::completed:
    return 1;
  case announce_event::started:
    return 2;
  case announce_event::stopped:
    return 3;
  case announce_event::none:
    break;
  }
  return 0;
}

void put_head(buffer& to, std::uint64_t connection, udp_action what,
              std::uint32_t transaction) {
  put_number(to, connection);
  put_u32(to, static_cast<std::uint32_t>(what));
  put_u32(to, transaction);
}

// BEP 41: parts of at most 255 bytes, each after its type and its length.
void put_url_data(buffer& to, std::string_view all) {
  constexpr std::uint8_t url_data = 2;
  all = all.substr(0, longest_url_data);
  while (!all.empty()) {
    std::string_view const part = all.substr(0, 255);
    put_u8(to, url_data);
    put_u8(to, static_cast<std::uint8_t>(part.size()));
    append(to, part);
    all.remove_prefix(part.size());
  }
}

buffer written(udp_connect const& q) {
  buffer out;
  put_head(out, udp_protocol_id, udp_action::connect, q.transaction);
  return out;
}

buffer written(udp_announce const& q) {
  announce_request const& r = q.what;
  buffer out;
  put_head(out, q.connection, udp_action::announce, q.transaction);
  append(out, r.info_hash.view());
  append(out, r.peer_id.view());
  for (std::uint64_t amount : {r.downloaded, r.left, r.uploaded}) put_number(out, amount);
  put_u32(out, number_of(r.event));
  put_u32(out, r.ip && !r.ip->is_v6 ? get_u32(r.ip->view()) : 0);
  put_u32(out, r.key);
  put_u32(out, r.numwant);
  put_u16(out, r.port);
  put_url_data(out, q.url_data);
  return out;
}

buffer written(udp_scrape const& q) {
  buffer out;
  put_head(out, q.connection, udp_action::scrape, q.transaction);
  for (std::size_t i = 0; i < std::min(q.hashes.size(), most_hashes_in_udp); ++i)
    append(out, q.hashes[i].view());
  return out;
}

void at_least(std::size_t wanted, bytes packet, std::string_view which) {
  if (packet.size() >= wanted) return;
  throw protocol_error(
      errc::malformed_answer,
      fmt::format("the tracker's answer is cut short: {} bytes, where {} has {} or more",
                  packet.size(), which, wanted));
}

std::chrono::seconds interval_of(std::uint32_t n) {
  if (n == 0) return usual_interval;
  return std::clamp(std::chrono::seconds(n), shortest_interval, longest_interval);
}

udp_announced read_announced(bytes packet, ip_family family) {
  at_least(20, packet, "the answer to an announce");
  udp_announced out{get_u32(packet.subspan(4)), {}};
  out.what.interval = interval_of(get_u32(packet.subspan(8)));
  out.what.incomplete = get_u32(packet.subspan(12));
  out.what.complete = get_u32(packet.subspan(16));
  std::size_t const size = family == ip_family::v6 ? 16 : 4;
  bytes rest = packet.subspan(20);
  for (; rest.size() >= size + 2; rest = rest.subspan(size + 2)) {
    endpoint const e{ip_address::from(rest.first(size)), get_u16(rest.subspan(size))};
    if (e.port != 0) out.what.peers.push_back({e});
  }
  out.what.passed_over = !rest.empty();
  return out;
}

udp_scraped read_scraped(bytes packet) {
  udp_scraped out{get_u32(packet.subspan(4)), {}};
  for (bytes at = packet.subspan(8); at.size() >= 12; at = at.subspan(12))
    out.swarms.push_back(
        {get_u32(at), get_u32(at.subspan(8)), get_u32(at.subspan(4))}); // in our order
  return out;
}

} // namespace

buffer encode(udp_request const& q) {
  return std::visit([](auto const& one) { return written(one); }, q);
}

std::optional<std::uint32_t> transaction_of_answer(bytes packet) {
  if (packet.size() < 8) return std::nullopt;
  return get_u32(packet.subspan(4));
}

udp_answer decode_udp_answer(bytes packet, ip_family family) {
  at_least(8, packet, "every answer");
  std::uint32_t const action = get_u32(packet), transaction = get_u32(packet.subspan(4));
  switch (udp_action{action}) {
  case udp_action::connect:
    at_least(16, packet, "the answer to a connect");
    return udp_connected{transaction, get_number<std::uint64_t>(packet.subspan(8))};
  case udp_action::announce:
    return read_announced(packet, family);
  case udp_action::scrape:
    return read_scraped(packet);
  case udp_action::error:
    break;
  }
  if (udp_action{action} != udp_action::error)
    throw protocol_error(errc::malformed_answer,
                         fmt::format("the tracker answers with action {}, which BEP 15 "
                                     "does not know",
                                     action));
  std::string_view const text = as_text(packet.subspan(8));
  std::string reason = words_of(text.substr(0, text.find('\0')));
  return udp_failed{transaction, reason.empty() ? "it gives no reason" : reason};
}

} // namespace cotorra::tracker
