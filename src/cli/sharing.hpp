// What `download` and `seed` have in common: options of the session, and which peer
// gave and took what.
#pragma once
#include "cli/arguments.hpp"
#include "cli/output.hpp"
#include "session/session.hpp"

namespace CLI {
class App;
}

namespace cotorra::cli {

struct sharing_options {
  std::string listen, down_limit, up_limit, trace;
  std::vector<std::string> peers;
  bool json = false, check = false, local_trackers = false;
};
void add_sharing_options(CLI::App&, sharing_options&);
settings settings_from(sharing_options const&);                // throws usage_error
std::vector<host_and_port> peers_from(sharing_options const&); // throws usage_error

// How sure we are of the pieces that are here: "every piece verified", "3 pieces
// verified, 2 believed ...". Verified is said of what this run has hashed and of nothing
// else.
std::string how_sure(torrent_status const&);

// Every peer there was, one entry for each address and name, the most generous first.
struct party {
  endpoint at;
  std::string client;
  std::uint64_t gave = 0, took = 0; // payload bytes, seen from here
  std::string left_because;
};
std::vector<party> parties(torrent_handle const&);
json parties_json(std::vector<party> const&);
void say_parties(std::vector<party> const&);

} // namespace cotorra::cli
