// A torrent's state for the user: one line that is overwritten in place, or a block of
// facts.
#pragma once
#include "cli/output.hpp"
#include "session/torrent_status.hpp"

namespace cotorra::cli {

// "downloading 45.2 %  14.5 MiB of 32.0 MiB  ETA 2 s  down 9.1 MiB/s up 0 B/s  seeds 3
// peers 4"
std::string status_text(session::torrent_status const&);
json status_json(session::torrent_status const&);
void say_status(session::torrent_status const&); // several lines

class status_line {
public:
  // wanted: false prints nothing. Without a terminal, prints a line only after a change:
  // of the state at once, of figures after 5 s and then less and less often, down to once
  // a minute.
  status_line(io::clock& clock, bool wanted, bool terminal = is_terminal());
  ~status_line();

  void show(session::torrent_status const&);
  void clear(); // call it before printing something else

private:
  static bool is_terminal(); // the standard error
  void show_plain(session::torrent_status const&);

  io::clock& clock_;
  bool const wanted_, terminal_;
  bool shown_ = false;
  std::string last_, last_state_;
  duration pause_;
  time_point next_;
};

} // namespace cotorra::cli
