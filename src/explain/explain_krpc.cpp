#include "base/error.hpp"
#include "bencode/decode_wire.hpp"
#include "dht/krpc_wire.hpp"
#include "explain/explain.hpp"
#include "explain/facts.hpp"
#include "explain/map_words.hpp"
#include "explain/text.hpp"
#include <algorithm>
#include <fmt/format.h>
#include <tuple>

namespace cotorra::explain {
namespace {

using dht::query;

void fact(explanation& e, std::string_view name, std::string const& value) {
  e.lines.push_back(fact_line(name, value));
}

// The same for programs and for people, if there is something to tell.
void text(explanation& e, std::string const& key, std::string const& value) {
  if (value.empty()) return;
  std::string name = key;
  if (key != "info_hash") std::replace(name.begin(), name.end(), '_', ' ');
  e.facts[key] = value;
  fact(e, name, sanitise(value));
}

void tell_wish(explanation& e, query const& q) {
  json families = json::array();
  for (auto const& [wanted, name, words] :
       {std::tuple(q.want_v4, "n4", "nodes of IPv4"),
        std::tuple(q.want_v6, "n6", "nodes of IPv6")}) {
    if (!wanted) continue;
    families.push_back(name);
    fact(e, "want", words);
  }
  e.facts["want"] = std::move(families);
}

void tell(explanation& e, query const& q) {
  bool const other = q.what == query::method::other;
  std::string const method(other ? q.name : dht::name(q.what));
  e.facts["kind"] = "KRPC query";
  e.lines = {"A query of the DHT: " + sanitise(method)};
  e.facts["method"] = method;
  text(e, "id", q.id.hex());
  if (q.what == query::method::find_node) text(e, "target", q.target.hex());
  if (q.what == query::method::get_peers || q.what == query::method::announce_peer)
    text(e, "info_hash", q.target.hex());
  if (q.what == query::method::announce_peer) {
    e.facts["port"] = q.port;
    e.facts["implied_port"] = q.implied_port;
    fact(e, "port",
         q.implied_port ? "that of the query itself (implied_port)"
                        : std::to_string(q.port));
  }
  text(e, "token", to_hex(q.token));
  tell_wish(e, q);
  e.facts["read_only"] = q.read_only;
  if (q.read_only) fact(e, "read-only", "it answers no queries (BEP 43)");
  if (!q.missing.empty())
    text(e, "missing",
         fmt::format("{}: the answer is error 203, protocol error", q.missing));
}

void tell(explanation& e, dht::answer const& a) {
  e.facts["kind"] = "KRPC answer";
  e.lines = {"An answer of the DHT"};
  text(e, "id", a.id.hex());
  if (a.your_address) text(e, "your_address", a.your_address->text());
  text(e, "token", to_hex(a.token));
  json nodes = json::array(), peers = json::array();
  for (dht::contact const& c : a.nodes) {
    bool const belongs = dht::belongs_to(c.id, c.at.address);
    nodes.push_back({{"id", c.id.hex()},
                     {"address", c.at.text()},
                     {"id_belongs_to_address", belongs}});
    fact(e, "node",
         fmt::format("{} {}{}", c.id.hex(), c.at.text(),
                     belongs ? "" : "  (the id does not belong to it: BEP 42)"));
  }
  for (endpoint const& p : a.peers) {
    peers.push_back(p.text());
    fact(e, "peer", p.text());
  }
  e.facts["nodes"] = std::move(nodes);
  e.facts["peers"] = std::move(peers);
}

void tell(explanation& e, dht::error const& error) {
  e.facts["kind"] = "KRPC error";
  e.facts["code"] = error.code;
  e.facts["text"] = error.text;
  e.lines = {"An error of the DHT"};
  std::string const words = words_of_error(error.code);
  fact(e, "code", fmt::format("{}{}{}", error.code, words.empty() ? "" : ": ", words));
  fact(e, "text", sanitise(error.text));
}

} // namespace

explanation explain_krpc(bytes file) {
  auto const m = dht::decode(file);
  if (!m)
    throw input_error(
        "this looks like a packet of the DHT, but nodes would drop it: it has "
        "no transaction id, or an answer no id, or it is too long; see it "
        "with --bytes");
  explanation out;
  out.facts = {{"kind", ""}};
  std::visit([&](auto const& body) { tell(out, body); }, m->body);
  text(out, "transaction", to_hex(m->transaction));
  text(out, "version", version_text(as_bytes(m->version)));
  return out;
}

} // namespace cotorra::explain
