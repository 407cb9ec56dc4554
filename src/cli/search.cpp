#include "cli/search.hpp"
#include "cli/text.hpp"
#include <algorithm>
#include <fmt/format.h>
#include <map>

namespace cotorra::cli {
namespace {

constexpr duration patience = 10s, between_reports = 1min;

std::string words_on(tracker::tracker_status const& t) {
  using enum tracker::tracker_state;
  std::string const url = naming(t.url, "");
  switch (t.state) {
  case untried:
    return url + ": not asked yet";
  case announcing:
    return url + ": no answer so far";
  case working:
    return url + (t.complete ? fmt::format(": answered; it counts {} and {}",
                                           count_of(*t.complete, "seed"),
                                           count_of(t.incomplete.value_or(0), "leecher"))
                             : ": answered, with no peer for us");
  case refused:
    return url + ": refuses: " + t.message;
  case unreachable:
  case unusable:
    return naming(t.url, t.message);
  }
  return url;
}

// Why each peer that has gone left the last time; and which peers of --peer were never
// reached.
std::vector<std::string> words_on_peers(search_facts const& f,
                                        std::vector<session::peer_info> const& past) {
  std::map<endpoint, std::string> reasons;
  for (endpoint const& e : f.asked) reasons[e] = "no connection so far";
  for (session::peer_info const& p : past)
    if (!p.ended_because.empty()) reasons[p.ip] = p.ended_because;
  std::vector<std::string> out;
  for (auto const& [at, why] : reasons)
    out.push_back(fmt::format("peer {}: {}", at.text(), why));
  constexpr std::size_t most = 10;
  if (out.size() <= most) return out;
  std::size_t const more = out.size() - most;
  out.resize(most);
  out.push_back(fmt::format("and {} more", count_of(more, "peer")));
  return out;
}

std::string next_step(search_facts const& f, session::torrent_status const& s,
                      time_point now) {
  std::string out;
  time_point soonest = time_point::max();
  for (auto const& t : s.trackers)
    if (t.state != tracker::tracker_state::unusable)
      soonest = std::min(soonest, t.next_announce);
  if (soonest != time_point::max() && soonest > now)
    out = fmt::format("we ask again in {}, ", human_duration(seconds(soonest - now)));
  else if (soonest != time_point::max())
    out = "we go on asking, ";
  if (!f.asked.empty()) out += out.empty() ? "we dial again, " : "dial again, ";
  out += fmt::format("{}wait for peers on port {}", out.empty() ? "we " : "and ",
                     f.listen_port);
  if (s.trackers.empty() && f.asked.empty()) out += "; --tracker or --peer would help";
  return out;
}

} // namespace

std::string search_report::text() const {
  std::string out = learning ? "no peer has offered the metadata so far:"
                             : "there is no peer to download from so far:";
  for (std::string const& line : tried) out += "\n  " + line;
  return out + "\n  " + next;
}

search_report report_of(search_facts const& f, session::torrent_status const& s,
                        std::vector<session::peer_info> const& past, time_point now) {
  search_report out;
  out.learning = !s.has_metadata;
  if (s.trackers.empty())
    out.tried.push_back(out.learning ? "the magnet link names no tracker"
                                     : "the torrent names no tracker");
  if (out.learning && s.num_peers != 0)
    out.tried.push_back(count_of(s.num_peers, "peer") + " connected: not offered yet");
  for (auto const& t : s.trackers)
    out.tried.push_back(sanitise("tracker " + words_on(t)));
  if (s.dht_nodes)
    out.tried.push_back(*s.dht_nodes == 0
                            ? "the DHT: none of its nodes has answered so far"
                            : "the DHT: its nodes name no peer that could be reached");
  for (auto const& line : words_on_peers(f, past)) out.tried.push_back(sanitise(line));
  for (auto const* seeds : {&f.info.url_list, &f.info.http_seeds})
    for (std::string const& url : *seeds)
      out.tried.push_back(
          sanitise(fmt::format("web seed {}: not used yet by cotorra", naming(url, ""))));
  out.next = next_step(f, s, now);
  return out;
}

bool search_watch::is_due(session::torrent_status const& s, bool nothing_to_ask,
                          time_point now) {
  using enum session::torrent_status::state_t;
  bool const lacks_metadata = s.state == downloading_metadata && s.total_wanted == 0;
  bool const lacks_peers = s.state == downloading && s.num_peers == 0;
  bool const searches = (lacks_metadata || lacks_peers) && !s.paused && s.error.empty();
  if (!searches) {
    alone_since_.reset();
    return false;
  }
  if (!alone_since_) alone_since_ = now;
  if (!nothing_to_ask && now - *alone_since_ < patience) return false;
  if (next_ && now < *next_) return false;
  next_ = now + between_reports;
  return true;
}

bool search_watch::is_news(search_report const& r) {
  return reported_.insert(r.tried).second;
}

} // namespace cotorra::cli
