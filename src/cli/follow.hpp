// Stays with a torrent until there is enough: shows its state, listens to the keys, tells
// trouble.
#pragma once
#include "cli/keys.hpp"
#include "cli/status_line.hpp"
#include "io/event.hpp"
#include "io/world.hpp"
#include "session/session.hpp"
#include <set>

namespace cotorra::cli {

class follower {
public:
  // enough: asked whenever something changes, and four times a second.
  follower(io::world, bool as_json, std::function<bool(torrent_status const&)> enough);

  // For add_torrent_params::on_change and for a signal: look again, now.
  void look() { changed_.set(); }
  void leave() {
    left_ = true;
    look();
  }

  enum class end { enough, left, failed };
  // Returns when there is enough, somebody wants to leave, or the torrent has stopped by
  // an error and nobody is there to mend it (then the error has been told).
  // Runs the session meanwhile, and stops it at the end.
  task<end> run(session&, torrent_handle);

private:
  task<> ticks();
  task<> keys(torrent_handle);
  task<end> watch(torrent_handle);
  bool trouble(torrent_status const&); // true: it can't go on
  void press(char, torrent_handle);
  void tell_trackers(torrent_status const&);
  void tell_json(
      torrent_status const&); // what has changed, at most once a second; else each minute

  io::world world_;
  bool const json_;
  std::function<bool(torrent_status const&)> enough_;
  io::event changed_;
  keyboard keyboard_;
  status_line line_;
  bool left_ = false;
  std::string told_error_;
  std::set<std::string> told_trackers_;
  std::string last_json_;
  time_point next_json_, repeat_json_;
};

} // namespace cotorra::cli
