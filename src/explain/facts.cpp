#include "explain/facts.hpp"
#include "explain/text.hpp"
#include "extension/extension_wire.hpp"
#include "extension/metadata_wire.hpp"
#include "handshake/peer_id.hpp"
#include <algorithm>
#include <bit>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <utility>

namespace cotorra::explain {

std::vector<std::string> names_of(handshake::reserved_bits const& reserved) {
  std::vector<std::string> names;
  if (reserved.supports_extensions()) names.push_back("extension protocol (BEP 10)");
  if (reserved.supports_fast()) names.push_back("fast extension (BEP 6)");
  if (reserved.supports_dht()) names.push_back("DHT (BEP 5)");
  auto const known = handshake::reserved_bits{}.set_extensions().set_fast().set_dht();
  for (std::size_t i = 0; i < handshake::reserved_bits::size; ++i)
    for (unsigned bit = 0x80; bit != 0; bit >>= 1)
      if (std::to_integer<unsigned>(reserved.value[i] & ~known.value[i]) & bit)
        names.push_back(fmt::format("byte {}, bit 0x{:02x}", i, bit));
  return names;
}

json facts_of(handshake::handshake const& h) {
  return {{"pstr", handshake::pstr},
          {"reserved", to_hex(h.reserved.value)},
          {"supports", names_of(h.reserved)},
          {"info_hash", h.hash.hex()},
          {"peer_id", h.id.hex()},
          {"client", sanitise(handshake::client_name(h.id))}};
}

std::string fact_line(std::string_view name, std::string_view value) {
  return fmt::format("  {:<14} {}", name, value);
}

std::vector<std::string> lines_of(handshake::handshake const& h) {
  auto const names = names_of(h.reserved);
  std::string const supports =
      names.empty() ? "no extension" : fmt::format("{}", fmt::join(names, ", "));
  std::string const client = sanitise(handshake::client_name(h.id));
  return {fact_line("pstr", handshake::pstr),
          fact_line("reserved", to_hex(h.reserved.value) + "  " + supports),
          fact_line("info_hash", h.hash.hex()),
          fact_line("peer_id", h.id.hex() + "  " + client)};
}

namespace {

std::size_t bits_set(bytes in) {
  std::size_t n = 0;
  for (std::byte b : in)
    n += static_cast<std::size_t>(std::popcount(std::to_integer<unsigned>(b)));
  return n;
}

// Adds what a message says besides its name.
struct add_fields {
  json& out;
  std::size_t const most_payload;

  // BEP 10 and BEP 9. What another extension says is not ours to judge.
  void add_extension(message::extended const& m) {
    try {
      if (m.extension == extension::handshake_id)
        add(extension::decode_handshake(m.payload));
      else if (auto const said = extension::decode_metadata(m.payload))
        add(*said);
    } catch (protocol_error const&) {
    }
  }
  void add(extension::extended_handshake const& h) {
    std::vector<std::string> ids;
    for (auto const& [name, id] : h.ids)
      ids.push_back(fmt::format("{} {}", sanitise(name), id));
    out["m"] = fmt::format("{}", fmt::join(ids, ", "));
    if (!h.client.empty()) out["client"] = sanitise(h.client);
    if (h.port) out["listens_on"] = *h.port;
    if (h.reqq) out["reqq"] = *h.reqq;
    if (h.metadata_size) out["metadata_size"] = *h.metadata_size;
  }
  void add(extension::metadata_message const& m) {
    out["msg_type"] = extension::name(m.msg_type);
    out["metadata_piece"] = m.piece;
    if (m.msg_type != extension::metadata_message::type::data) return;
    out["length"] = m.block.size();
    out["total_size"] = m.total_size;
  }

  template <class Message> void operator()(Message const& m) {
    if constexpr (requires { m.piece; }) out["piece"] = m.piece;
    if constexpr (requires { m.begin; }) out["begin"] = m.begin;
    if constexpr (requires { m.length; }) out["length"] = m.length;
    if constexpr (requires { m.block; }) out["length"] = m.block.size();
    if constexpr (requires { m.number; }) out["port"] = m.number;
    if constexpr (requires { m.extension; }) {
      out["extension"] = m.extension;
      add_extension(m);
    }
    if constexpr (std::is_same_v<Message, message::unknown>) out["id"] = m.id;
    if constexpr (requires { m.payload; })
      out["payload"] = to_hex(m.payload.first(std::min(m.payload.size(), most_payload)));
    if constexpr (requires { m.bits; }) {
      out["bytes"] = m.bits.size();
      out["pieces"] = bits_set(m.bits);
    }
  }
};

} // namespace

json facts_of(message::any const& m, std::size_t most_payload) {
  json out{{"message", message::name(m)}};
  std::visit(add_fields{out, most_payload}, m);
  return out;
}

std::string line_of(json const& message) {
  std::string line = message["message"].text();
  char const* before = ": ";
  for (auto const& [key, value] : message.fields()) {
    if (key == "message") continue;
    std::string text = to_words(value);
    if (text.size() > 64) text.replace(60, text.npos, "...");
    line += fmt::format("{}{} {}", std::exchange(before, ", "), key, text);
  }
  return line;
}

json facts_of(tracker::announce_answer const& a) {
  json out;
  if (a.failure_reason) out["failure_reason"] = *a.failure_reason;
  if (a.retry) {
    if (a.retry->never)
      out["retry_in"] = "never";
    else
      out["retry_in"] = a.retry->after.count();
  }
  if (a.failure_reason) return out;
  if (!a.warning_message.empty()) out["warning_message"] = a.warning_message;
  out["interval"] = a.interval.count();
  if (a.min_interval.count() != 0) out["min_interval"] = a.min_interval.count();
  if (!a.tracker_id.empty()) out["tracker_id"] = a.tracker_id;
  if (a.complete) out["complete"] = *a.complete;
  if (a.incomplete) out["incomplete"] = *a.incomplete;
  if (a.downloaded) out["downloaded"] = *a.downloaded;
  if (a.passed_over != 0) out["passed_over"] = a.passed_over;
  out["peers"] = json::array();
  for (auto const& p : a.peers) {
    json peer{{"address", p.address.text()}};
    if (p.id) peer["peer_id"] = p.id->hex();
    out["peers"].push_back(std::move(peer));
  }
  return out;
}

std::vector<std::string> lines_of(tracker::announce_answer const& a) {
  std::vector<std::string> lines;
  json const facts = facts_of(a);
  for (auto const& [key, value] : facts.fields()) {
    if (key == "peers") continue;
    bool const time = key.ends_with("interval");
    std::string const text = to_words(value);
    lines.push_back(fact_line(key, sanitise(text) + (time ? " s" : "")));
  }
  if (a.failure_reason) return lines;
  lines.push_back(fact_line("peers", human_count(a.peers.size())));
  for (auto const& p : a.peers)
    lines.push_back(
        fmt::format("    {}{}", p.address.text(),
                    p.id ? "  " + sanitise(handshake::client_name(*p.id)) : ""));
  return lines;
}

} // namespace cotorra::explain
