#include "cli/announce_run.hpp"
#include "cli/arguments.hpp"
#include "cli/files.hpp"
#include "cli/output.hpp"
#include "cli/runtime.hpp"
#include "cli/source.hpp"
#include "cli/text.hpp"
#include "explain/facts.hpp"
#include "handshake/peer_id.hpp"
#include "http/url_wire.hpp"
#include <fmt/format.h>

namespace cotorra::cli {
namespace {

using tracker::announce_event;

announce_event event_of(std::string const& text) {
  if (text == "none") return announce_event::none;
  if (text == "completed") return announce_event::completed;
  if (text == "stopped") return announce_event::stopped;
  return announce_event::started;
}

std::string tracker_of(metainfo::metainfo const& torrent, announce_options const& o) {
  if (!o.tracker.empty()) return check_url(o.tracker), o.tracker;
  std::string first = first_tracker(torrent);
  if (first.empty())
    throw input_error(fmt::format("{}: it names no tracker: give one with --tracker URL",
                                  sanitise(o.torrent)));
  return first;
}

tracker::announce_request request_of(metainfo::metainfo const& torrent,
                                     announce_options const& o, random_source& random) {
  tracker::announce_request r;
  r.info_hash = torrent.hash;
  r.peer_id = handshake::make_peer_id(random);
  r.port = o.port;
  r.left = o.left.value_or(torrent.total_length);
  r.event = event_of(o.event);
  r.numwant = o.numwant;
  r.compact = !o.no_compact;
  r.no_peer_id = !o.no_compact;
  r.key = static_cast<std::uint32_t>(random.next());
  return r;
}

tracker::announce_answer refusal(tracker::tracker_refusal const& e) {
  tracker::announce_answer answer;
  answer.failure_reason = e.what();
  answer.retry = e.retry;
  return answer;
}

// The URL of the request, as we may print it. Over UDP, it has no query.
std::string shown(std::string const& tracker, tracker::announce_request const& request) {
  if (http::parse_url(tracker).speaks_udp()) return sanitise(http::printable(tracker));
  bool const has_query = tracker.find('?') != tracker.npos;
  return fmt::format("{}{}{}", sanitise(http::printable(tracker)),
                     has_query ? "?...&" : "?", encode(request));
}

[[noreturn]] void explain(std::string const& tracker, protocol_error const& e) {
  throw protocol_error(e.code(), naming(tracker, e.what()));
}

} // namespace

announce_run::announce_run(io::world w, announce_options const& o)
    : world_(w), options_(o), asking_(w.executor) {}

task<int> announce_run::run() {
  asking_.spawn(ask(), "announce");
  std::exception_ptr trouble;
  try {
    co_await asking_.join();
  } catch (...) {
    trouble = std::current_exception();
  }
  asked_ = true;
  bool const asked_to_stop = request_.event == announce_event::stopped;
  bool const leaves = options_.event.empty() || interrupted_;
  if (noted_ && !asked_to_stop && leaves) co_await say_stopped();
  if (interrupted_) co_return interrupted;
  if (trouble) std::rethrow_exception(trouble);
  co_return done;
}

void announce_run::interrupt() {
  interrupted_ = !asked_; // else only the farewell is left
  asking_.cancel();
}

task<> announce_run::ask() {
  auto loading = load_torrent(world_.workers, options_.torrent);
  metainfo::metainfo const torrent = co_await std::move(loading);
  tracker_ = tracker_of(torrent, options_);
  request_ = request_of(torrent, options_, world_.random);
  how_.from_stranger =
      options_.tracker.empty(); // otherwise the user has named the tracker
  if (!options_.ca.empty()) trust_ = std::make_shared<io::trust const>(options_.ca);
  how_.trust = trust_.get();
  how_.udp = std::make_shared<tracker::udp_client>(world_.executor, world_.network,
                                                   world_.clock, world_.random);
  tracker::announce_options how = how_;
  how.on_sent = [this] { noted_ = true; };
  std::string const url = shown(tracker_, request_);
  tell_question(url);
  std::optional<tracker::tracker_refusal> no;
  try {
    auto talk = tracker::announce(world_.network, world_.clock, tracker_, request_,
                                  std::move(how));
    auto const answer = co_await std::move(talk);
    tell_answer(url, answer);
  } catch (tracker::tracker_refusal const& e) {
    no.emplace(e);
    noted_ = false;
  } catch (protocol_error const& e) {
    explain(tracker_, e);
  }
  if (!no) co_return;
  tell_answer(url, refusal(*no));
  explain(tracker_, protocol_error(no->code(), fmt::format("refuses: {}", no->what())));
}

// So that the tracker does not list us any longer. A failure does not matter.
task<> announce_run::say_stopped() {
  tracker::announce_request last = request_;
  last.event = announce_event::stopped;
  last.numwant = 0;
  tracker::announce_options how = how_;
  how.deadline = tracker::farewell_deadline;
  try {
    co_await tracker::announce(world_.network, world_.clock, tracker_, std::move(last),
                               std::move(how));
  } catch (protocol_error const&) {
  }
}

// Prints nothing for a tracker that we cannot ask: the error says it.
void announce_run::tell_question(std::string const& url) const {
  http::url const where = http::parse_url(tracker_);
  if (options_.json || !(where.speaks_http() || where.speaks_udp())) return;
  say(where.speaks_http() ? fmt::format("GET {}", url)
                          : fmt::format("{}: connect, then announce", url));
  flush();
}

void announce_run::tell_answer(std::string const& url,
                               tracker::announce_answer const& answer) const {
  if (!options_.json) return say(explain::lines_of(answer));
  json facts{{"url", url}};
  facts.update(explain::facts_of(answer));
  say_json(facts);
}

} // namespace cotorra::cli
