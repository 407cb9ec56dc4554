// What `download` and `seed` have in common: the session's options, and how much each
// peer gave and took.
#pragma once
#include "cli/arguments.hpp"
#include "cli/dht_home.hpp"
#include "cli/output.hpp"
#include "session/settings.hpp"
#include "session/torrent_handle.hpp"

namespace cotorra::cli {

struct sharing_options : dht_wishes {
  std::string ca, listen, down_limit, up_limit, trace, pcap, pcap_limit;
  std::vector<std::string> peers;
  bool json = false, check = false, local_trackers = false;
};
void add_sharing_options(verb&, sharing_options&);
session::settings settings_from(sharing_options const&);       // throws usage_error
std::vector<host_and_port> peers_from(sharing_options const&); // throws usage_error

// How sure we are of our pieces: "every piece verified", "3 pieces verified, 2 believed
// ...". Only pieces that this run has hashed count as verified.
std::string how_sure(session::torrent_status const&);

// Every peer of the run, one entry for each address and name, the most generous first.
struct party {
  endpoint at;
  std::string client;
  std::uint64_t gave = 0, took = 0; // payload bytes that the peer gave us, took from us
  std::string left_because;
};
std::vector<party> parties(session::torrent_handle const&);
json parties_json(std::vector<party> const&);
void say_parties(std::vector<party> const&);

} // namespace cotorra::cli
