#include "dht/krpc_wire.hpp"
#include "base/error.hpp"
#include "bencode/decode_wire.hpp"
#include <algorithm>
#include <limits>

namespace cotorra::dht {
namespace {

using bencode::value;
using method = query::method;

constexpr std::size_t longest_name = 64, longest_text = 200, longest_version = 32;
constexpr std::size_t v4_size = 4 + 2, v6_size = 16 + 2; // an address and a port

bencode::limits bounds() {
  bencode::limits b;
  b.depth = 10;
  b.items = 2000;
  b.total_bytes = 65536;
  return b;
}

// The accessors of a value throw on a wrong type; these give what is harmless.
bytes string_of(value v) { return v.is_string() ? v.string() : bytes{}; }
std::string text_of(value v, std::size_t longest) {
  return std::string(as_text(string_of(v)).substr(0, longest));
}
std::int64_t integer_of(value v) { return v.is_integer() ? v.clamped() : 0; }

std::optional<node_id> id_of(value v) {
  bytes const raw = string_of(v);
  if (raw.size() != node_id::size) return std::nullopt;
  return node_id::from(raw);
}

endpoint endpoint_from(bytes address_and_port) {
  auto const address = address_and_port.first(address_and_port.size() - 2);
  return {ip_address::from(address), get_u16(address_and_port.last(2))};
}

std::optional<endpoint> endpoint_of(value v) {
  bytes const raw = string_of(v);
  if (raw.size() != v4_size && raw.size() != v6_size) return std::nullopt;
  return endpoint_from(raw);
}

// A rest that is no whole contact is passed over.
void read_nodes(bytes in, std::size_t endpoint_size, std::vector<contact>& to) {
  std::size_t const size = node_id::size + endpoint_size;
  std::size_t const count = std::min(in.size() / size, most_nodes);
  to.reserve(to.size() + count);
  for (std::size_t i = 0; i < count; ++i, in = in.subspan(size))
    to.push_back({node_id::from(in),
                  endpoint_from(in.subspan(node_id::size).first(endpoint_size))});
}

// One peer a string. In a string of another length, nodes of old have many peers of IPv4.
void read_peers(bytes in, std::vector<endpoint>& to) {
  std::size_t const size = in.size() == v6_size ? v6_size : v4_size;
  if (in.size() % size != 0) return;
  for (; !in.empty() && to.size() < most_peers; in = in.subspan(size))
    to.push_back(endpoint_from(in.first(size)));
}

std::vector<endpoint> peers_of(value values) {
  std::vector<endpoint> peers;
  if (values.is_list())
    for (value const v : values.elements()) read_peers(string_of(v), peers);
  else
    read_peers(string_of(values), peers);
  return peers;
}

buffer token_of(value v) {
  bytes const raw = string_of(v);
  if (raw.size() > longest_token) return {};
  return {raw.begin(), raw.end()};
}

void read_announcement(value arguments, query& q) {
  q.token = token_of(arguments.find("token"));
  q.implied_port = integer_of(arguments.find("implied_port")) != 0;
  std::int64_t const port = integer_of(arguments.find("port"));
  bool const valid = port > 0 && port <= std::numeric_limits<std::uint16_t>::max();
  if (valid) q.port = static_cast<std::uint16_t>(port);
  if (q.missing.empty() && !valid && !q.implied_port) q.missing = "port";
  if (q.missing.empty() && q.token.empty()) q.missing = "token";
}

method method_of(std::string_view text) {
  for (method const m :
       {method::ping, method::find_node, method::get_peers, method::announce_peer})
    if (text == name(m)) return m;
  return method::other;
}

void read_wish(value want, query& q) {
  if (!want.is_list()) return;
  for (value const v : want.elements()) {
    q.want_v4 = q.want_v4 || as_text(string_of(v)) == "n4";
    q.want_v6 = q.want_v6 || as_text(string_of(v)) == "n6";
  }
}

void read_id(value arguments, std::string_view key, query& q, node_id& to) {
  if (auto const id = id_of(arguments.find(key)))
    to = *id;
  else if (q.missing.empty())
    q.missing = key;
}

query read_query(value root) {
  query q;
  q.what = method_of(as_text(string_of(root.find("q"))));
  if (q.what == method::other) q.name = text_of(root.find("q"), longest_name);
  q.read_only = integer_of(root.find("ro")) != 0;
  value const arguments = root.find("a");
  read_id(arguments, "id", q, q.id);
  if (q.what == method::find_node) read_id(arguments, "target", q, q.target);
  if (q.what == method::get_peers || q.what == method::announce_peer)
    read_id(arguments, "info_hash", q, q.target);
  if (q.what == method::announce_peer) read_announcement(arguments, q);
  read_wish(arguments.find("want"), q);
  return q;
}

std::optional<answer> read_answer(value root) {
  value const returned = root.find("r");
  auto const id = id_of(returned.find("id"));
  if (!id) return std::nullopt;
  answer a;
  a.id = *id;
  read_nodes(string_of(returned.find("nodes")), v4_size, a.nodes);
  read_nodes(string_of(returned.find("nodes6")), v6_size, a.nodes);
  a.peers = peers_of(returned.find("values"));
  a.token = token_of(returned.find("token"));
  a.your_address = endpoint_of(root.find("ip"));
  return a;
}

// An error that does not say which one is an error still.
error read_error(value root) {
  error e;
  value const list = root.find("e");
  if (!list.is_list()) return e;
  for (value const v : list.elements()) {
    if (v.is_integer()) e.code = v.clamped();
    if (v.is_string()) e.text = text_of(v, longest_text);
  }
  return e;
}

std::optional<message> read_message(value root) {
  value const transaction = root.find("t");
  if (!transaction.is_string() || transaction.string().size() > longest_transaction)
    return std::nullopt;
  message m;
  m.transaction.assign(transaction.string().begin(), transaction.string().end());
  m.version = text_of(root.find("v"), longest_version);
  std::string_view const kind = as_text(string_of(root.find("y")));
  if (kind == "q") {
    m.body = read_query(root);
  } else if (kind == "r") {
    auto a = read_answer(root);
    if (!a) return std::nullopt;
    m.body = std::move(*a);
  } else if (kind == "e") {
    m.body = read_error(root);
  } else {
    return std::nullopt;
  }
  return m;
}

} // namespace

std::optional<message> decode(bytes datagram) {
  if (datagram.empty() || datagram.front() != std::byte{'d'}) return std::nullopt;
  try {
    auto const doc = bencode::decode(datagram, bounds(), {.numbers = true, .rest = true});
    return read_message(doc.root());
  } catch (protocol_error const&) {
    return std::nullopt;
  }
}

} // namespace cotorra::dht
