#include "extension/extension_wire.hpp"
#include "bencode/decode_wire.hpp"
#include "bencode/encode_wire.hpp"
#include <limits>

namespace cotorra::extension {
namespace {

using bencode::value;

constexpr std::size_t most_names = 100, longest_name = 100, longest_client = 200;

bencode::limits bounds() {
  bencode::limits b;
  b.depth = 10;
  b.items = 2000;
  return b;
}

// A number between 0 and the largest of its type; else nothing.
template <class Number> std::optional<Number> number_of(value v) {
  if (!v.is_integer()) return std::nullopt;
  std::int64_t const n = v.clamped();
  auto const largest = std::uint64_t{std::numeric_limits<Number>::max()};
  if (n < 0 || static_cast<std::uint64_t>(n) > largest) return std::nullopt;
  return static_cast<Number>(n);
}

// Four bytes or sixteen.
std::optional<ip_address> address_of(value v) {
  if (!v.is_string()) return std::nullopt;
  bytes const raw = v.string();
  if (raw.size() != 4 && raw.size() != 16) return std::nullopt;
  return ip_address::from(raw);
}

id_map ids_of(value m) {
  id_map ids;
  if (!m.is_dictionary()) return ids;
  // hole 8.1: read the ids of m
  for (auto const& [name, id] : m.entries()) {
    auto const n = number_of<std::uint8_t>(id);
    if (!n || name.size() > longest_name) continue;
    if (ids.size() == most_names) break;
    ids.emplace(name, *n);
  }
  // end hole 8.1
  return ids;
}

// The fields of an extended handshake, in the order of their keys.
class dictionary_writer {
public:
  explicit dictionary_writer(buffer& out) : to_(out) { to_.dictionary(); }

  void ids(id_map const& all) {
    to_.key("m");
    to_.dictionary();
    for (auto const& [name, id] : all) {
      to_.key(name);
      to_.integer(id);
    }
    to_.end();
  }
  template <class Number> void number(char const* key, std::optional<Number> n) {
    if (!n) return;
    to_.key(key);
    to_.integer(static_cast<std::int64_t>(*n));
  }
  void text(char const* key, std::string const& value) {
    if (value.empty()) return;
    to_.key(key);
    to_.string(value);
  }
  void address(char const* key, std::optional<ip_address> const& a) {
    if (!a) return;
    to_.key(key);
    to_.string(a->view());
  }
  void end() { to_.end(); }

private:
  bencode::writer to_;
};

} // namespace

extended_handshake decode_handshake(bytes payload) {
  bencode::document const doc =
      bencode::decode(payload, bounds(), {.numbers = true, .rest = true});
  value const root = doc.root();
  if (!root.is_dictionary())
    throw protocol_error(errc::malformed_bencode,
                         "the peer's extended handshake is not a dictionary");
  extended_handshake h;
  h.ids = ids_of(root.find("m"));
  h.ipv4 = address_of(root.find("ipv4"));
  h.ipv6 = address_of(root.find("ipv6"));
  h.metadata_size = number_of<std::uint64_t>(root.find("metadata_size"));
  h.port = number_of<std::uint16_t>(root.find("p"));
  h.reqq = number_of<std::uint32_t>(root.find("reqq"));
  if (value const v = root.find("v"); v.is_string())
    h.client = v.text().substr(0, longest_client);
  h.your_ip = address_of(root.find("yourip"));
  return h;
}

buffer encode(extended_handshake const& h) {
  buffer out;
  dictionary_writer to(out);
  to.address("ipv4", h.ipv4);
  to.address("ipv6", h.ipv6);
  to.ids(h.ids);
  to.number("metadata_size", h.metadata_size);
  to.number("p", h.port);
  to.number("reqq", h.reqq);
  to.text("v", h.client);
  to.address("yourip", h.your_ip);
  to.end();
  return out;
}

} // namespace cotorra::extension
