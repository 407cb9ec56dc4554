#include "cli/facts.hpp"
#include "cli/map_words.hpp"
#include "cli/runtime.hpp"
#include "cli/show.hpp"
#include "cli/text.hpp"
#include "metainfo/metainfo_wire.hpp"
#include "piece/resume_wire.hpp"
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace cotorra::cli {
namespace {

char const* type_of(bencode::value v) {
  if (v.is_integer()) return "integer";
  if (v.is_string()) return "string";
  return v.is_list() ? "list" : "dictionary";
}

// The keys of the file and of its info dictionary, each with the place of its value.
json keys_of(bencode::value root, bencode_kind kind) {
  json out = json::array();
  auto const add = [&out, kind](std::string_view where, bencode::value dictionary) {
    for (auto [key, v] : dictionary.entries())
      out.push_back({{"in", where},
                     {"key", key},
                     {"type", type_of(v)},
                     {"offset", v.offset()},
                     {"length", v.raw().size()},
                     {"known", meaning_of(kind, key) != nullptr}});
  };
  add("", root);
  if (root.find("info").is_dictionary()) add("info", root.find("info"));
  return out;
}

json files_of(metainfo const& t) {
  json out = json::array();
  for (file_entry const& f : t.files) {
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

json facts_of(metainfo const& t, bencode::value root) {
  json out{{"kind", "torrent"},
           {"name", t.name},
           {"info_hash", t.hash.hex()},
           {"size", t.total_length},
           {"piece_length", t.piece_length},
           {"pieces", t.pieces.size()},
           {"private", t.is_private},
           {"files", files_of(t)},
           {"trackers", t.trackers},
           {"url_list", t.url_list},
           {"http_seeds", t.http_seeds},
           {"warnings", t.warnings},
           {"keys", keys_of(root, bencode_kind::torrent)}};
  for (auto const& [host, port] : t.nodes) out["nodes"].push_back({host, port});
  if (t.creation_date) out["creation_date"] = *t.creation_date;
  for (auto const& [key, text] :
       {std::pair("comment", &t.comment), std::pair("created_by", &t.created_by),
        std::pair("encoding", &t.encoding), std::pair("source", &t.source)})
    if (!text->empty()) out[key] = *text;
  return out;
}

void tell_about(metainfo const& t) {
  say_fact("name", sanitise(t.name));
  say_fact("info-hash", t.hash.hex());
  say_fact("size", fmt::format("{} ({} bytes)", human_size(t.total_length),
                               human_count(t.total_length)));
  say_fact("pieces", fmt::format("{} of {}", human_count(t.pieces.size()),
                                 human_size(t.piece_length)));
  say_fact("private", t.is_private ? "yes: peers from its trackers only" : "no");
  for (auto const& [key, text] :
       {std::pair("comment", &t.comment), std::pair("created by", &t.created_by),
        std::pair("encoding", &t.encoding), std::pair("source", &t.source)})
    if (!text->empty()) say_fact(key, sanitise(*text));
  if (t.creation_date) say_fact("creation date", human_date(*t.creation_date));
  for (std::size_t i = 0; i < t.trackers.size(); ++i)
    say_fact(fmt::format("tier {}", i + 1),
             sanitise(fmt::format("{}", fmt::join(t.trackers[i], ", "))));
  if (t.trackers.empty()) say_fact("trackers", "none");
  for (std::string const& url : t.url_list) say_fact("web seed", sanitise(url));
  for (std::string const& url : t.http_seeds) say_fact("http seed", sanitise(url));
  for (auto const& [host, port] : t.nodes)
    say_fact("DHT node", sanitise(fmt::format("{}:{}", host, port)));
}

void tell_files(metainfo const& t) {
  say_fact("files", human_count(t.files.size()));
  for (std::size_t i = 0; i < t.files.size(); ++i) {
    file_entry const& f = t.files[i];
    std::string what = f.padding ? "  (padding)" : "";
    if (!f.symlink.empty())
      what = sanitise(fmt::format("  -> {}", fmt::join(f.symlink, "/")));
    say(fmt::format("    {:>4}  {:>10}  {}{}", i + 1, human_size(f.length),
                    sanitise(f.path_text()), what));
  }
}

void tell_keys(json const& keys) {
  say_fact("keys", "of the file, with the place of each value");
  for (json const& k : keys) {
    auto const name = sanitise(k["key"].get<std::string>());
    auto const in = k["in"].get<std::string>();
    say(fmt::format("    {:<22} {:<10} byte {}, {}{}",
                    in.empty() ? name : in + "/" + name, k["type"].get<std::string>(),
                    k["offset"].get<std::size_t>(),
                    count_of(k["length"].get<std::size_t>(), "byte"),
                    k["known"].get<bool>() ? "" : "  (we do not know this key)"));
  }
}

} // namespace

int show_torrent(bytes file, bencode::value root, show_options const& o) {
  metainfo_limits limits;
  limits.bytes = std::max(limits.bytes, file.size());
  metainfo const torrent = read_metainfo(file, limits);
  json const facts = facts_of(torrent, root);
  if (o.json) {
    say_json(facts);
    return done;
  }
  say("A .torrent");
  tell_about(torrent);
  tell_files(torrent);
  tell_keys(facts["keys"]);
  for (std::string const& w : torrent.warnings) say_fact("warning", sanitise(w));
  return done;
}

int show_tracker_answer(bytes file, bencode::value root, show_options const& o) {
  auto const answer = tracker::read_announce_answer(file);
  if (o.json) {
    json facts{{"kind", "tracker answer"}};
    facts.update(facts_of(answer));
    facts["keys"] = keys_of(root, bencode_kind::tracker_answer);
    say_json(facts);
  } else {
    say("A tracker's answer");
    tell(answer);
  }
  return done;
}

int show_resume(bytes file, show_options const& o) {
  auto const state = read_resume(file);
  if (!state) throw input_error("it looks like a resume file, but is damaged");
  json facts{{"kind", "resume file"},
             {"info_hash", state->hash.hex()},
             {"piece_length", state->piece_length},
             {"pieces", state->pieces.size()},
             {"verified", state->pieces.count()},
             {"files", state->files.size()},
             {"settled", state->settled}};
  if (o.json) {
    say_json(facts);
    return done;
  }
  say("A resume file: what a stopped download leaves behind");
  say_fact("info-hash", state->hash.hex());
  say_fact("pieces", fmt::format("{} of {} verified, of {} each",
                                 human_count(state->pieces.count()),
                                 human_count(state->pieces.size()),
                                 human_size(state->piece_length)));
  say_fact("files", human_count(state->files.size()));
  return done;
}

} // namespace cotorra::cli
