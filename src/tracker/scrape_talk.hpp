// One scrape: ask a tracker how many peers it knows of some torrents, without joining any
// (BEP 48 over HTTP, BEP 15 over UDP).
#pragma once
#include "tracker/announce_talk.hpp"
#include "tracker/scrape_wire.hpp"

namespace cotorra::tracker {

struct scrape_options {
  duration deadline = 30s;      // for each request; 74 torrents go into one
  duration name_deadline = 15s; // for a look-up of the tracker's name
  ip_family family = ip_family::any;
  bool from_stranger = false; // as for an announce, for whose URL this one is made
  std::shared_ptr<udp_client> udp{};
  io::trust const* trust = nullptr; // for https; null: the system's authorities
};

// The torrents that the tracker knows, of those that were asked for, in that order; over
// UDP an unknown torrent has three zeros. `url`: the announce URL. Throws
// tracker_refusal; protocol_error{unsupported} for wss, say, and for an HTTP tracker
// whose URL does not end in "announce"; protocol_error{http_status or malformed_answer}
// or what http::get and udp_client::ask throw; input_error for the URL.
io::task<scrape_answer> scrape(io::network&, io::clock&, std::string url,
                               std::vector<cotorra::info_hash>, scrape_options = {});

} // namespace cotorra::tracker
