#include "cli/events.hpp"
#include "base/error.hpp"
#include "cli/output.hpp"
#include "cli/status_line.hpp"
#include "cli/text.hpp"
#include "handshake/handshake_wire.hpp"
#include "handshake/peer_id.hpp"
#include <cmath>
#include <system_error>

namespace cotorra::cli {
namespace {

bool is_handshake(bytes said) {
  return said.size() == handshake::handshake_size &&
         said[0] == std::byte{handshake::pstr.size()} &&
         as_text(said).substr(1, handshake::pstr.size()) == handshake::pstr;
}

// The states worth an event: the others are only steps between them.
bool is_news(tracker::tracker_state s) {
  return s != tracker::tracker_state::untried && s != tracker::tracker_state::announcing;
}

json facts_of(tracker::tracker_status const& t) {
  json out{{"url", naming(t.url, "")}, {"state", tracker::name(t.state)}};
  if (!t.message.empty()) out["message"] = sanitise(t.message);
  if (t.complete) out["complete"] = *t.complete;
  if (t.incomplete) out["incomplete"] = *t.incomplete;
  return out;
}

} // namespace

events::events(io::clock const& clock, bool wanted, io::observer* next)
    : clock_(clock), wanted_(wanted), next_(next), begun_(clock.now()) {}

void events::tell(std::string_view event, std::optional<info_hash> const& torrent,
                  json const& fields) {
  if (!wanted_) return;
  double const passed = seconds(clock_.now() - begun_);
  json out{{"event", event}, {"time", std::round(passed * 1e6) / 1e6}};
  out["torrent"] = torrent ? json(torrent->hex()) : json(nullptr);
  out.update(fields);
  if (event == "status") return say_news(to_line(out), torrent ? torrent->hex() : "");
  say_json(out);
  flush();
}

void events::look(session::torrent_status const& s) {
  if (!wanted_) return;
  known_torrent& known = torrents_[s.info_hash];
  for (auto const& t : s.trackers) {
    if (!is_news(t.state)) continue;
    json const facts = cli::facts_of(t);
    if (known.trackers.is_news(t.url, to_line(facts), clock_.now()))
      tell("tracker", s.info_hash, facts);
  }
  if (s.error != known.error && !s.error.empty())
    tell("error", s.info_hash, {{"message", s.error}});
  known.error = s.error;
  tell_status(s, known);
}

void events::tell_status(session::torrent_status const& s, known_torrent& known) {
  time_point const now = clock_.now();
  if (now < known.next_status) return;
  json const facts = status_json(s);
  std::string text = to_line(facts);
  if (text == known.status && now < known.repeat_status) return;
  tell("status", s.info_hash, facts);
  known.status = std::move(text);
  known.next_status = now + 1s;
  known.repeat_status = now + 1min;
}

json events::facts_of(open_connection const& c) const {
  json out{{"ip", c.peer.text()}, {"we_dialled", c.we_dialled}};
  if (!c.client.empty()) out["client"] = c.client;
  return out;
}

void events::opened(connection which, endpoint const& peer, bool we_dialled) {
  if (next_) next_->opened(which, peer, we_dialled);
  if (wanted_) connections_[which] = {peer, we_dialled, {}, ""};
}

// If the handshake failed, no "connected" event was printed.
void events::closed(connection which, std::string_view reason) {
  if (next_) next_->closed(which, reason);
  auto const found = connections_.find(which);
  if (found == connections_.end()) return;
  json facts{{"what", "left"}};
  facts.update(facts_of(found->second));
  facts["because"] = reason;
  if (!quiet_) tell("peer", found->second.torrent, facts);
  connections_.erase(found);
}

void events::sent(connection which, bytes said) {
  if (next_) next_->sent(which, said);
  if (!is_handshake(said)) return;
  auto const found = connections_.find(which);
  if (found != connections_.end()) found->second.torrent = handshake::decode(said).hash;
}

void events::received(connection which, bytes said) {
  if (next_) next_->received(which, said);
  if (!is_handshake(said)) return;
  auto const found = connections_.find(which);
  if (found == connections_.end()) return;
  handshake::handshake const theirs = handshake::decode(said);
  found->second.torrent = theirs.hash;
  found->second.client = sanitise(handshake::client_name(theirs.id));
  json facts{{"what", "connected"}};
  facts.update(facts_of(found->second));
  tell("peer", theirs.hash, facts);
}

void events::piece(info_hash const& torrent, piece_index i, io::piece_event what) {
  if (next_) next_->piece(torrent, i, what);
  if (what == io::piece_event::started) return;
  bool const good = what == io::piece_event::verified;
  tell("piece", torrent, {{"what", good ? "verified" : "failed"}, {"piece", i}});
}

void events::tracker(std::string_view url, std::string_view what) {
  if (next_) next_->tracker(url, what);
}

int run_telling(events& e, std::function<int()> const& run) {
  try {
    return run();
  } catch (input_error const& why) {
    e.tell("error", {}, {{"message", why.what()}});
    throw;
  } catch (protocol_error const& why) {
    e.tell("error", {}, {{"message", sanitise(why.what())}});
    throw;
  } catch (std::system_error const& why) {
    e.tell("error", {}, {{"message", why.code().message()}});
    throw;
  }
}

} // namespace cotorra::cli
