// The other direction of krpc_wire.hpp: values -> bytes. Keys are in the order that
// bencode wants.
#include "bencode/encode_wire.hpp"
#include "dht/krpc_wire.hpp"
#include <algorithm>

namespace cotorra::dht {
namespace {

using method = query::method;

void put_endpoint(buffer& to, endpoint const& e) {
  append(to, e.address.view());
  put_u16(to, e.port);
}

void flag(bencode::writer& to, std::string_view key, bool set) {
  if (!set) return;
  to.key(key);
  to.integer(1);
}

void string(bencode::writer& to, std::string_view key, bytes content) {
  if (content.empty()) return;
  to.key(key);
  to.string(content);
}

void write_wish(bencode::writer& to, query const& q) {
  if (!q.want_v4 && !q.want_v6) return;
  to.key("want");
  to.list();
  if (q.want_v4) to.string("n4");
  if (q.want_v6) to.string("n6");
  to.end();
}

void write_arguments(bencode::writer& to, query const& q) {
  bool const announces = q.what == method::announce_peer;
  to.dictionary();
  string(to, "id", q.id.view());
  if (announces) flag(to, "implied_port", q.implied_port);
  if (announces || q.what == method::get_peers) string(to, "info_hash", q.target.view());
  if (announces) {
    to.key("port");
    to.integer(q.port);
  }
  if (q.what == method::find_node) string(to, "target", q.target.view());
  if (announces) string(to, "token", q.token);
  if (q.what == method::find_node || q.what == method::get_peers) write_wish(to, q);
  to.end();
}

void write_nodes(bencode::writer& to, answer const& a, ip_family family) {
  buffer compact;
  std::size_t written = 0;
  for (contact const& c : a.nodes) {
    if (!c.at.address.is_of(family) || written == most_nodes) continue;
    append(compact, c.id.view());
    put_endpoint(compact, c.at);
    ++written;
  }
  string(to, family == ip_family::v6 ? "nodes6" : "nodes", compact);
}

void write_peers(bencode::writer& to, answer const& a) {
  if (a.peers.empty()) return;
  to.key("values");
  to.list();
  buffer compact;
  for (std::size_t i = 0; i < std::min(a.peers.size(), most_peers); ++i) {
    compact.clear();
    put_endpoint(compact, a.peers[i]);
    to.string(compact);
  }
  to.end();
}

void write_returned(bencode::writer& to, answer const& a) {
  to.dictionary();
  string(to, "id", a.id.view());
  write_nodes(to, a, ip_family::v4);
  write_nodes(to, a, ip_family::v6);
  string(to, "token", a.token);
  write_peers(to, a);
  to.end();
}

void write(bencode::writer& to, message const& m, query const& q) {
  to.key("a");
  write_arguments(to, q);
  to.key("q");
  to.string(q.what == method::other ? q.name : name(q.what));
  flag(to, "ro", q.read_only);
  to.key("t");
  to.string(m.transaction);
  string(to, "v", as_bytes(m.version));
  to.key("y");
  to.string("q");
}

void write(bencode::writer& to, message const& m, answer const& a) {
  if (a.your_address) {
    buffer compact;
    put_endpoint(compact, *a.your_address);
    string(to, "ip", compact);
  }
  to.key("r");
  write_returned(to, a);
  to.key("t");
  to.string(m.transaction);
  string(to, "v", as_bytes(m.version));
  to.key("y");
  to.string("r");
}

void write(bencode::writer& to, message const& m, error const& e) {
  to.key("e");
  to.list();
  to.integer(e.code);
  to.string(e.text);
  to.end();
  to.key("t");
  to.string(m.transaction);
  string(to, "v", as_bytes(m.version));
  to.key("y");
  to.string("e");
}

} // namespace

std::string_view name(method what) {
  switch (what) {
  case method::ping:
    return "ping";
  case method::find_node:
    return "find_node";
  case method::get_peers:
    return "get_peers";
  case method::announce_peer:
    return "announce_peer";
  case method::other:
    break;
  }
  return "";
}

buffer encode(message const& m) {
  buffer out;
  out.reserve(512);
  bencode::writer to(out);
  to.dictionary();
  std::visit([&](auto const& body) { write(to, m, body); }, m.body);
  to.end();
  return out;
}

} // namespace cotorra::dht
