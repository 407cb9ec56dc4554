// One announce: ask a tracker for peers, and tell it how far we are (BEP 3, BEP 15).
#pragma once
#include "base/error.hpp"
#include "io/clock.hpp"
#include "io/network.hpp"
#include "io/tls.hpp"
#include "tracker/announce_wire.hpp"
#include "tracker/answer_wire.hpp"
#include "tracker/udp_talk.hpp"

namespace cotorra::tracker {

// The tracker is there, answers with an error status, and may say when to come back.
class tracker_busy : public protocol_error {
public:
  tracker_busy(std::string const& what, duration at_least)
      : protocol_error(errc::http_status, what), wait(at_least) {}
  duration const wait; // Retry-After (RFC 9110, section 10.2.3); 0: not given
};

// The tracker is there and refuses, in its own words.
class tracker_refusal : public protocol_error {
public:
  tracker_refusal(std::string const& reason, std::optional<retry_in> when,
                  duration at_least = 0s)
      : protocol_error(errc::tracker_failure, reason), retry(when), wait(at_least) {}
  std::optional<retry_in> const retry;
  duration const wait; // the intervals beside its reason; 0: none
};

constexpr duration farewell_deadline = 1s; // for "stopped": a user waits for it

struct announce_options {
  duration deadline = 30s;      // for everything
  duration name_deadline = 15s; // for a look-up of the tracker's name
  ip_family family = ip_family::any;
  // The URL comes from a stranger, in a .torrent: in our own network it may name nothing
  // but /announce, without a query of its own. Otherwise a .torrent could make us press
  // the buttons of every device there.
  bool from_stranger = false;
  std::shared_ptr<udp_client> udp{}; // without it, no tracker is asked over UDP
  io::trust const* trust = nullptr;  // for https; null: the system's authorities
  std::function<void()> on_sent{};   // the question is about to leave
};

// Nothing that a server could take for another path than /announce: no query, no dots, no
// escapes. Over UDP a URL may also end after its port.
bool is_plain_announce(http::url const&);

// The answer, without a failure reason; peers that it gave by name have been looked up.
// Throws tracker_refusal; tracker_busy; protocol_error{unsupported} for wss, say;
// protocol_error{malformed_answer} or what http::get and udp_client::ask throw;
// input_error for the URL.
io::task<announce_answer> announce(io::network&, io::clock&, std::string url,
                                   announce_request, announce_options = {});

} // namespace cotorra::tracker
