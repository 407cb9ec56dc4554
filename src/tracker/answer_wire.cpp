#include "tracker/answer_wire.hpp"
#include "base/error.hpp"
#include "bencode/decode_wire.hpp"
#include "bencode/encode_wire.hpp"
#include <algorithm>
#include <charconv>
#include <fmt/format.h>

namespace cotorra::tracker {
namespace {

using bencode::value;
constexpr std::size_t most_peers = 20'000;

[[noreturn]] void malformed(std::string const& clause) {
  throw protocol_error(errc::malformed_answer, clause);
}

// Trackers that are down for repair show a web page.
bool looks_like_html(bytes body) {
  std::string_view const text = as_text(body);
  auto const begin = text.find_first_not_of(" \t\r\n\xef\xbb\xbf");
  return begin != text.npos && text[begin] == '<';
}

void add_compact(bytes all, std::size_t address_size, std::vector<peer>& out) {
  std::size_t const one = address_size + 2;
  if (all.size() % one != 0)
    malformed(fmt::format("the compact peers have {} bytes, which is no multiple of {}",
                          all.size(), one));
  // hole 3.2: six bytes become an address and a port
  for (; !all.empty() && out.size() < most_peers; all = all.subspan(one)) {
    endpoint const e{ip_address::from(all.first(address_size)),
                     get_u16(all.subspan(address_size))};
    if (e.port != 0) out.push_back({e});
  }
  // end hole 3.2
}

void add_dictionary(value v, std::vector<peer>& out) {
  if (!v.is_dictionary()) malformed("a peer in the list is no dictionary");
  value const ip = v.find("ip"), port = v.find("port"), id = v.find("peer id");
  if (!ip.is_string()) malformed("a peer has no ip");
  if (!port.is_integer()) malformed("a peer has no port");
  auto const address = ip_address::parse(ip.text());
  if (port.integer() < 0 || port.integer() > 65535)
    malformed("a peer's port is not between 0 and 65535");
  if (!address || port.integer() == 0) return; // BEP 3 allows a name: nobody sends one
  peer p{{*address, static_cast<std::uint16_t>(port.integer())}};
  if (id.is_string() && id.string().size() == cotorra::peer_id::size)
    p.id = cotorra::peer_id::from(id.string());
  out.push_back(p);
}

void add_peers(value peers, value peers6, std::vector<peer>& out) {
  if (peers.is_string()) {
    add_compact(peers.string(), 4, out);
  } else if (peers.is_list()) {
    for (value v : peers.elements())
      if (out.size() < most_peers) add_dictionary(v, out);
  } else if (peers) {
    malformed("\"peers\" is neither a list nor a string");
  }
  if (peers6 && !peers6.is_string()) malformed("\"peers6\" is no string");
  if (peers6) add_compact(peers6.string(), 16, out);
}

std::string text_of(value v, char const* key) {
  if (!v) return {};
  if (!v.is_string()) malformed(fmt::format("\"{}\" is no string", key));
  return std::string(v.text());
}

std::optional<std::int64_t> number_of(value v, char const* key) {
  if (!v) return std::nullopt;
  if (!v.is_integer()) malformed(fmt::format("\"{}\" is no integer", key));
  return v.integer();
}

std::optional<std::uint32_t> count_of(value root, char const* key) {
  auto const n = number_of(root.find(key), key);
  if (!n || *n < 0) return std::nullopt; // some trackers count down too far
  return static_cast<std::uint32_t>(std::min<std::int64_t>(*n, 0xffff'ffff));
}

std::chrono::seconds interval_of(value root, char const* key,
                                 std::chrono::seconds usual) {
  auto const n = number_of(root.find(key), key);
  if (!n || *n <= 0) return usual;
  return std::chrono::seconds(
      std::clamp<std::int64_t>(*n, shortest_interval.count(), longest_interval.count()));
}

// BEP 31: minutes, or "never"; some send the number as a string.
std::optional<retry_in> retry_of(value v) {
  std::int64_t minutes = 0;
  if (v.is_integer()) {
    minutes = v.integer();
  } else if (v.is_string()) {
    std::string_view const t = v.text();
    if (t == "never") return retry_in{true, {}};
    std::from_chars(t.data(), t.data() + t.size(), minutes);
  }
  if (minutes <= 0) return std::nullopt;
  return retry_in{false, std::chrono::minutes(std::min<std::int64_t>(minutes, 24 * 60))};
}

announce_answer read_dictionary(value root) {
  announce_answer out;
  if (value const reason = root.find("failure reason")) {
    out.failure_reason = text_of(reason, "failure reason");
    out.retry = retry_of(root.find("retry in"));
    return out;
  }
  out.warning_message = text_of(root.find("warning message"), "warning message");
  out.interval = interval_of(root, "interval", usual_interval);
  out.min_interval = interval_of(root, "min interval", std::chrono::seconds(0));
  out.tracker_id = text_of(root.find("tracker id"), "tracker id");
  out.complete = count_of(root, "complete");
  out.incomplete = count_of(root, "incomplete");
  out.downloaded = count_of(root, "downloaded");
  add_peers(root.find("peers"), root.find("peers6"), out.peers);
  return out;
}

} // namespace

announce_answer read_announce_answer(bytes body) {
  if (body.empty()) malformed("the tracker answers with nothing");
  if (looks_like_html(body)) malformed("the tracker answers with a web page");
  try {
    bencode::document const doc = bencode::decode(body);
    if (!doc.root().is_dictionary()) malformed("the tracker's answer is no dictionary");
    return read_dictionary(doc.root());
  } catch (protocol_error const& e) {
    if (e.code() == errc::malformed_answer) throw;
    malformed(fmt::format("the tracker's answer is no bencode: {}", e.what()));
  }
}

namespace {

void write_number(bencode::writer& w, char const* key, std::optional<std::int64_t> n) {
  if (!n) return;
  w.key(key);
  w.integer(*n);
}

void write_text(bencode::writer& w, char const* key, std::string_view text) {
  if (text.empty()) return;
  w.key(key);
  w.string(text);
}

void write_compact(bencode::writer& w, std::vector<peer> const& peers) {
  buffer v4, v6;
  for (peer const& p : peers) {
    buffer& to = p.address.address.is_v6 ? v6 : v4;
    append(to, p.address.address.view());
    put_u16(to, p.address.port);
  }
  w.key("peers");
  w.string(v4);
  if (v6.empty()) return;
  w.key("peers6");
  w.string(v6);
}

void write_list(bencode::writer& w, std::vector<peer> const& peers, bool no_peer_id) {
  w.key("peers");
  w.list();
  for (peer const& p : peers) {
    w.dictionary();
    write_text(w, "ip", p.address.address.text());
    if (p.id && !no_peer_id) write_text(w, "peer id", as_text(p.id->view()));
    write_number(w, "port", p.address.port);
    w.end();
  }
  w.end();
}

void write_retry(bencode::writer& w, std::optional<retry_in> const& retry) {
  if (!retry) return;
  w.key("retry in");
  if (retry->never)
    w.string("never");
  else
    w.integer(retry->after.count());
}

} // namespace

buffer announce_answer_bytes(announce_answer const& a, bool compact, bool no_peer_id) {
  buffer out;
  bencode::writer w(out);
  w.dictionary();
  if (a.failure_reason) {
    w.key("failure reason");
    w.string(*a.failure_reason);
    write_retry(w, a.retry);
    w.end();
    return out;
  }
  write_number(w, "complete", a.complete);
  write_number(w, "downloaded", a.downloaded);
  write_number(w, "incomplete", a.incomplete);
  write_number(w, "interval", a.interval.count());
  if (a.min_interval.count() > 0) write_number(w, "min interval", a.min_interval.count());
  if (compact)
    write_compact(w, a.peers);
  else
    write_list(w, a.peers, no_peer_id);
  write_text(w, "tracker id", a.tracker_id);
  write_text(w, "warning message", a.warning_message);
  w.end();
  return out;
}

} // namespace cotorra::tracker
