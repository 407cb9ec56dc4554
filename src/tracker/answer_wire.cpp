#include "tracker/answer_wire.hpp"
#include "base/trimmed.hpp"
#include "tracker/lenient.hpp"
#include <algorithm>

namespace cotorra::tracker {
using namespace std::chrono_literals;
namespace {

using bencode::value;
constexpr std::size_t most_peers = 20'000, most_named_peers = 20, longest_host = 253;

void add_compact(bytes all, std::size_t address_size, announce_answer& out) {
  std::size_t const one = address_size + 2;
  out.passed_over += all.size() % one != 0; // the last one is not whole
  // hole 3.2: six bytes become an address and a port
  for (; all.size() >= one && out.peers.size() < most_peers; all = all.subspan(one)) {
    endpoint const e{ip_address::from(all.first(address_size)),
                     get_u16(all.subspan(address_size))};
    if (e.port != 0) out.peers.push_back({e});
  }
  // end hole 3.2
}

std::optional<cotorra::peer_id> peer_id_of(value v) {
  value const id = v.find("peer id") ? v.find("peer id") : v.find("id");
  if (!id.is_string() || id.string().size() != cotorra::peer_id::size)
    return std::nullopt;
  return cotorra::peer_id::from(id.string());
}

bool is_host(std::string_view text) {
  return !text.empty() && text.size() <= longest_host &&
         text.find_first_not_of("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "0123456789.-_") == text.npos;
}

// As text, perhaps in brackets as in a URL, or as its four or sixteen bytes. Four
// characters are taken for these bytes, sixteen letters for a host.
std::optional<ip_address> address_in(std::string_view text) {
  std::string_view plain = trimmed(text);
  if (plain.starts_with('[') && plain.ends_with(']'))
    plain = plain.substr(1, plain.size() - 2);
  if (auto const written = ip_address::parse(plain)) return written;
  auto const is_letter = [](char c) { return c >= ' ' && c < 0x7f; };
  bool const is_text = std::all_of(text.begin(), text.end(), is_letter) &&
                       text.find_first_of(".:") != text.npos;
  bool const packed =
      (text.size() == 4 && !is_text) || (text.size() == 16 && !is_host(plain));
  if (packed) return ip_address::from(as_bytes(text));
  return std::nullopt;
}

void add_dictionary(value v, announce_answer& out) {
  value const ip = v.find("ip");
  auto const port = number_in(v.find("port"));
  std::string_view const text = ip.is_string() ? ip.text() : "";
  auto const address = address_in(text);
  std::string_view const host = trimmed(text);
  if (!port || *port < 0 || *port > 65535 || (!address && !is_host(host))) {
    ++out.passed_over;
    return;
  }
  auto const number = static_cast<std::uint16_t>(*port);
  if (number == 0) return; // no peer can listen on port 0
  if (address)
    out.peers.push_back({{*address, number}, peer_id_of(v)});
  else if (out.named_peers.size() < most_named_peers)
    out.named_peers.push_back({std::string(host), number, peer_id_of(v)});
  else
    ++out.passed_over;
}

// A dictionary, as BEP 3 has it, or the bytes of one or more compact peers.
void add_entry(value v, announce_answer& out) {
  std::size_t const size = v.is_string() ? v.string().size() : 0;
  if (v.is_dictionary())
    add_dictionary(v, out);
  else if (size > 0 && size % 6 == 0 && size % 18 != 0)
    add_compact(v.string(), 4, out);
  else if (size == 18)
    add_compact(v.string(), 16, out);
  else
    ++out.passed_over;
}

// A string; or a list; or, as PHP writes a list, a dictionary with the keys 0, 1, 2 ...
void add_peers(value v, std::size_t address_size, announce_answer& out) {
  if (v.is_string()) {
    add_compact(v.string(), address_size, out);
  } else if (v.is_list()) {
    for (value one : v.elements())
      if (out.peers.size() < most_peers) add_entry(one, out);
  } else if (v.is_dictionary() && v.find("ip")) {
    add_dictionary(v, out);
  } else if (v.is_dictionary()) {
    for (auto const& [key, one] : v.entries())
      if (out.peers.size() < most_peers) add_entry(one, out);
  } else if (v) {
    ++out.passed_over;
  }
}

std::string text_of(value v, announce_answer& out) {
  if (v.is_string()) return std::string(v.text());
  if (v.is_integer()) return std::string(as_text(v.raw()).substr(1, v.raw().size() - 2));
  if (v) ++out.passed_over;
  return {};
}

std::optional<std::int64_t> number_of(value v, announce_answer& out) {
  auto const n = number_in(v);
  if (v && !n) ++out.passed_over;
  return n;
}

std::optional<std::uint32_t> count_of(value v, announce_answer& out) {
  if (v && !number_in(v)) ++out.passed_over;
  return count_in(v);
}

std::chrono::seconds interval_of(value v, std::chrono::seconds usual,
                                 announce_answer& out) {
  auto const n = number_of(v, out);
  if (!n || *n <= 0) return usual;
  return std::chrono::seconds(
      std::clamp<std::int64_t>(*n, shortest_interval.count(), longest_interval.count()));
}

// BEP 31: minutes, or "never"; some send the number as a string.
std::optional<retry_in> retry_of(value v) {
  if (v.is_string() && v.text() == "never") return retry_in{true, {}};
  std::int64_t const minutes = number_in(v).value_or(0);
  if (minutes <= 0) return std::nullopt;
  return retry_in{false, std::chrono::minutes(std::min<std::int64_t>(minutes, 24 * 60))};
}

// An empty reason does not count when there are peers.
std::optional<std::string> failure_of(value root, announce_answer& out) {
  value const reason = root.find("failure reason");
  if (!reason) return std::nullopt;
  std::string words = words_of(text_of(reason, out));
  bool const has_peers = root.find("peers") || root.find("peers6");
  if (words.empty() && has_peers) return std::nullopt;
  return words.empty() ? "it gives no reason" : words;
}

announce_answer read_dictionary(value root) {
  announce_answer out;
  out.failure_reason = failure_of(root, out);
  std::chrono::seconds const usual = out.failure_reason ? 0s : usual_interval;
  out.interval = interval_of(root.find("interval"), usual, out);
  out.min_interval = interval_of(root.find("min interval"), 0s, out);
  if (out.failure_reason) {
    out.retry = retry_of(root.find("retry in"));
    return out;
  }
  out.warning_message = words_of(text_of(root.find("warning message"), out));
  out.tracker_id = text_of(root.find("tracker id"), out);
  out.complete = count_of(root.find("complete"), out);
  out.incomplete = count_of(root.find("incomplete"), out);
  out.downloaded = count_of(root.find("downloaded"), out);
  add_peers(root.find("peers"), 4, out);
  add_peers(root.find("peers6"), 16, out);
  return out;
}

} // namespace

std::size_t begin_of_answer(bytes body) {
  auto const begin = as_text(body).find_first_not_of(" \t\r\n\xef\xbb\xbf");
  return std::min(begin, body.size());
}

announce_answer decode_answer(bytes body) {
  bencode::document const doc = read_answer(body);
  return read_dictionary(doc.root());
}

} // namespace cotorra::tracker
