#include "tracker/announce_wire.hpp"
#include "base/error.hpp"
#include <charconv>
#include <fmt/format.h>
#include <limits>

namespace cotorra::tracker {
namespace {

[[noreturn]] void refuse(std::string const& reason) {
  throw protocol_error(errc::malformed_message, reason);
}

// The decoded value of the first parameter of that name.
std::optional<std::string> parameter(std::string_view query, std::string_view name) {
  while (!query.empty()) {
    auto const end = std::min(query.find('&'), query.size());
    std::string_view const part = query.substr(0, end);
    query.remove_prefix(std::min(end + 1, query.size()));
    auto const equals = part.find('=');
    if (part.substr(0, equals) != name) continue;
    if (equals == part.npos) return std::string();
    auto value = percent_decode(part.substr(equals + 1));
    if (!value) refuse(fmt::format("{} is not percent-coded as it should be", name));
    return value;
  }
  return std::nullopt;
}

template <class Id> Id identifier_in(std::string_view query, std::string_view name) {
  auto const value = parameter(query, name);
  if (!value) refuse(fmt::format("{} is missing", name));
  if (value->size() != Id::size)
    refuse(fmt::format("{} has {} bytes instead of {}", name, value->size(), Id::size));
  return Id::from(as_bytes(*value));
}

template <class Number = std::int64_t>
std::optional<Number> number_in(std::string_view query, std::string_view name) {
  auto const value = parameter(query, name);
  if (!value || value->empty()) return std::nullopt;
  Number n = 0;
  char const* const end = value->data() + value->size();
  auto const [stop, error] = std::from_chars(value->data(), end, n);
  if (stop != end || error != std::errc{}) refuse(fmt::format("{} is no number", name));
  return n;
}

std::uint64_t amount_in(std::string_view query, std::string_view name,
                        std::uint64_t if_missing) {
  auto const text = parameter(query, name);
  if (text && text->starts_with('-')) refuse(fmt::format("{} is negative", name));
  return number_in<std::uint64_t>(query, name).value_or(if_missing);
}

std::uint16_t port_in(std::string_view query) {
  auto const n = number_in(query, "port");
  if (!n) refuse("port is missing");
  if (*n < 1 || *n > 65535) refuse("port is not between 1 and 65535");
  return static_cast<std::uint16_t>(*n);
}

// Other events, such as "paused" of BEP 21, change nothing here.
announce_event event_in(std::string_view query) {
  auto const text = parameter(query, "event");
  for (auto e :
       {announce_event::started, announce_event::completed, announce_event::stopped})
    if (text && *text == name(e)) return e;
  return announce_event::none;
}

std::uint32_t key_in(std::string_view query) {
  auto const text = parameter(query, "key").value_or("");
  std::uint32_t key = 0; // most clients write it in hexadecimal; else it is 0
  std::from_chars(text.data(), text.data() + text.size(), key, 16);
  return key;
}

} // namespace

std::string_view name(announce_event e) {
  switch (e) {
  case announce_event::started:
    return "started";
  case announce_event::completed:
    return "completed";
  case announce_event::stopped:
    return "stopped";
  case announce_event::none:
    break;
  }
  return "";
}

std::string encode(announce_request const& r) {
  // hole 3.1: write the parameters, the bytes percent-coded
  std::string out = fmt::format(
      "info_hash={}&peer_id={}&port={}&uploaded={}&downloaded={}&left={}&numwant={}"
      "&key={:08X}&compact={}",
      percent_encode(r.info_hash.view()), percent_encode(r.peer_id.view()), r.port,
      r.uploaded, r.downloaded, r.left, r.numwant, r.key, r.compact ? 1 : 0);
  if (r.no_peer_id) out += "&no_peer_id=1";
  if (r.event != announce_event::none) out += fmt::format("&event={}", name(r.event));
  if (r.ip) out += "&ip=" + percent_encode(as_bytes(r.ip->text()));
  if (!r.tracker_id.empty())
    out += "&trackerid=" + percent_encode(as_bytes(r.tracker_id));
  return out;
  // end hole 3.1
}

std::string announce_url(std::string_view tracker, announce_request const& r) {
  std::string out(tracker.substr(0, tracker.find('#')));
  bool const has_query = out.find('?') != out.npos;
  if (!has_query)
    out += '?';
  else if (out.back() != '?' && out.back() != '&')
    out += '&';
  return out + encode(r);
}

announce_request decode_query(std::string_view query) {
  announce_request r;
  r.info_hash = identifier_in<cotorra::info_hash>(query, "info_hash");
  r.peer_id = identifier_in<cotorra::peer_id>(query, "peer_id");
  r.port = port_in(query);
  r.uploaded = amount_in(query, "uploaded", 0);
  r.downloaded = amount_in(query, "downloaded", 0);
  r.left = amount_in(query, "left", std::numeric_limits<std::uint64_t>::max());
  r.event = event_in(query);
  if (auto const text = parameter(query, "ip")) r.ip = ip_address::parse(*text);
  std::int64_t const wanted = number_in(query, "numwant").value_or(-1);
  if (wanted >= 0) // -1 is how many clients write "as you like"
    r.numwant = static_cast<std::uint32_t>(std::min<std::int64_t>(wanted, 1'000'000));
  r.compact = number_in(query, "compact").value_or(0) != 0;
  r.no_peer_id = number_in(query, "no_peer_id").value_or(0) != 0;
  r.key = key_in(query);
  r.tracker_id = parameter(query, "trackerid").value_or("");
  return r;
}

} // namespace cotorra::tracker
