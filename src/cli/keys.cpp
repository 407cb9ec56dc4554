#include "cli/keys.hpp"
#include <asio/buffer.hpp>
#include <asio/use_awaitable.hpp>
#include <cctype>
#include <cstdlib>
#include <termios.h>
#include <unistd.h>

namespace cotorra::cli {
namespace {

termios before; // of the whole process, as its terminal is
bool changed = false;

void give_back() {
  if (std::exchange(changed, false)) tcsetattr(STDIN_FILENO, TCSANOW, &before);
}

bool take() {
  bool const ours = isatty(STDIN_FILENO) && tcgetpgrp(STDIN_FILENO) == getpgrp();
  if (!ours || tcgetattr(STDIN_FILENO, &before) != 0) return false;
  termios single = before;
  single.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO); // Ctrl-C stays a signal
  changed = tcsetattr(STDIN_FILENO, TCSANOW, &single) == 0;
  std::at_quick_exit(give_back);
  std::atexit(give_back);
  return changed;
}

} // namespace

keyboard::keyboard(io::executor ex) : input_(ex), usable_(take()) {
  if (usable_) input_.assign(dup(STDIN_FILENO));
}

keyboard::~keyboard() { give_back(); }

task<char> keyboard::next() {
  char key = 0;
  co_await input_.async_read_some(asio::buffer(&key, 1), asio::use_awaitable);
  co_return static_cast<char>(std::tolower(static_cast<unsigned char>(key)));
}

} // namespace cotorra::cli
