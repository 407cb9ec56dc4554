// Single keys from a terminal, as they are pressed: the lecture's p r c s q.
#pragma once
#include "io/task.hpp"
#include <asio/posix/stream_descriptor.hpp>

namespace cotorra::cli {

// Takes the terminal's line editing away, and gives it back: at the latest when the
// process ends.
class keyboard {
public:
  explicit keyboard(io::executor);
  ~keyboard();
  keyboard(keyboard const&) = delete;

  // False without a terminal (or in the background): then there are no keys.
  bool usable() const { return usable_; }
  task<char> next(); // in lower case; throws std::system_error when the terminal is gone

private:
  asio::posix::stream_descriptor input_;
  bool usable_ = false;
};

} // namespace cotorra::cli
