// The packets of UDP trackers (BEP 15), as facts.
#include "explain/explain.hpp"
#include "explain/facts.hpp"
#include "http/url_wire.hpp"

namespace cotorra::explain {
namespace {

constexpr std::string_view some_host = "udp://h";

// Of a tracker's URL only what is no secret. Its further parts begin anywhere.
std::string shown(byte_row const& r) {
  if (r.name != "data") return r.value;
  if (!r.value.starts_with('/')) return "...";
  return http::printable(std::string(some_host) + r.value).substr(some_host.size());
}

// The rows of the byte map are the facts: each field of these packets is a number or a
// text of its own.
explanation explain(byte_map const& map) {
  explanation out{{{"kind", map.kind}}, {map.kind}, map.trouble};
  json fields = json::array();
  for (byte_row const& r : map.rows) {
    json one{{"name", r.name}, {"value", shown(r)}};
    if (!r.note.empty()) one["note"] = r.note;
    fields.push_back(std::move(one));
    out.lines.push_back(
        fact_line(r.name, shown(r) + (r.note.empty() ? "" : "  " + r.note)));
  }
  out.facts["fields"] = std::move(fields);
  return out;
}

} // namespace

explanation explain_udp(bytes packet) { return explain(map_of_udp(packet)); }
explanation explain_udp6(bytes packet) { return explain(map_of_udp6(packet)); }

} // namespace cotorra::explain
