// A torrent's state for a person: one line that is written over and over, or a block of
// facts.
#pragma once
#include "cli/output.hpp"
#include "session/torrent_status.hpp"

namespace cotorra::cli {

// "downloading 45.2 %  14.5 MiB of 32.0 MiB  ETA 2 s  down 9.1 MiB/s up 0 B/s  seeds 3
// peers 4"
std::string status_text(torrent_status const&);
json status_json(torrent_status const&);
void say_status(torrent_status const&); // several lines

class status_line {
public:
  // wanted: false prints nothing. Without a terminal a line comes when something has
  // changed: the state at once, figures after five seconds, and the more lines there are
  // the rarer, down to one a minute.
  status_line(io::clock& clock, bool wanted, bool terminal = is_terminal());
  ~status_line();

  void show(torrent_status const&);
  void clear(); // before something else is printed

private:
  static bool is_terminal(); // the standard error
  void show_plain(torrent_status const&);

  io::clock& clock_;
  bool const wanted_, terminal_;
  bool shown_ = false;
  std::string last_, last_state_;
  duration pause_;
  time_point next_;
};

} // namespace cotorra::cli
