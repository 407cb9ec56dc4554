#include "extension/pex_wire.hpp"
#include "bencode/decode_wire.hpp"
#include "bencode/encode_wire.hpp"
#include <algorithm>

namespace cotorra::extension {
namespace {

using bencode::value;

constexpr std::size_t port_size = 2;

// How a family's lists are called, and how long its addresses are.
struct family {
  char const *added, *flags, *dropped;
  bool is_v6;
  std::size_t size() const { return (is_v6 ? 16 : 4) + port_size; }
};
constexpr family v4{"added", "added.f", "dropped", false},
    v6{"added6", "added6.f", "dropped6", true};

bytes string_at(value root, char const* key) {
  value const v = root.find(key);
  return v.is_string() ? v.string() : bytes{};
}

endpoint endpoint_at(bytes list, std::size_t i, family const& f) {
  bytes const one = list.subspan(i * f.size(), f.size());
  std::size_t const address = f.size() - port_size;
  return {ip_address::from(one.first(address)), get_u16(one.subspan(address))};
}

void read(value root, family const& f, pex_message& m) {
  bytes const added = string_at(root, f.added), flags = string_at(root, f.flags),
              dropped = string_at(root, f.dropped);
  auto const room = [&](auto const& list, bytes from) {
    return std::min(from.size() / f.size(), pex_message::most_read - list.size());
  };
  for (std::size_t i = 0, n = room(m.added, added); i < n; ++i) {
    std::byte const its = i < flags.size() ? flags[i] : std::byte{};
    m.added.push_back({endpoint_at(added, i, f), std::to_integer<std::uint8_t>(its)});
  }
  for (std::size_t i = 0, n = room(m.dropped, dropped); i < n; ++i)
    m.dropped.push_back(endpoint_at(dropped, i, f));
}

void put(buffer& to, endpoint const& e) {
  append(to, e.address.view());
  put_u16(to, e.port);
}

// The keys stand in the order of bencode: added, added.f, added6, added6.f, dropped,
// dropped6. Those of IPv4 are always there, as other clients have it.
class message_writer {
public:
  message_writer(buffer& out, pex_message const& m) : to_(out), m_(m) {
    to_.dictionary();
    added(v4);
    added(v6);
    dropped(v4);
    dropped(v6);
    to_.end();
  }

private:
  void added(family const& f) {
    buffer list, flags;
    for (pex_peer const& p : m_.added) {
      if (p.at.address.is_v6 != f.is_v6) continue;
      put(list, p.at);
      flags.push_back(std::byte{p.flags});
    }
    text(f, f.added, list);
    text(f, f.flags, flags);
  }
  void dropped(family const& f) {
    buffer list;
    for (endpoint const& e : m_.dropped)
      if (e.address.is_v6 == f.is_v6) put(list, e);
    text(f, f.dropped, list);
  }
  void text(family const& f, char const* key, buffer const& list) {
    if (f.is_v6 && list.empty()) return;
    to_.key(key);
    to_.string(list);
  }

  bencode::writer to_;
  pex_message const& m_;
};

bencode::limits bounds() {
  bencode::limits b;
  b.depth = 10;
  b.items = 200;
  return b;
}

} // namespace

pex_message decode_pex(bytes payload) {
  bencode::document const doc =
      bencode::decode(payload, bounds(), {.numbers = true, .rest = true});
  value const root = doc.root();
  if (!root.is_dictionary())
    throw protocol_error(errc::malformed_message,
                         "the peer sent a message of ut_pex that is not a dictionary");
  pex_message m;
  read(root, v4, m);
  read(root, v6, m);
  return m;
}

buffer encode(pex_message const& m) {
  buffer out;
  message_writer{out, m};
  return out;
}

} // namespace cotorra::extension
