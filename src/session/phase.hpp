// The life of a torrent: which phase runs, and which comes next. A machine.
//
//   now        ends with       next
//   resting    resume()        what is due: learning, checking or swarming
//   learning   learned()       checking: the info dictionary is here (BEP 9)
//   checking   checked()       swarming
//   swarming   doubt()         checking: the files may not be what we left
//   each       pause()         resting
//   each       leave()         leaving, for good
//
// An event changes what comes next; the phase that runs sees that and ends, and then
// enter() begins the next one. A pause that is taken back before the phase saw it changes
// nothing.
#pragma once
#include <string_view>

namespace cotorra::session {

enum class phase { resting, learning, checking, swarming, leaving };

std::string_view name(phase);

class life {
public:
  life(bool knows_info, bool paused);

  phase now() const { return now_; }
  phase next() const; // now() itself while it goes on
  bool goes_on() const { return next() == now_; }
  phase enter() { return now_ = next(); }

  void pause();
  void resume();
  void leave();
  void learned();
  void checked();
  void doubt();

  bool paused() const { return wish_ == wish::rest; } // also before it takes effect
  bool leaving() const { return wish_ == wish::leave; }
  bool is_checked() const { return due_ == phase::swarming; }

private:
  enum class wish { run, rest, leave };

  phase now_ = phase::resting;
  phase due_; // learning, checking or swarming
  wish wish_;
};

} // namespace cotorra::session
