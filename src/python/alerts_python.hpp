// Alerts, under libtorrent's names: what has changed in a session between two calls of
// pop_alerts(). They are found by comparing each torrent with how it was at the last
// look, of which there is one in each call and one when its state changes. So they cost
// nearly nothing; of a tracker that fails twice between two looks, one failure is seen.
#pragma once
#include "python/handle_python.hpp"
#include <map>

namespace cotorra::python {

enum class alert_kind {
  state_changed,
  torrent_finished,
  torrent_paused,
  torrent_resumed,
  torrent_error,
  piece_finished,
  hash_failed,
  peer_ban,
  tracker_error,
  tracker_reply
};

// What alerts are made of; each kind fills in what it has.
struct alert {
  virtual ~alert() = default;

  alert_kind kind{};
  python_handle handle;
  info_hash hash;
  std::string torrent_name, url, text; // text: an error, in a sentence
  piece_index piece = 0;
  endpoint ip;
  state now{}, before{};

  std::string what() const; // "torrent_finished"
  std::string message() const;
};

// To be used in the engine's thread only.
class alert_log {
public:
  // Begins and ends to look at a torrent; what it remembers of it goes with the end.
  void watch(info_hash const& hash) { seen_[hash] = {}; }
  void forget(info_hash const& hash) { seen_.erase(hash); }

  // Of a torrent that is not watched: nothing.
  void look(session::torrent_status const&);
  void bad_piece(metainfo::metainfo const&, piece_index,
                 std::optional<endpoint> const& banned);
  std::vector<alert> take(); // the oldest first; 2000 can wait, later ones are lost

private:
  struct seen {
    bool checked = false; // pieces that the check finds are no news
    session::torrent_status status;
  };
  void add(alert);
  void add(alert_kind, session::torrent_status const&, alert = {});
  void look_at_trackers(session::torrent_status const& before,
                        session::torrent_status const& now);

  std::map<info_hash, seen> seen_;
  std::vector<alert> waiting_;
};

// An object of the class that Python knows for its kind.
std::shared_ptr<alert> typed(alert);
void bind_alerts(py::module_&);

} // namespace cotorra::python
