// What is in the packets of the DHT: nodes and peers, by id, address and port.
#include "dht/krpc_wire.hpp"
#include "explain/map_words.hpp"
#include "explain/text.hpp"
#include <algorithm>
#include <fmt/format.h>

namespace cotorra::explain {
namespace {

// One contact after the other. What is left at the end is none, and does not count.
class contact_rows {
public:
  contact_rows(byte_map& map, packed_string const& s, std::size_t id_size,
               std::size_t address_size)
      : map_(map), depth_(s.depth + 1), rest_(s.content), id_size_(id_size),
        address_size_(address_size) {}

  std::size_t unit() const { return id_size_ + address_size_ + 2; }
  std::size_t count() const { return rest_.size() / unit(); }

  // "node 3 ": what each name begins with; of a lone contact "".
  void add(std::string const& prefix) {
    if (id_size_ != 0) row(prefix + "id", dht::node_id::from(rest_).hex(), id_size_);
    bytes const address = rest_.first(address_size_);
    row(prefix + "address", ip_address::from(address).text(), address_size_);
    std::uint16_t const port = get_u16(rest_);
    row(prefix + "port", std::to_string(port), 2,
        fmt::format("0x{:02x} * 256 + 0x{:02x}", port >> 8, port & 0xff));
  }
  void add_rest() {
    map_.add(rest_.size(), depth_, "rest", in_short(rest_),
             "not a whole one: it does not count");
  }

private:
  void row(std::string name, std::string value, std::size_t size, std::string note = {}) {
    map_.add(size, depth_, std::move(name), std::move(value), std::move(note));
    map_.rows.back().alike = true;
    rest_ = rest_.subspan(size);
  }

  byte_map& map_;
  unsigned depth_;
  bytes rest_;
  std::size_t id_size_, address_size_;
};

struct code_words {
  std::int64_t code;
  char const* words;
};
constexpr code_words of_codes[]{{dht::error::generic, "generic error"},
                                {dht::error::server, "server error"},
                                {dht::error::protocol, "protocol error"},
                                {dht::error::unknown_method, "method unknown"}};

bool holds_contacts(std::string_view name) {
  return name == "nodes" || name == "nodes6" || name == "values" || name == "ip" ||
         name.starts_with("peer ");
}

void add_contacts(byte_map& map, packed_string const& s) {
  bool const nodes = s.name.starts_with("nodes");
  bool const of_v6 = s.name == "nodes6" || (!nodes && s.content.size() == 18);
  contact_rows rows(map, s, nodes ? dht::node_id::size : 0, of_v6 ? 16 : 4);
  std::size_t const n = rows.count();
  char const* const noun = nodes ? "node" : "peer";
  std::string note = nodes ? "id, address and port" : "address and port";
  if (nodes || n > 1)
    note = fmt::format("{} of {} bytes: {}", count_of(n, noun), rows.unit(), note);
  map.add(s.prefix.size(), s.depth, s.name, s.prefix, std::move(note));
  map.rows.back().alike = s.name.starts_with("peer ");
  for (std::size_t i = 1; i <= n; ++i)
    rows.add(nodes || n > 1 ? fmt::format("{} {} ", noun, i) : "");
  rows.add_rest();
}

std::string note_of_krpc(std::string_view name, bytes content) {
  std::string_view const text = as_text(content);
  bool const wish = name.starts_with("wish ");
  if (name == "y" && text == "q") return "a query";
  if (name == "y" && text == "r") return "an answer";
  if (name == "y" && text == "e") return "an error";
  if (wish && text == "n4") return "nodes of IPv4";
  if (wish && text == "n6") return "nodes of IPv6";
  if (name == "v") return version_text(content);
  return "";
}

} // namespace

bool looks_like_krpc(std::string_view file) {
  for (std::string_view const begin :
       {"d1:ad2:id20:", "d1:rd2:id20:", "d2:ip6:", "d2:ip18:", "d1:eli20"})
    if (file.starts_with(begin)) return true;
  auto const has = [&](std::string_view key) { return file.find(key) != file.npos; };
  return file.starts_with('d') && has("1:t") &&
         (has("1:y1:q") || has("1:y1:r") || has("1:y1:e"));
}

std::string element_of_krpc(std::string_view list, std::size_t n) {
  if (list == "values") return fmt::format("peer {}", n);
  if (list == "want") return fmt::format("wish {}", n);
  if (list == "e" && n <= 2) return n == 1 ? "code" : "text";
  return "";
}

bool add_krpc_string(byte_map& map, packed_string const& s, std::string text) {
  if (holds_contacts(s.name)) {
    add_contacts(map, s);
    return true;
  }
  map.add(s.prefix.size() + s.content.size(), s.depth, s.name, std::move(text),
          note_of_krpc(s.name, s.content));
  map.rows.back().alike = s.name.starts_with("item ");
  return true;
}

char const* words_of_error(std::int64_t code) {
  for (code_words const& c : of_codes)
    if (c.code == code) return c.words;
  return "";
}

std::string version_text(bytes v) {
  std::string const all = to_hex(v);
  if (v.size() < 2) return all;
  auto const is_letter = [](char c) { return (c | 0x20) >= 'a' && (c | 0x20) <= 'z'; };
  std::string out(as_text(v.first(2)));
  if (!std::all_of(out.begin(), out.end(), is_letter)) return all;
  for (std::size_t i = 4; i < all.size(); i += 2) out += " " + all.substr(i, 2);
  return out;
}

} // namespace cotorra::explain
