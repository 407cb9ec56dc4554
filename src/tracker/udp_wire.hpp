// The packets between a peer and a UDP tracker (BEP 15; the tracker's URL: BEP 41): both
// ends of the wire. A question begins with the connection id that the tracker gave to the
// peer's address, an answer with its action; both repeat the transaction id.
#pragma once
#include "tracker/announce_wire.hpp"
#include "tracker/answer_wire.hpp"
#include "tracker/scrape_wire.hpp"
#include <variant>

namespace cotorra::tracker {

enum class udp_action : std::uint32_t { connect, announce, scrape, error };

constexpr std::uint64_t udp_protocol_id = 0x41727101980; // in place of a connection id
constexpr std::size_t most_hashes_in_udp = 74;           // of one scrape (BEP 15)
// What no router makes two packets of (RFC 8200, section 5): 202 peers, or 67 over IPv6.
constexpr std::size_t longest_udp_answer = 1280 - 40 - 8;
constexpr std::size_t longest_url_data = 8 * 1024; // as long as our longest URL

struct udp_connect {
  std::uint32_t transaction = 0;
};
struct udp_announce {
  std::uint64_t connection = 0;
  std::uint32_t transaction = 0;
  announce_request what;
  std::string url_data{}; // path and query of the tracker's URL (BEP 41)
};
struct udp_scrape {
  std::uint64_t connection = 0;
  std::uint32_t transaction = 0;
  std::vector<cotorra::info_hash> hashes;
};
using udp_request = std::variant<udp_connect, udp_announce, udp_scrape>;

struct udp_connected {
  std::uint32_t transaction = 0;
  std::uint64_t connection = 0;
};
struct udp_announced {
  std::uint32_t transaction = 0;
  announce_answer what; // interval, complete, incomplete, peers
};
struct udp_scraped {
  std::uint32_t transaction = 0;
  std::vector<swarm_counts> swarms; // in the order of the question; perhaps fewer
};
struct udp_failed {
  std::uint32_t transaction = 0;
  std::string reason;
};
using udp_answer = std::variant<udp_connected, udp_announced, udp_scraped, udp_failed>;

// Of `what` there is no place for tracker_id, and an `ip` only if it is IPv4. Hashes past
// most_hashes_in_udp are left out.
buffer encode(udp_request const&);

// The transaction id of an answer, to find the question; nullopt when it is too short.
std::optional<std::uint32_t> transaction_of_answer(bytes packet);

// The addresses in an answer have the family of the tracker's address (BEP 15). Lenient:
// longer than needed is allowed, half a peer at the end is counted in passed_over. Throws
// protocol_error{malformed_answer}: which answer is cut short, or which action is new.
udp_answer decode_udp_answer(bytes packet, ip_family);

// The tracker's end. nullopt for a packet that is no question: it is dropped. Options
// that are cut short or unknown are passed over.
std::optional<udp_request> decode_udp_request(bytes packet);
// Left out: peers of the other family than `to`, and those past longest_udp_answer.
buffer encode(udp_answer const&, ip_family to);

} // namespace cotorra::tracker
