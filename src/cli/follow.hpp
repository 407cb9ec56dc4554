// Follows the torrents of a run until their work is done: shows their state, reads the
// keys, reports trouble.
#pragma once
#include "cli/dht_home.hpp"
#include "cli/keys.hpp"
#include "cli/status_line.hpp"
#include "cli/torrents.hpp"
#include "cli/tracker_news.hpp"
#include "io/event.hpp"
#include "io/task_group.hpp"
#include "io/world.hpp"
#include <functional>
#include <optional>

namespace cotorra::cli {

class follower {
public:
  // enough: is the work done? Called whenever something changes, and four times a second.
  // cancel: the user pressed c.
  follower(io::world, bool as_json, dht_home const&,
           std::function<bool(session::torrent_status const&)> enough,
           std::function<void()> cancel);

  // For add_torrent_params::on_change and for a signal: look again, now.
  void look() { changed_.set(); }
  void leave() {
    left_ = true;
    look();
  }

  enum class end { enough, left, failed };
  // Runs the session until enough() is true, the user leaves, or an error has stopped
  // every torrent and no user is at a terminal to mend it (the error has then been
  // printed). Stops the session at the end.
  task<end> run(session::session&, torrents const&);

private:
  task<> ticks();
  task<> follow(session::session&, torrents const&, end&);
  task<> watch(torrents const&, io::task_group& beside, end&);
  task<> calm_down(std::size_t torrents);
  std::optional<end> show(session::torrent_status const&); // nullopt: go on
  bool trouble(session::torrent_status const&);            // true: it cannot go on
  void press(char, torrents const&);
  void tell_trackers(session::torrent_status const&);

  io::world world_;
  bool const json_;
  dht_home const& dht_;
  std::function<bool(session::torrent_status const&)> enough_;
  std::function<void()> cancel_;
  io::event changed_;
  keyboard keyboard_;
  status_line line_;
  bool left_ = false;
  std::string reported_error_;
  tracker_news news_{3, 10min};
};

} // namespace cotorra::cli
