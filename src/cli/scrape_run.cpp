#include "cli/scrape_run.hpp"
#include "cli/arguments.hpp"
#include "cli/files.hpp"
#include "cli/output.hpp"
#include "cli/runtime.hpp"
#include "cli/source.hpp"
#include "cli/text.hpp"
#include "http/url_wire.hpp"
#include "tracker/scrape_talk.hpp"
#include <algorithm>
#include <fmt/format.h>

namespace cotorra::cli {
namespace {

struct wanted {
  info_hash hash;
  std::string name; // of a .torrent
};

struct question {
  std::string tracker;
  bool from_stranger = false; // the tracker's URL is that of a .torrent
  std::vector<wanted> torrents;
};

bool is_hash(std::string const& word) {
  std::error_code error;
  bool const digits = word.size() == 2 * info_hash::size && from_hex(word);
  return digits && !std::filesystem::exists(word, error);
}

std::string tracker_of(metainfo::metainfo const& torrent, std::string const& file) {
  std::string first = first_tracker(torrent);
  if (first.empty())
    throw input_error(fmt::format("{}: it names no tracker: give one, as the first word",
                                  sanitise(file)));
  return first;
}

task<question> read_arguments(io::workers& workers, scrape_arguments const& a) {
  question q{a.tracker, false, {}};
  std::vector<std::string> torrents = a.torrents;
  if (is_url(a.tracker))
    check_url(a.tracker);
  else
    torrents.insert(torrents.begin(), a.tracker);
  for (std::string const& word : torrents) {
    if (is_hash(word)) {
      q.torrents.push_back({parse_info_hash(word), ""});
      continue;
    }
    auto loading = load_torrent(workers, word);
    metainfo::metainfo const torrent = co_await std::move(loading);
    q.torrents.push_back({torrent.hash, sanitise(torrent.name)});
    if (is_url(q.tracker)) continue;
    q.tracker = tracker_of(torrent, word);
    q.from_stranger = true;
  }
  if (q.torrents.empty())
    throw usage_error("which torrent? Add its INFO_HASH or a FILE.torrent");
  if (!is_url(q.tracker)) throw usage_error("which tracker? Its URL is the first word");
  co_return q;
}

std::string number(std::optional<std::uint32_t> n) { return n ? human_count(*n) : "-"; }

void tell(question const& q, tracker::scrape_answer const& a) {
  say(sanitise(http::printable(q.tracker)));
  say(fmt::format("{:<40}  {:>10}  {:>10}  {:>10}", "info_hash", "complete", "incomplete",
                  "downloaded"));
  for (wanted const& w : q.torrents) {
    tracker::swarm_counts const* c = a.find(w.hash);
    std::string const counts =
        c ? fmt::format("{:>10}  {:>10}  {:>10}", number(c->complete),
                        number(c->incomplete), number(c->downloaded))
          : "the tracker does not know it";
    say(fmt::format("{}  {}{}{}", w.hash.hex(), counts, w.name.empty() ? "" : "  ",
                    w.name));
  }
}

void tell_json(question const& q, tracker::scrape_answer const& a) {
  json files = json::array();
  for (wanted const& w : q.torrents) {
    json one{{"info_hash", w.hash.hex()}};
    if (!w.name.empty()) one["name"] = w.name;
    if (tracker::swarm_counts const* c = a.find(w.hash)) {
      if (c->complete) one["complete"] = *c->complete;
      if (c->incomplete) one["incomplete"] = *c->incomplete;
      if (c->downloaded) one["downloaded"] = *c->downloaded;
    }
    files.push_back(std::move(one));
  }
  json out{{"url", sanitise(http::printable(q.tracker))}};
  out["files"] = std::move(files);
  say_json(out);
}

[[noreturn]] void explain(std::string const& tracker, protocol_error const& e) {
  bool const refused = e.code() == errc::tracker_failure;
  throw protocol_error(
      e.code(),
      naming(tracker, fmt::format("{}{}", refused ? "refuses: " : "", e.what())));
}

} // namespace

task<int> scrape(io::world w, scrape_arguments const& arguments) {
  question const q = co_await read_arguments(w.workers, arguments);
  std::vector<info_hash> hashes;
  for (wanted const& one : q.torrents) hashes.push_back(one.hash);
  tracker::scrape_options how;
  how.from_stranger = q.from_stranger;
  std::optional<io::trust> trust;
  if (!arguments.ca.empty()) trust.emplace(arguments.ca);
  how.trust = trust ? &*trust : nullptr;
  how.udp =
      std::make_shared<tracker::udp_client>(w.executor, w.network, w.clock, w.random);
  try {
    auto asking =
        tracker::scrape(w.network, w.clock, q.tracker, std::move(hashes), std::move(how));
    tracker::scrape_answer const answer = co_await std::move(asking);
    arguments.json ? tell_json(q, answer) : tell(q, answer);
  } catch (protocol_error const& e) {
    explain(q.tracker, e);
  }
  co_return done;
}

} // namespace cotorra::cli
