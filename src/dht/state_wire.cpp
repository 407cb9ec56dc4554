#include "dht/state_wire.hpp"
#include "base/error.hpp"
#include "bencode/decode_wire.hpp"
#include "bencode/encode_wire.hpp"

namespace cotorra::dht {
namespace {

std::size_t endpoint_size(bool v6) { return v6 ? 18u : 6u; }

void write(bencode::writer& to, saved_family const& f, bool v6) {
  buffer compact;
  std::size_t left = most_saved;
  for (contact const& c : f.nodes) {
    if (c.at.address.is_v6 != v6 || left == 0) continue;
    --left;
    append(compact, c.id.view());
    append(compact, c.at.address.view());
    put_u16(compact, c.at.port);
  }
  to.dictionary();
  if (f.id) {
    to.key("id");
    to.string(f.id->view());
  }
  to.key("nodes");
  to.string(compact);
  to.end();
}

bytes string_of(bencode::value v) { return v.is_string() ? v.string() : bytes{}; }

saved_family read(bencode::value from, bool v6) {
  saved_family f;
  bytes const id = string_of(from.find("id"));
  if (id.size() == node_id::size) f.id = node_id::from(id);
  bytes in = string_of(from.find("nodes"));
  std::size_t const size = node_id::size + endpoint_size(v6);
  for (; in.size() >= size && f.nodes.size() < most_saved; in = in.subspan(size)) {
    bytes const place = in.subspan(node_id::size, endpoint_size(v6));
    endpoint const at{ip_address::from(place.first(place.size() - 2)),
                      get_u16(place.last(2))};
    if (at.address.is_v6 == v6 && at.port != 0)
      f.nodes.push_back({node_id::from(in), at});
  }
  return f;
}

} // namespace

buffer encode_state(saved_state const& s) {
  buffer out;
  bencode::writer to(out);
  to.dictionary();
  to.key("ipv4");
  write(to, s.v4, false);
  to.key("ipv6");
  write(to, s.v6, true);
  to.end();
  return out;
}

std::optional<saved_state> decode_state(bytes in) {
  bencode::limits bounds;
  bounds.depth = 4;
  bounds.items = 100;
  bounds.total_bytes = 64 * 1024;
  try {
    auto const doc = bencode::decode(in, bounds);
    bencode::value const v4 = doc.root().find("ipv4"), v6 = doc.root().find("ipv6");
    if (!v4.is_dictionary() && !v6.is_dictionary()) return std::nullopt;
    return saved_state{read(v4, false), read(v6, true)};
  } catch (protocol_error const&) {
    return std::nullopt;
  }
}

} // namespace cotorra::dht
