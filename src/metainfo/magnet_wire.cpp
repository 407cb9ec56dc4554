#include "metainfo/magnet_wire.hpp"
#include "base/error.hpp"
#include "base/hex.hpp"
#include "base/trimmed.hpp"
#include "bencode/encode_wire.hpp"
#include "metainfo/info_wire.hpp"
#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <set>

namespace cotorra::metainfo {
namespace {

[[noreturn]] void refuse(std::string_view what) {
  throw input_error(fmt::format("this is not a magnet link that we can use: {}", what));
}

std::string in_lower_case(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c + ('a' - 'A'));
  return out;
}

std::string_view until(std::string_view& rest, char mark) {
  std::size_t const at = std::min(rest.find(mark), rest.size());
  std::string_view const part = rest.substr(0, at);
  rest.remove_prefix(std::min(at + 1, rest.size()));
  return part;
}

info_hash read_hash(std::string_view text) {
  auto const raw = text.size() == 40   ? from_hex(text)
                   : text.size() == 32 ? from_base32(text)
                                       : std::nullopt;
  if (!raw || raw->size() != info_hash::size)
    refuse(
        fmt::format("'{}' is not an info_hash (40 hex digits, or 32 of base32): copy the "
                    "link again",
                    text));
  return info_hash::from(*raw);
}

std::optional<std::uint32_t> read_index(std::string_view text) {
  std::uint32_t n = 0;
  char const* const end = text.data() + text.size();
  auto const [stop, error] = std::from_chars(text.data(), end, n);
  if (error != std::errc() || stop != end) return std::nullopt;
  return n;
}

// BEP 53: so=0,2,4-7
std::vector<magnet::file_range> read_selection(std::string_view text) {
  std::vector<magnet::file_range> out;
  while (!text.empty()) {
    std::string_view const part = until(text, ',');
    std::string_view last_text = part;
    auto const first = read_index(until(last_text, '-'));
    auto const last = part.find('-') == part.npos ? first : read_index(last_text);
    if (!first || !last || *last < *first)
      refuse(fmt::format("'so={}' names no files, as 'so=0,2,4-7' would", part));
    out.push_back({*first, *last});
  }
  return out;
}

// Keys may be numbered, as in tr.1=.
std::string_view without_number(std::string_view key) {
  std::size_t const dot = key.rfind('.');
  bool const numbered = dot != key.npos && read_index(key.substr(dot + 1)).has_value();
  return numbered ? key.substr(0, dot) : key;
}

std::string decoded(std::string_view key, std::string_view text) {
  std::string spaced(text);
  std::replace(spaced.begin(), spaced.end(), '+', ' ');
  auto out = percent_decode(key == "dn" ? std::string_view(spaced) : text);
  if (!out) refuse(fmt::format("'{}=' has a % without two hex digits after it", key));
  return std::move(*out);
}

void put(std::string& out, char const* key, std::string_view value) {
  out += fmt::format("&{}={}", key, percent_encode(as_bytes(value)));
}

// host:port with plain colons and brackets, as BEP 9 shows it. Everything else is
// escaped, since the text comes from a stranger.
void put_peer(std::string& out, std::string_view peer) {
  out += "&x.pe=";
  for (char const& c : peer) {
    bool const plain = c == ':' || c == '[' || c == ']';
    out += plain ? std::string(1, c) : percent_encode(as_bytes({&c, 1}));
  }
}

// Each text once, without the blanks around it, up to a limit.
class text_list {
public:
  explicit text_list(std::vector<std::string>& to) : to_(to) {}

  void add(std::string_view text) {
    constexpr std::size_t most = limits{}.addresses;
    text = trimmed(text);
    if (text.empty() || to_.size() == most) return;
    if (seen_.insert(std::string(text)).second) to_.emplace_back(text);
  }

private:
  std::vector<std::string>& to_;
  std::set<std::string> seen_;
};

class magnet_reader {
public:
  magnet read(std::string_view query) && {
    while (!query.empty()) {
      std::string_view text = until(query, '&');
      if (text.starts_with("amp;"))
        text.remove_prefix(4); // copied from a page's HTML source
      std::string_view const key = without_number(until(text, '='));
      take(key, decoded(key, text));
    }
    if (!has_hash_ && has_version_2_)
      refuse("it names a torrent for version 2 of the protocol only (btmh), which we do "
             "not speak: ask for one with btih");
    if (!has_hash_) refuse("it has no 'xt=urn:btih:' with an info_hash");
    return std::move(out_);
  }

private:
  void take(std::string_view key, std::string text) {
    if (key == "xt") return take_topic(text);
    if (key == "dn") out_.name = std::move(text);
    if (key == "tr") trackers_.add(text);
    if (key == "x.pe") peers_.add(text);
    if (key == "ws") web_seeds_.add(text);
    if (key == "so") out_.select_only = read_selection(text);
  }

  void take_topic(std::string_view topic) {
    constexpr std::string_view v1 = "urn:btih:", v2 = "urn:btmh:";
    std::string const kind = in_lower_case(topic.substr(0, v1.size()));
    if (kind == v2) has_version_2_ = true;
    if (kind != v1) return;
    info_hash const hash = read_hash(topic.substr(v1.size()));
    if (has_hash_ && hash != out_.hash) refuse("it names two different torrents");
    out_.hash = hash;
    has_hash_ = true;
  }

  magnet out_;
  text_list trackers_{out_.trackers}, peers_{out_.peers}, web_seeds_{out_.web_seeds};
  bool has_hash_ = false, has_version_2_ = false;
};

} // namespace

magnet decode_magnet(std::string_view link) {
  link = trimmed(link);
  if (in_lower_case(until(link, '?')) != "magnet:")
    refuse("it does not begin with 'magnet:?'");
  return magnet_reader().read(link);
}

std::string encode(magnet const& m) {
  std::string out = "magnet:?xt=urn:btih:" + m.hash.hex();
  if (!m.name.empty()) put(out, "dn", m.name);
  for (auto const& url : m.trackers) put(out, "tr", url);
  for (auto const& url : m.web_seeds) put(out, "ws", url);
  for (auto const& peer : m.peers) put_peer(out, peer);
  if (m.select_only.empty()) return out;
  out += "&so=";
  for (auto const& range : m.select_only) {
    if (out.back() != '=') out += ',';
    out += std::to_string(range.first);
    if (range.last != range.first) out += '-' + std::to_string(range.last);
  }
  return out;
}

buffer torrent_of(magnet const& m, bytes info) {
  buffer out;
  bencode::writer to(out);
  to.dictionary();
  if (!m.trackers.empty()) {
    to.key("announce");
    to.string(m.trackers.front());
  }
  if (m.trackers.size() > 1) {
    to.key("announce-list");
    to.list();
    for (std::string const& url : m.trackers) {
      to.list();
      to.string(url);
      to.end();
    }
    to.end();
  }
  to.key("info");
  to.raw(info);
  if (!m.web_seeds.empty()) {
    to.key("url-list");
    to.list();
    for (std::string const& url : m.web_seeds) to.string(url);
    to.end();
  }
  to.end();
  return out;
}

} // namespace cotorra::metainfo
