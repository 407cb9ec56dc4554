// Single keys from a terminal, as they are pressed: the lecture's p r c s q.
#pragma once
#include "io/clock.hpp"
#include "io/task.hpp"
#include <functional>
#include <optional>

namespace cotorra::cli {

// Takes the terminal's line editing away while the program is in the foreground, and
// gives it back when it is stopped (Ctrl-Z), put into the background, or ends. There is
// one.
//
// It opens the terminal anew: the descriptors that the program shares with its shell stay
// as they are. In the background it reads nothing, so that no key is taken from the shell
// and no SIGTTIN stops the program.
class keyboard {
public:
  keyboard();
  ~keyboard();
  keyboard(keyboard const&) = delete;

  bool usable() const; // now: false without a terminal, in the background, after a hangup
  std::optional<char> pressed(); // the next key, in lower case, if there is one
};

// Ends when it is cancelled.
task<> listen_to_keys(io::clock&, keyboard&, std::function<void(char)> press);

// For a signal handler, and for an end without destructors.
void give_terminal_back() noexcept;

} // namespace cotorra::cli
