#include "metainfo/metainfo_wire.hpp"
#include "base/error.hpp"
#include "bencode/decode_wire.hpp"
#include "metainfo/info_wire.hpp"
#include <algorithm>
#include <fmt/format.h>

namespace cotorra {
namespace {

using bencode::value;

bencode::document decode_metainfo(bytes in, metainfo_limits const& bounds) {
  if (in.size() > bounds.bytes)
    throw input_error(fmt::format("this .torrent has {} bytes, more than the {} that we "
                                  "accept: is it really one?",
                                  in.size(), bounds.bytes));
  try {
    bencode::limits limits;
    limits.total_bytes = bounds.bytes;
    return bencode::decode(in, limits);
  } catch (protocol_error const& e) {
    throw input_error(fmt::format("this is not a valid .torrent ({}): get it again from "
                                  "where it came from",
                                  e.what()));
  }
}

void note_disorder(metainfo& out, bencode::document const& doc) {
  auto const& where = doc.first_disorder();
  if (!where) return;
  warn(out, fmt::format("the key at byte {} {}", where->offset,
                        where->duplicate ? "stands there twice: the first one counts"
                                         : "is not in sorted order"));
}

// Outside the info dictionary the world writes what it likes: what is no text is left
// out, with a warning, since the swarm may do without it.
void add_text(metainfo& out, std::vector<std::string>& to, value v, char const* key) {
  if (!v.is_string())
    return warn(out, fmt::format("'{}' at byte {} is not text and was left out", key,
                                 v.offset()));
  std::string_view text = v.text();
  auto const blank = [](char c) { return c == ' ' || (c >= '\t' && c <= '\r'); };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  if (!text.empty() && std::find(to.begin(), to.end(), text) == to.end())
    to.emplace_back(text);
}

// A string, or a list of strings.
void add_texts(metainfo& out, std::vector<std::string>& to, value v, char const* key) {
  if (!v) return;
  if (!v.is_list()) return add_text(out, to, v, key);
  for (value one : v.elements()) add_text(out, to, one, key);
}

// BEP 12: where there is an announce-list, announce is not looked at.
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
void read_nodes(metainfo& out, value list) {
  if (!list) return;
  std::size_t bad = 0;
  if (!list.is_list()) return warn(out, "'nodes' is not a list and was left out");
  for (value node : list.elements()) {
    value host, port;
    if (node.is_list())
      for (value v : node.elements()) (host ? port : host) = v;
    bool const ok = host.is_string() && port.is_integer() && port.integer() > 0 &&
                    port.integer() <= 65535 && node.size() == 2;
    if (ok)
      out.nodes.emplace_back(host.text(), static_cast<std::uint16_t>(port.integer()));
    else
      ++bad;
  }
  if (bad != 0)
    warn(out, fmt::format("{} of the 'nodes' are none and were left out", bad));
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

metainfo read_metainfo(bytes torrent, metainfo_limits const& bounds) {
  bencode::document const doc = decode_metainfo(torrent, bounds);
  value const root = doc.root();
  metainfo out;
  if (!root.is_dictionary()) refuse_metainfo(root, "it must be a dictionary");
  note_disorder(out, doc);
  value const info = root.find("info");
  if (!info) refuse_metainfo(root, "the key 'info' is missing");
  read_info_dictionary(out, info, bounds);

  read_trackers(out, root);
  out.comment = text_of(root, "comment");
  out.created_by = text_of(root, "created by");
  out.encoding = text_of(root, "encoding");
  if (value const date = root.find("creation date"); date.is_integer())
    out.creation_date = date.integer();
  add_texts(out, out.url_list, root.find("url-list"), "url-list");
  add_texts(out, out.http_seeds, root.find("httpseeds"), "httpseeds");
  read_nodes(out, root.find("nodes"));
  return out;
}

metainfo read_info(bytes info, metainfo_limits const& bounds) {
  bencode::document const doc = decode_metainfo(info, bounds);
  metainfo out;
  note_disorder(out, doc);
  read_info_dictionary(out, doc.root(), bounds);
  return out;
}

} // namespace cotorra
