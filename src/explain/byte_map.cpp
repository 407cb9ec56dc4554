#include "explain/byte_map.hpp"
#include "base/hex.hpp"
#include "explain/text.hpp"
#include "metainfo/safe_name.hpp"
#include <fmt/format.h>

namespace cotorra::explain {

void byte_map::add(std::size_t length, unsigned depth, std::string name,
                   std::string value, std::string note) {
  if (length == 0) return;
  if (name.empty()) name = "\"\""; // the empty key; a field without a name is none
  rows.push_back(
      {end(), length, depth, std::move(name), std::move(value), std::move(note)});
}

bool byte_map::full() {
  if (rows.size() < most_named) return false;
  if (trouble.empty())
    trouble = fmt::format("byte {}: we name {} and no more", end(),
                          count_of(rows.size(), "field"));
  return true;
}

void byte_map::leave_over(bytes file, std::string why) {
  if (end() == file.size()) return;
  bytes const rest = file.subspan(end());
  add(rest.size(), 0, std::string(left_over), in_short(rest), "no field explains these");
  if (trouble.empty()) trouble = std::move(why);
}

std::string in_short(bytes in, std::size_t most) {
  std::string_view const s = as_text(in);
  bool const long_one = s.size() > most;
  // a cut through a character is no reason to call it binary
  std::string const start = metainfo::repaired_utf8(s.substr(0, most));
  bool const readable = sanitise(start) == start && (metainfo::is_utf8(s) || long_one) &&
                        start.find("\uFFFD") == start.npos;
  if (readable) return long_one ? start + ".." : start;
  std::size_t const shown = std::min(s.size(), std::max<std::size_t>(most / 2, 20));
  return to_hex(in.first(shown)) + (shown < s.size() ? ".." : "");
}

std::string hex_start(bytes in) {
  std::size_t const shown = in.size() > 8 ? 7 : in.size();
  std::string out;
  for (std::byte b : in.first(shown))
    out += fmt::format("{:02x} ", std::to_integer<unsigned>(b));
  if (shown < in.size()) return out + "..";
  if (!out.empty()) out.pop_back();
  return out;
}

std::string pieces_in(bytes bits) {
  constexpr std::size_t longest = 40;
  auto const has = [&](std::size_t i) {
    return i < 8 * bits.size() &&
           (std::to_integer<unsigned>(bits[i / 8]) >> (7 - i % 8) & 1) != 0;
  };
  std::string out;
  for (std::size_t i = 0; i < 8 * bits.size(); ++i) {
    if (!has(i)) continue;
    std::size_t const first = i;
    while (has(i + 1)) ++i;
    out += out.empty() ? "" : ", ";
    out += first == i ? std::to_string(i) : fmt::format("{}-{}", first, i);
    if (out.size() > longest) return "";
  }
  return out;
}

std::string in_binary(bytes bits) {
  constexpr std::size_t most = 4;
  std::string out;
  for (std::byte b : bits.first(std::min(bits.size(), most)))
    out += fmt::format("{}{:08b}", out.empty() ? "" : " ", std::to_integer<unsigned>(b));
  return out + (bits.size() > most ? " .." : "");
}

std::vector<byte_row> shortened(std::vector<byte_row> const& rows) {
  constexpr std::size_t first = 6, last = 2;
  std::vector<byte_row> out;
  for (std::size_t at = 0; at < rows.size();) {
    std::size_t end = at;
    while (end < rows.size() && rows[end].alike) ++end;
    if (end - at <= first + last + 1) { // also a row that is like no other
      end = std::max(end, at + 1);
      out.insert(out.end(), rows.begin() + static_cast<std::ptrdiff_t>(at),
                 rows.begin() + static_cast<std::ptrdiff_t>(end));
    } else {
      auto const from = rows.begin() + static_cast<std::ptrdiff_t>(at);
      auto const to = rows.begin() + static_cast<std::ptrdiff_t>(end);
      out.insert(out.end(), from, from + first);
      byte_row const& skipped = rows[at + first];
      byte_row const& next = *(to - last);
      out.push_back(
          {skipped.offset, next.offset - skipped.offset, skipped.depth, "", "",
           fmt::format("{} more of the kind", human_count(end - at - first - last))});
      out.insert(out.end(), to - last, to);
    }
    at = end;
  }
  return out;
}

namespace {

struct columns {
  std::size_t name = 0, value = 0;
};

columns widths(std::vector<byte_row> const& rows) {
  constexpr std::size_t widest_name = 26, widest_value = 24;
  columns w{5, 5};
  for (byte_row const& r : rows) {
    w.name = std::max(w.name, 2 * r.depth + r.name.size());
    if (!r.note.empty() && r.value.size() <= widest_value)
      w.value = std::max(w.value, r.value.size());
  }
  w.name = std::min(w.name, widest_name);
  return w;
}

} // namespace

std::vector<std::string> lines_of(byte_map const& map, bytes file) {
  std::vector<std::string> lines;
  auto const rows = shortened(map.rows);
  columns const w = widths(rows);
  lines.push_back(fmt::format("{:>7} {:>6}  {:<23}  {:<{}}  value", "byte", "size", "hex",
                              "field", w.name));
  for (byte_row const& r : rows) {
    std::string const name = std::string(2 * r.depth, ' ') + r.name;
    std::string const hex =
        r.name.empty() ? "..." : hex_start(file.subspan(r.offset, r.length));
    std::string line =
        fmt::format("{:>7} {:>6}  {:<23}  {:<{}}  {:<{}}", r.offset, r.length, hex, name,
                    w.name, r.value, r.note.empty() ? 0 : w.value);
    if (!r.note.empty()) line += "  " + r.note;
    lines.push_back(line.substr(0, line.find_last_not_of(' ') + 1));
  }
  return lines;
}

json facts_of(byte_map const& map) {
  json rows = json::array();
  for (byte_row const& r : map.rows)
    rows.push_back({{"offset", r.offset},
                    {"length", r.length},
                    {"depth", r.depth},
                    {"name", r.name},
                    {"value", r.value},
                    {"note", r.note}});
  json out{{"kind", map.kind}, {"size", map.end()}};
  out["bytes"] = std::move(rows);
  if (!map.trouble.empty()) out["trouble"] = map.trouble;
  return out;
}

} // namespace cotorra::explain
