#include "bencode/decode_wire.hpp"
#include "explain/explain.hpp"
#include "explain/facts.hpp"
#include "explain/map_words.hpp"
#include "explain/text.hpp"
#include "http/url_wire.hpp"
#include "metainfo/metainfo_wire.hpp"
#include "piece/resume_wire.hpp"
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace cotorra::explain {
namespace {

constexpr char const* unknown_key = "  (we do not know this key)";
constexpr char const* not_counted = "they do not count";
constexpr bencode::leniency lenient{.numbers = true, .rest = true}; // as the readers are

char const* type_of(bencode::value v) {
  if (v.is_integer()) return "integer";
  if (v.is_string()) return "string";
  return v.is_list() ? "list" : "dictionary";
}

// The keys of the file and of its info dictionary, each with the place of its value.
json keys_of(bencode::value root, bencode_kind kind, std::size_t begin = 0) {
  json out = json::array();
  auto const add = [&](std::string_view where, bencode::value dictionary) {
    for (auto [key, v] : dictionary.entries())
      out.push_back({{"in", where},
                     {"key", key},
                     {"type", type_of(v)},
                     {"offset", begin + v.offset()},
                     {"length", v.raw().size()},
                     {"known", meaning_of(kind, key) != nullptr}});
  };
  add("", root);
  if (root.find("info").is_dictionary()) add("info", root.find("info"));
  return out;
}

json files_of(metainfo::metainfo const& t) {
  json out = json::array();
  for (metainfo::file_entry const& f : t.files) {
    json file{{"path", f.path_text()}, {"length", f.length}};
    if (f.padding) file["padding"] = true;
    if (f.executable) file["executable"] = true;
    if (f.hidden) file["hidden"] = true;
    if (!f.symlink.empty())
      file["symlink"] = fmt::format("{}", fmt::join(f.symlink, "/"));
    if (!f.md5sum.empty()) file["md5sum"] = f.md5sum;
    out.push_back(std::move(file));
  }
  return out;
}

// As they may be shown: --bytes has them whole.
std::vector<std::string> printable(std::vector<std::string> urls) {
  for (std::string& url : urls) url = http::printable(url);
  return urls;
}

std::vector<std::string> without_secrets(std::vector<std::string> urls) {
  for (std::string& url : urls) url = http::without_secrets(url);
  return urls;
}

json facts_of(metainfo::metainfo const& t, bencode::value root) {
  json tiers = json::array();
  for (auto const& tier : t.trackers) tiers.push_back(without_secrets(tier));
  json out{{"kind", "torrent"},
           {"name", t.name},
           {"info_hash", t.hash.hex()},
           {"size", t.total_length},
           {"piece_length", t.piece_length},
           {"pieces", t.pieces.size()},
           {"private", t.is_private},
           {"files", files_of(t)},
           {"trackers", tiers},
           {"url_list", without_secrets(t.url_list)},
           {"http_seeds", without_secrets(t.http_seeds)},
           {"warnings", t.warnings},
           {"keys", keys_of(root, bencode_kind::torrent)}};
  for (auto const& [host, port] : t.nodes)
    out["nodes"].push_back(json::array({host, port}));
  if (t.creation_date) out["creation_date"] = *t.creation_date;
  for (auto const& [key, text] :
       {std::pair("comment", &t.comment), std::pair("created_by", &t.created_by),
        std::pair("encoding", &t.encoding), std::pair("source", &t.source)})
    if (!text->empty()) out[key] = *text;
  return out;
}

void add_facts(std::vector<std::string>& lines, metainfo::metainfo const& t) {
  auto const fact = [&lines](std::string_view name, std::string const& value) {
    lines.push_back(fact_line(name, value));
  };
  fact("name", sanitise(t.name));
  fact("info_hash", t.hash.hex());
  fact("size", fmt::format("{} ({} bytes)", human_size(t.total_length),
                           human_count(t.total_length)));
  fact("pieces",
       fmt::format("{} of {}", human_count(t.pieces.size()), human_size(t.piece_length)));
  fact("private", t.is_private ? "yes: peers from its trackers only" : "no");
  for (auto const& [key, text] :
       {std::pair("comment", &t.comment), std::pair("created by", &t.created_by),
        std::pair("encoding", &t.encoding), std::pair("source", &t.source)})
    if (!text->empty()) fact(key, sanitise(*text));
  if (t.creation_date) fact("creation date", human_date(*t.creation_date));
  for (std::size_t i = 0; i < t.trackers.size(); ++i)
    fact(fmt::format("tier {}", i + 1),
         sanitise(fmt::format("{}", fmt::join(printable(t.trackers[i]), ", "))));
  if (t.trackers.empty()) fact("trackers", "none");
  for (std::string const& url : printable(t.url_list)) fact("web seed", sanitise(url));
  for (std::string const& url : printable(t.http_seeds)) fact("http seed", sanitise(url));
  for (auto const& [host, port] : t.nodes)
    fact("DHT node", sanitise(fmt::format("{}:{}", host, port)));
}

void add_files(std::vector<std::string>& lines, metainfo::metainfo const& t) {
  lines.push_back(fact_line("files", human_count(t.files.size())));
  for (std::size_t i = 0; i < t.files.size(); ++i) {
    metainfo::file_entry const& f = t.files[i];
    std::string what = f.padding ? "  (padding)" : "";
    if (!f.symlink.empty())
      what = sanitise(fmt::format("  -> {}", fmt::join(f.symlink, "/")));
    lines.push_back(fmt::format("    {:>4}  {:>10}  {}{}", i + 1, human_size(f.length),
                                sanitise(f.path_text()), what));
  }
}

void add_keys(std::vector<std::string>& lines, json const& keys) {
  lines.push_back(fact_line("keys", "of the file, with the place of each value"));
  for (json const& k : keys.elements()) {
    auto const name = sanitise(k["key"].text());
    std::string const& in = k["in"].text();
    lines.push_back(fmt::format(
        "    {:<22} {:<10} byte {}, {}{}", in.empty() ? name : in + "/" + name,
        k["type"].text(), k["offset"].count(), count_of(k["length"].count(), "byte"),
        k["known"].truth() ? "" : unknown_key));
  }
}

explanation explain_torrent(bytes file, bencode::value root) {
  metainfo::limits limits;
  limits.bytes = std::max(limits.bytes, file.size());
  metainfo::metainfo const torrent = metainfo::decode(file, limits);
  explanation out{facts_of(torrent, root), {"A .torrent"}, ""};
  add_facts(out.lines, torrent);
  add_files(out.lines, torrent);
  add_keys(out.lines, out.facts["keys"]);
  for (std::string const& w : torrent.warnings)
    out.lines.push_back(fact_line("warning", sanitise(w)));
  return out;
}

// What the reader of an answer passes over without a word.
std::vector<std::string> slips_of(bencode::document const& doc, std::size_t begin,
                                  std::size_t size) {
  std::vector<std::string> out;
  if (begin != 0)
    out.push_back(fmt::format("{} before it: {}", count_of(begin, "byte"), not_counted));
  if (std::size_t const end = begin + doc.size(); end != size)
    out.push_back(fmt::format("{} after its end, at byte {}: {}",
                              count_of(size - end, "byte"), end, not_counted));
  if (auto const& zero = doc.first_idle_zero())
    out.push_back(fmt::format("the number that ends at byte {} has a zero too many",
                              begin + *zero));
  if (auto const& wide = doc.first_wide())
    out.push_back(
        fmt::format("the integer that ends at byte {} is beyond 64 bits", begin + *wide));
  return out;
}

explanation explain_tracker_answer(bytes file, bencode::document const& doc) {
  auto const answer = tracker::decode_answer(file);
  std::size_t const begin = tracker::begin_of_answer(file);
  explanation out{{{"kind", "tracker answer"}}, {"A tracker's answer"}, ""};
  out.facts.update(explain::facts_of(answer));
  out.facts["keys"] = keys_of(doc.root(), bencode_kind::tracker_answer, begin);
  out.facts["warnings"] = slips_of(doc, begin, file.size());
  auto const more = lines_of(answer);
  out.lines.insert(out.lines.end(), more.begin(), more.end());
  for (json const& slip : out.facts["warnings"].elements())
    out.lines.push_back(fact_line("warning", slip.text()));
  return out;
}

explanation explain_resume(bytes file) {
  auto const state = piece::decode_resume(file);
  if (!state) throw input_error("it looks like a resume file, but is damaged");
  explanation out;
  out.facts = {{"kind", "resume file"},
               {"info_hash", state->hash.hex()},
               {"piece_length", state->piece_length},
               {"pieces", state->pieces.size()},
               {"verified", state->pieces.count()},
               {"files", state->files.size()},
               {"settled", state->settled}};
  out.lines = {"A resume file: what a stopped download leaves behind",
               fact_line("info_hash", state->hash.hex()),
               fact_line("pieces", fmt::format("{} of {} verified, of {} each",
                                               human_count(state->pieces.count()),
                                               human_count(state->pieces.size()),
                                               human_size(state->piece_length))),
               fact_line("files", human_count(state->files.size()))};
  return out;
}

explanation explain_document(bytes file) {
  bencode::limits limits;
  limits.total_bytes = std::max(limits.total_bytes, file.size());
  limits.items = metainfo::limits{}.values;
  bencode_kind const kind = guess_kind(file);
  if (kind == bencode_kind::krpc) {
    bencode::decode(file, limits, lenient); // says where it is damaged
    return explain_krpc(file);
  }
  bool const torrent = kind == bencode_kind::torrent,
             answer = kind == bencode_kind::tracker_answer;
  std::size_t const begin = answer ? tracker::begin_of_answer(file) : 0;
  bencode::document const doc = bencode::decode(
      file.subspan(begin), limits, torrent || answer ? lenient : bencode::leniency{});
  bencode::value const root = doc.root();
  if (root.find("info")) return explain_torrent(file, root);
  if (kind == bencode_kind::resume) return explain_resume(file);
  if (root.find("interval") || root.find("peers") || root.find("failure reason"))
    return explain_tracker_answer(file, doc);
  throw input_error("this is bencode, but neither a .torrent nor a tracker's answer nor "
                    "a message of the DHT: see it with --bytes");
}

} // namespace

explanation explain_bencode(bytes file) {
  try {
    return explain_document(file);
  } catch (protocol_error const& e) {
    char const* const like = guess_kind(file) == bencode_kind::krpc
                                 ? "a message of the DHT"
                                 : "a .torrent or a tracker's answer";
    throw input_error(
        fmt::format("it begins like bencode ({}), but {}: get it again", like, e.what()));
  }
}

} // namespace cotorra::explain
