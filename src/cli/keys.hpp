// Reads single keys from a terminal: the lecture's p r c s q.
#pragma once
#include "io/clock.hpp"
#include "io/task.hpp"
#include <functional>
#include <optional>

namespace cotorra::cli {

// Turns the terminal's line editing off while the program is in the foreground, and on
// again when the program is stopped (Ctrl-Z), goes to the background, or ends. Only one
// keyboard may exist.
//
// It opens the terminal again, so that the descriptors shared with the shell stay as they
// are. In the background it reads nothing: it takes no key from the shell, and no SIGTTIN
// stops the program.
class keyboard {
public:
  keyboard();
  ~keyboard();
  keyboard(keyboard const&) = delete;

  bool usable() const; // false without a terminal, in the background, after a hangup
  std::optional<char> pressed(); // the next key, in lower case, if there is one
};

// Runs until it is cancelled.
task<> listen_to_keys(io::clock&, keyboard&, std::function<void(char)> press);

// For signal handlers, and for an exit without destructors.
void give_terminal_back() noexcept;

} // namespace cotorra::cli
