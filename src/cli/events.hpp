// What `download --json` and `seed --json` print: one event a line. The schema is
// chapters/12-downloader/events.schema.json. Each event has "event", "time" (seconds
// since the run began) and "torrent" (its info_hash, null before it is known).
//
// An observer: the engine reports peers and pieces as they happen. The verb reports the
// rest, or look() finds it, a few times a second.
#pragma once
#include "cli/tracker_news.hpp"
#include "explain/json.hpp"
#include "io/clock.hpp"
#include "io/observer.hpp"
#include "session/torrent_status.hpp"
#include <functional>
#include <map>
#include <optional>

namespace cotorra::cli {

class events : public io::observer {
public:
  // wanted: false prints nothing. `next` hears everything too; may be null.
  events(io::clock const&, bool wanted, io::observer* next);

  bool wanted() const { return wanted_; }
  void tell(std::string_view event, std::optional<info_hash> const& torrent,
            explain::json const& fields);

  // Prints what has changed in a torrent since the last look: trackers and errors at
  // once, the status at most once a second, and once a minute as a sign of life.
  void look(session::torrent_status const&);

  // The run ends: from now on, departing peers are not reported.
  void quiet() { quiet_ = true; }

  void opened(connection, endpoint const&, bool we_dialled) override;
  void closed(connection, std::string_view reason) override;
  void sent(connection, bytes) override;
  void received(connection, bytes) override;
  void piece(info_hash const&, piece_index, io::piece_event) override;
  void tracker(std::string_view url, std::string_view what) override;

private:
  struct open_connection {
    endpoint peer;
    bool we_dialled = false;
    std::optional<info_hash> torrent; // from the handshake
    std::string client;
  };
  struct known_torrent {
    std::string error;
    tracker_news trackers{10, 1min};
    std::string status; // as last printed
    time_point next_status, repeat_status;
  };

  explain::json facts_of(open_connection const&) const;
  void tell_status(session::torrent_status const&, known_torrent&);

  io::clock const& clock_;
  bool const wanted_;
  io::observer* const next_;
  time_point const begun_;
  bool quiet_ = false;
  std::map<connection, open_connection> connections_;
  std::map<info_hash, known_torrent> torrents_;
};

// Returns what run() returns. Prints what run() throws as an event, and rethrows it.
int run_telling(events&, std::function<int()> const& run);

} // namespace cotorra::cli
