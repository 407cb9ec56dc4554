#include "metainfo/metainfo_wire.hpp"
#include "base/error.hpp"
#include "base/trimmed.hpp"
#include "bencode/decode_wire.hpp"
#include "metainfo/info_wire.hpp"
#include <algorithm>
#include <fmt/format.h>
#include <set>

namespace cotorra::metainfo {
namespace {

using bencode::value;

bencode::document decode_document(bytes in, limits const& bounds, bool rest) {
  if (in.size() > bounds.bytes)
    throw input_error(fmt::format("this .torrent has {} bytes, more than the {} that we "
                                  "accept: is it really one?",
                                  in.size(), bounds.bytes));
  try {
    bencode::limits limits;
    limits.total_bytes = bounds.bytes;
    limits.items = bounds.values;
    return bencode::decode(in, limits, {.numbers = true, .rest = rest});
  } catch (protocol_error const& e) {
    throw input_error(fmt::format("this is not a valid .torrent ({}): get it again from "
                                  "where it came from",
                                  e.what()));
  }
}

void note_disorder(metainfo& out, bencode::document const& doc) {
  if (auto const& zero = doc.first_idle_zero())
    warn(out, fmt::format("the number that ends at byte {} has a zero too many", *zero));
  if (auto const& wide = doc.first_wide())
    warn(out, fmt::format("the integer that ends at byte {} is beyond 64 bits", *wide));
  auto const& where = doc.first_disorder();
  if (!where) return;
  warn(out, fmt::format("the key at byte {} {}", where->offset,
                        where->duplicate ? "occurs twice: the first one counts"
                                         : "is not in sorted order"));
}

// Outside the info dictionary, programs write all sorts of things. We drop what is not
// text, with a warning, since the torrent may work without it.
class text_list {
public:
  text_list(metainfo& out, std::vector<std::string>& to, char const* key)
      : out_(out), to_(to), key_(key) {}

  // Each text once.
  void add(value v) {
    if (!v.is_string())
      return warn(out_, fmt::format("'{}' at byte {} is not text and was left out", key_,
                                    v.offset()));
    std::string_view const text = trimmed(v.text());
    if (!text.empty() && seen_.insert(text).second) to_.emplace_back(text);
  }

private:
  metainfo& out_;
  std::vector<std::string>& to_;
  char const* const key_;
  std::set<std::string_view> seen_; // refers to the received bytes
};

// A string, or a list of strings.
void add_texts(metainfo& out, std::vector<std::string>& to, value v, char const* key) {
  if (!v) return;
  text_list texts(out, to, key);
  if (!v.is_list()) return texts.add(v);
  for (value one : v.elements()) texts.add(one);
}

void tell_left_out(metainfo& out, std::size_t count, char const* what, std::size_t most) {
  warn(out, fmt::format("it has {} {}: only the first {} are used", count, what, most));
}

void keep_first(metainfo& out, std::vector<std::string>& texts, std::size_t most) {
  if (texts.size() <= most) return;
  tell_left_out(out, texts.size(), "web seeds", most);
  texts.resize(most);
}

// Keeps the first trackers, in the order of their tiers.
void keep_first_trackers(metainfo& out, std::size_t most) {
  std::size_t count = 0, tiers = 0;
  for (auto& tier : out.trackers) {
    std::size_t const room = most - std::min(count, most);
    count += tier.size();
    if (tier.size() > room) tier.resize(room);
    if (!tier.empty()) ++tiers;
  }
  if (count <= most) return;
  tell_left_out(out, count, "trackers", most);
  out.trackers.resize(tiers);
}

// BEP 12: if there is an announce-list, announce is ignored.
void read_trackers(metainfo& out, value root) {
  value const list = root.find("announce-list");
  if (list && !list.is_list())
    warn(out, "'announce-list' is not a list and was left out");
  if (list.is_list())
    for (value tier : list.elements()) {
      // hole 2.3: the trackers of one tier, if there are any
      std::vector<std::string> urls;
      add_texts(out, urls, tier, "announce-list");
      if (!urls.empty()) out.trackers.push_back(std::move(urls));
      // end hole 2.3
    }
  if (!out.trackers.empty()) return;
  std::vector<std::string> only;
  add_texts(out, only, root.find("announce"), "announce");
  if (!only.empty()) out.trackers.push_back(std::move(only));
}

// BEP 5: [["host", port], ...]
void read_nodes(metainfo& out, value list, std::size_t most) {
  if (!list) return;
  std::size_t bad = 0;
  if (!list.is_list()) return warn(out, "'nodes' is not a list and was left out");
  for (value node : list.elements()) {
    value host, port;
    if (node.is_list())
      for (value v : node.elements()) (host ? port : host) = v;
    bool const ok = host.is_string() && port.is_integer() && port.clamped() > 0 &&
                    port.clamped() <= 65535 && node.size() == 2;
    if (ok)
      out.nodes.emplace_back(host.text(), static_cast<std::uint16_t>(port.integer()));
    else
      ++bad;
  }
  if (bad != 0)
    warn(out, fmt::format("{} of the 'nodes' are malformed and were left out", bad));
  if (out.nodes.size() <= most) return;
  tell_left_out(out, out.nodes.size(), "nodes", most);
  out.nodes.resize(most);
}

} // namespace

std::string file_entry::path_text() const {
  std::string out;
  for (std::string const& element : path) {
    if (!out.empty()) out += '/';
    out += element;
  }
  return out;
}

metainfo decode(bytes torrent, limits const& bounds) {
  bencode::document const doc = decode_document(torrent, bounds, true);
  value const root = doc.root();
  metainfo out;
  if (!root.is_dictionary()) refuse_metainfo(root, "it must be a dictionary");
  note_disorder(out, doc);
  if (doc.size() != torrent.size())
    warn(out, fmt::format("{} bytes stand behind its end, at byte {}: they do not count",
                          torrent.size() - doc.size(), doc.size()));
  value const info = root.find("info");
  if (!info) refuse_metainfo(root, "the key 'info' is missing");
  decode_info_dictionary(out, info, bounds);

  read_trackers(out, root);
  keep_first_trackers(out, bounds.addresses);
  out.comment = text_of(root, "comment");
  out.created_by = text_of(root, "created by");
  out.encoding = text_of(root, "encoding");
  if (value const date = root.find("creation date"); date.is_integer())
    out.creation_date = date.clamped();
  add_texts(out, out.url_list, root.find("url-list"), "url-list");
  add_texts(out, out.http_seeds, root.find("httpseeds"), "httpseeds");
  keep_first(out, out.url_list, bounds.addresses);
  keep_first(out, out.http_seeds, bounds.addresses);
  read_nodes(out, root.find("nodes"), bounds.addresses);
  return out;
}

metainfo decode_info(bytes info, limits const& bounds) {
  bencode::document const doc = decode_document(info, bounds, false);
  metainfo out;
  note_disorder(out, doc);
  decode_info_dictionary(out, doc.root(), bounds);
  return out;
}

} // namespace cotorra::metainfo
