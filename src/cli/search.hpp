// A download that finds no peer: what was tried, what is known of it, what comes next.
#pragma once
#include "base/time.hpp"
#include "metainfo/metainfo_wire.hpp"
#include "session/torrent_status.hpp"
#include <set>

namespace cotorra::cli {

struct search_report {
  std::vector<std::string> tried; // "tracker http://...: connection refused"
  std::string next;               // "we ask again in 12 s, and listen on port 6881"

  std::string text() const; // several lines
};

// What the search has at hand. `asked` are the peers of --peer.
struct search_facts {
  metainfo const& info;
  std::vector<endpoint> const& asked;
  std::uint16_t listen_port = 0;
};

search_report report_of(search_facts const&, torrent_status const&,
                        std::vector<peer_info> const& past, time_point now);

// Decides when a user should hear of it: after 10 s without a peer, at once when there is
// nothing to ask, and again when something has changed, at most once a minute.
class search_watch {
public:
  // True: it is time to tell it; then told() says what was told.
  bool is_due(torrent_status const&, bool nothing_to_ask, time_point now);
  // False when the same was told before.
  bool is_news(search_report const&);

private:
  std::optional<time_point> alone_since_, next_;
  std::set<std::vector<std::string>> told_;
};

} // namespace cotorra::cli
