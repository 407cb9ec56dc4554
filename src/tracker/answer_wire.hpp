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

// BEP 3 allows a name in place of an address.
struct named_peer {
  std::string host;
  std::uint16_t port = 0;
  std::optional<cotorra::peer_id> id = std::nullopt;
};

struct retry_in { // BEP 31
  bool never = false;
  std::chrono::minutes after{0};
};

constexpr std::chrono::seconds usual_interval{30 * 60};
constexpr std::chrono::seconds shortest_interval{5}, longest_interval{24 * 60 * 60};
constexpr std::size_t longest_words = 200; // bytes of a reason, its dots included

struct announce_answer {
  // If there is one, only `retry` and the intervals count below; an interval that was not
  // given is 0 then.
  std::optional<std::string> failure_reason;
  std::optional<retry_in> retry;
  std::string warning_message;
  std::chrono::seconds interval = usual_interval; // wait that long, if nothing happens
  std::chrono::seconds min_interval{0};           // never sooner than this; 0: not given
  std::string tracker_id;
  std::optional<std::uint32_t> complete, incomplete, downloaded;
  std::vector<peer> peers;
  std::vector<named_peer> named_peers; // a few at most
  std::size_t passed_over = 0; // values and peers that are not as BEP 3 wants them
};

// Where the dictionary begins: some trackers send an empty line or a byte order mark
// before it.
std::size_t begin_of_answer(bytes body);

// Lenient: takes what is right and counts what it passes over. Intervals are clamped to
// the limits above, words for a person are cut to one line, and peers with port 0 are
// left out. Throws protocol_error{malformed_answer} only if there is no dictionary.
announce_answer decode_answer(bytes body);

// The tracker's end. Peers go as dictionaries, or compact as "peers" and "peers6".
buffer encode(announce_answer const&, bool compact, bool no_peer_id);

} // namespace cotorra::tracker
