#include "cli/arguments.hpp"
#include "cli/files.hpp"
#include "cli/output.hpp"
#include "cli/runtime.hpp"
#include "cli/text.hpp"
#include "cli/usage.hpp"
#include "cli/verbs.hpp"
#include "explain/facts.hpp"
#include "handshake/peer_id.hpp"
#include "http/url_wire.hpp"
#include "tracker/announce_talk.hpp"
#include <fmt/format.h>
#include <limits>

namespace cotorra::cli {
namespace {

using tracker::announce_event;

struct announce_arguments {
  std::string torrent, tracker, event;
  std::uint16_t port = 6881;
  std::uint32_t numwant = 50;
  std::optional<std::uint64_t> left;
  bool no_compact = false, json = false;
};

announce_event event_of(std::string const& text) {
  if (text == "none") return announce_event::none;
  if (text == "completed") return announce_event::completed;
  if (text == "stopped") return announce_event::stopped;
  return announce_event::started;
}

// The first tracker that we can ask; if there is none, the first of all, whose error then
// says why.
std::string tracker_of(metainfo const& torrent, announce_arguments const& a) {
  if (!a.tracker.empty()) return check_url(a.tracker), a.tracker;
  for (auto const& tier : torrent.trackers)
    for (std::string const& url : tier)
      if (url.starts_with("http://")) return url;
  if (torrent.trackers.empty() || torrent.trackers.front().empty())
    throw input_error(fmt::format("{}: it names no tracker: give one with --tracker URL",
                                  sanitise(a.torrent)));
  return torrent.trackers.front().front();
}

tracker::announce_request request_of(metainfo const& torrent, announce_arguments const& a,
                                     random_source& random) {
  tracker::announce_request r;
  r.info_hash = torrent.hash;
  r.peer_id = make_peer_id(random);
  r.port = a.port;
  r.left = a.left.value_or(torrent.total_length);
  r.event = event_of(a.event);
  r.numwant = a.numwant;
  r.compact = !a.no_compact;
  r.no_peer_id = !a.no_compact;
  r.key = static_cast<std::uint32_t>(random.next());
  return r;
}

void tell_question(announce_arguments const& a, std::string const& url) {
  if (a.json) return;
  say(fmt::format("GET {}", url));
  flush();
}

void tell_answer(announce_arguments const& a, std::string const& url,
                 tracker::announce_answer const& answer) {
  if (!a.json) return say(explain::lines_of(answer));
  json facts{{"url", url}};
  facts.update(explain::facts_of(answer));
  say_json(facts);
}

tracker::announce_answer refusal(tracker::tracker_refusal const& e) {
  tracker::announce_answer answer;
  answer.failure_reason = e.what();
  answer.retry = e.retry;
  return answer;
}

// The URL of the request, as we may print it.
std::string shown(std::string const& tracker, tracker::announce_request const& request) {
  bool const has_query = tracker.find('?') != tracker.npos;
  return fmt::format("{}{}{}", sanitise(http::printable(tracker)),
                     has_query ? "?...&" : "?", query_of(request));
}

[[noreturn]] void explain(std::string const& tracker, protocol_error const& e) {
  throw protocol_error(e.code(), naming(tracker, e.what()));
}

// So that the tracker does not list us any longer. A failure does not matter.
task<> say_stopped(io::world world, std::string tracker, tracker::announce_request r,
                   tracker::announce_options how) {
  r.event = announce_event::stopped;
  r.numwant = 0;
  how.deadline = 2s;
  try {
    co_await tracker::announce(world.network, world.clock, std::move(tracker),
                               std::move(r), std::move(how));
  } catch (protocol_error const&) {
  }
}

task<int> announce_once(io::world world, announce_arguments const& a) {
  metainfo const torrent = co_await load_torrent(world.workers, a.torrent);
  std::string const tracker = tracker_of(torrent, a);
  auto const request = request_of(torrent, a, world.random);
  std::string const url = shown(tracker, request);
  tracker::announce_options how;
  how.from_stranger = a.tracker.empty(); // otherwise the user has named the tracker
  tell_question(a, url);
  std::optional<tracker::tracker_refusal> no;
  try {
    auto ask = tracker::announce(world.network, world.clock, tracker, request, how);
    auto const answer = co_await std::move(ask);
    tell_answer(a, url, answer);
  } catch (tracker::tracker_refusal const& e) {
    no.emplace(e);
  } catch (protocol_error const& e) {
    explain(tracker, e);
  }
  if (no) {
    tell_answer(a, url, refusal(*no));
    explain(tracker, protocol_error(no->code(), fmt::format("refuses: {}", no->what())));
  }
  if (a.event.empty()) co_await say_stopped(world, tracker, request, how);
  co_return done;
}

void add_options(CLI::App& verb, announce_arguments& a) {
  verb.add_option("FILE.torrent", a.torrent, "The .torrent to ask peers for")->required();
  verb.add_option("--tracker", a.tracker,
                  "URL of a tracker to ask instead of the .torrent's");
  verb.add_option("--port", a.port, "The port that we claim to listen on")
      ->transform(whole_number(1, 65535))
      ->capture_default_str();
  verb.add_option(
          "--event", a.event,
          "The event to announce. If absent: started, and after the answer stopped, "
          "so that no peer is sent to one that has left")
      ->check(CLI::IsMember({"none", "started", "completed", "stopped"}));
  verb.add_option("--left", a.left, "Bytes that we lack; all of them if absent")
      ->transform(whole_number(0, std::numeric_limits<std::int64_t>::max()));
  verb.add_option("--numwant", a.numwant, "How many peers to ask for")
      ->transform(whole_number(0, std::numeric_limits<std::uint32_t>::max()))
      ->capture_default_str();
  verb.add_flag("--no-compact", a.no_compact, "Ask for peers as dictionaries, with ids");
  verb.add_flag("--json", a.json, "Print facts as one JSON object");
}

} // namespace

void add_announce(CLI::App& app, int& status) {
  CLI::App* const verb = app.add_subcommand("announce", "Ask a tracker for peers, once");
  auto const a = std::make_shared<announce_arguments>();
  add_options(*verb, *a);
  verb->footer("Example:\n  cotorra announce holiday.torrent --numwant 10");
  verb->callback([a, &status] {
    io::real_world world;
    status = run_task(world, announce_once(world.doors(), *a));
  });
}

} // namespace cotorra::cli
