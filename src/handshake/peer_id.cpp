#include "handshake/peer_id.hpp"
#include <algorithm>
#include <array>
#include <cctype>
#include <fmt/format.h>
#include <optional>

namespace cotorra::handshake {
namespace {

struct client {
  std::string_view code, name;
};
constexpr client clients[] = {
    {"CO", "cotorra"},
    {"CT", "CTorrent"},
    {"LT", "libtorrent"},
    {"lt", "libTorrent"},
    {"TR", "Transmission"},
    {"qB", "qBittorrent"},
    {"DE", "Deluge"},
    {"UT", "uTorrent"},
    {"UM", "uTorrent Mac"},
    {"UW", "uTorrent Web"},
    {"AZ", "Vuze"},
    {"BI", "BiglyBT"},
    {"WW", "WebTorrent"},
    {"WD", "WebTorrent Desktop"},
    {"KT", "KTorrent"},
    {"BT", "BitTorrent"},
    {"GT", "anacrolix torrent"},
    {"rQ", "rqbit"},
    {"RN", "rain"},
    {"TX", "Tixati"},
    {"FD", "Free Download Manager"},
    {"XL", "Xunlei"},
};

// One digit of an Azureus-style version, in base 62: 0-9, then A = 10, then a = 36.
std::optional<int> version_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'A' && c <= 'Z') return c - 'A' + 10;
  if (c >= 'a' && c <= 'z') return c - 'a' + 36;
  return std::nullopt;
}

using version = std::array<std::optional<int>, 4>;

// "-TR4060-" is 4.0.6, and "-TR3000-", from before 4.0, is 3.00. The fourth character is
// 0 for a release. Nothing for versions before 0.80, whose ids had other forms.
std::optional<std::string> transmission_version(version const& v, char kind) {
  if (*v[0] == 0 && *v[1] == 0) return std::nullopt;
  std::string_view const kind_of_build = kind == 'B'                  ? " beta"
                                         : kind == 'X' || kind == 'Z' ? " dev"
                                                                      : "";
  std::string_view const dot = *v[0] >= 4 ? "." : "";
  return fmt::format("{}.{}{}{}{}", *v[0], *v[1], dot, *v[2], kind_of_build);
}

// Most clients: "2.0.8", or "5.7.5.1" where the fourth is not 0. A small letter in its
// place is no number: Deluge marks a release with "s".
std::string four_part_version(version const& v) {
  bool const four = v[3] && *v[3] != 0 && *v[3] < 36;
  return fmt::format("{}.{}.{}{}", *v[0], *v[1], *v[2],
                     four ? fmt::format(".{}", *v[3]) : "");
}

// "-LT2080-": two letters of the client, four of its version.
std::optional<std::string> azureus_style(std::string_view id) {
  if (id[0] != '-' || id[7] != '-') return std::nullopt;
  version v;
  std::ranges::transform(id.substr(3, 4), v.begin(), version_digit);
  if (!v[0] || !v[1] || !v[2]) return std::nullopt;
  std::string_view const code = id.substr(1, 2);
  auto const known = std::ranges::find(clients, code, &client::code);
  if (known == std::end(clients)) return std::nullopt;
  auto const told = code == "TR" ? transmission_version(v, id[6]) : four_part_version(v);
  if (!told) return std::nullopt;
  return fmt::format("{} {}", known->name, *told);
}

// "A2-1-36-0-" and "M7-10-5--": a letter or two, numbers between dashes.
std::optional<std::string> mainline_style(std::string_view id) {
  std::string_view name;
  if (id.starts_with("A2-")) name = "aria2";
  if (id.starts_with("M")) name = "BitTorrent";
  if (name.empty()) return std::nullopt;
  std::string_view rest = id.substr(name == "aria2" ? 3 : 1);
  std::string numbers;
  while (!rest.empty() && std::isdigit(static_cast<unsigned char>(rest[0]))) {
    std::size_t const dash = rest.find_first_not_of("0123456789");
    if (dash == rest.npos || rest[dash] != '-') return std::nullopt;
    numbers += (numbers.empty() ? "" : ".") + std::string(rest.substr(0, dash));
    rest.remove_prefix(dash + 1);
  }
  if (numbers.find('.') == numbers.npos) return std::nullopt;
  if (name == "aria2" && numbers.ends_with(".0"))
    numbers.resize(numbers.size() - 2); // people say aria2 1.36
  return fmt::format("{} {}", name, numbers);
}

std::string printable_start(std::string_view id) {
  std::string out = "\"";
  for (char c : id.substr(0, 8)) out += c > 0x20 && c < 0x7f && c != '"' ? c : '.';
  return out + '"';
}

} // namespace

peer_id make_peer_id(random_source& random) {
  peer_id id;
  std::ranges::copy(as_bytes(peer_id_prefix), id.value.begin());
  random.fill(mutable_bytes(id.value).subspan(peer_id_prefix.size()));
  return id;
}

std::string client_name(peer_id const& id) {
  std::string_view const text = as_text(id.value);
  if (auto name = azureus_style(text)) return *name;
  if (auto name = mainline_style(text)) return *name;
  return printable_start(text);
}

} // namespace cotorra::handshake
