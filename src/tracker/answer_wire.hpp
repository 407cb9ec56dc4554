// What a tracker answers (BEP 3, BEP 7 peers6, BEP 23 compact peers, BEP 31 retry in), in
// bencode: both ends of the wire.
#pragma once
#include "base/endpoint.hpp"
#include "base/identifiers.hpp"
#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace cotorra::tracker {

struct peer {
  endpoint address;
  std::optional<cotorra::peer_id> id =
      std::nullopt; // only when the answer is not compact
};

struct retry_in { // BEP 31
  bool never = false;
  std::chrono::minutes after{0};
};

constexpr std::chrono::seconds usual_interval{30 * 60};
constexpr std::chrono::seconds shortest_interval{5}, longest_interval{24 * 60 * 60};

struct announce_answer {
  std::optional<std::string> failure_reason; // then nothing below counts but `retry`
  std::optional<retry_in> retry;
  std::string warning_message;
  std::chrono::seconds interval = usual_interval; // the wish for the next announce
  std::chrono::seconds min_interval{0};           // never sooner than this; 0: not given
  std::string tracker_id;
  std::optional<std::uint32_t> complete, incomplete, downloaded;
  std::vector<peer> peers;
};

// Throws protocol_error{malformed_answer}. Intervals are clamped to the limits above;
// peers with port 0 or with a name instead of an address are left out.
announce_answer read_announce_answer(bytes body);

// The tracker's end. Peers go as dictionaries, or compact as "peers" and "peers6".
buffer announce_answer_bytes(announce_answer const&, bool compact, bool no_peer_id);

} // namespace cotorra::tracker
