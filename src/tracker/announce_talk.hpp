// One announce: ask a tracker for peers, and tell it how far we are (BEP 3).
#pragma once
#include "base/error.hpp"
#include "io/clock.hpp"
#include "io/network.hpp"
#include "tracker/announce_wire.hpp"
#include "tracker/answer_wire.hpp"

namespace cotorra::tracker {

// The tracker is there and said no, in its own words.
class tracker_refusal : public protocol_error {
public:
  tracker_refusal(std::string const& reason, std::optional<retry_in> when)
      : protocol_error(errc::tracker_failure, reason), retry(when) {}
  std::optional<retry_in> const retry;
};

constexpr duration usual_deadline = 30s;

// The answer, without a failure reason. Throws tracker_refusal;
// protocol_error{unsupported} for https and udp; protocol_error{http_status,
// malformed_answer} or what http::get throws; input_error for the URL.
io::task<announce_answer> announce(io::network&, io::clock&, std::string url,
                                   announce_request, duration deadline = usual_deadline);

} // namespace cotorra::tracker
