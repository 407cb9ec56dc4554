// What a peer tells a tracker (BEP 3 "tracker GET requests", BEP 7, BEP 23), as the query
// of a URL: both ends of the wire.
#pragma once
#include "base/endpoint.hpp"
#include "base/identifiers.hpp"
#include <optional>
#include <string>

namespace cotorra::tracker {

enum class announce_event { none, started, completed, stopped };
std::string_view name(announce_event); // "started"; "" for none

struct announce_request {
  cotorra::info_hash info_hash;
  cotorra::peer_id peer_id;
  std::uint16_t port = 0;
  std::uint64_t uploaded = 0, downloaded = 0, left = 0; // bytes, since "started"
  announce_event event = announce_event::none;
  std::optional<ip_address> ip; // only when the tracker would see a wrong one
  std::uint32_t numwant = 50;   // how many peers we would like
  bool compact = true;          // BEP 23
  bool no_peer_id = true;
  std::uint32_t key = 0;  // stays the same when our address changes
  std::string tracker_id; // what the tracker asked us to repeat
};

std::string encode(announce_request const&); // "info_hash=%..&peer_id=..."
// The URL to GET; `tracker` may have a query already (a passkey, say), which is kept.
std::string announce_url(std::string_view tracker, announce_request const&);

// The tracker's end. Throws protocol_error{malformed_message} with the words for the
// "failure reason". Only info_hash, peer_id and port are demanded; without `left` the
// peer counts as a leecher.
announce_request decode_query(std::string_view query);

} // namespace cotorra::tracker
