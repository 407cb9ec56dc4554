// A download that finds no peer: what it tried, with what result, and what comes next.
#pragma once
#include "base/time.hpp"
#include "metainfo/metainfo_wire.hpp"
#include "session/torrent_status.hpp"
#include <set>

namespace cotorra::cli {

struct search_report {
  std::vector<std::string> tried; // "tracker http://...: connection refused"
  std::string next;               // "we ask again in 12 s, and listen on port 6881"
  bool learning = false;          // a magnet link, of which the metadata is wanted

  std::string text() const; // several lines
};

// `asked` are the peers of --peer.
struct search_facts {
  metainfo::metainfo const& info;
  std::vector<endpoint> const& asked;
  std::uint16_t listen_port = 0;
};

search_report report_of(search_facts const&, session::torrent_status const&,
                        std::vector<session::peer_info> const& past, time_point now);

// Decides when to tell the user: after 10 s without a peer (or, for a magnet link,
// without one that gives the metadata), at once when there is no tracker and no peer to
// ask, and again after a change, at most once a minute.
class search_watch {
public:
  // Is it time for a report?
  bool is_due(session::torrent_status const&, bool nothing_to_ask, time_point now);
  // False when the same report was given before.
  bool is_news(search_report const&);

private:
  std::optional<time_point> alone_since_, next_;
  std::set<std::vector<std::string>> reported_;
};

} // namespace cotorra::cli
