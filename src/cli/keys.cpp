#include "cli/keys.hpp"
#include <cctype>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <fcntl.h>
#include <poll.h>
#include <termios.h>
#include <unistd.h>

namespace cotorra::cli {
namespace {

constexpr duration between_looks = 50ms; // to a person, a key seems to work at once

// Globals: the process has one terminal, and signal handlers need it.
int terminal = -1;
termios before;
std::sig_atomic_t volatile taken = 0;
struct sigaction on_stop_before, on_continue_before, on_read_before, on_write_before;

bool in_foreground() { return ::tcgetpgrp(terminal) == ::getpgrp(); }

void take() {
  if (::tcgetattr(terminal, &before) != 0) return;
  termios single = before;
  single.c_lflag &= ~static_cast<tcflag_t>(ICANON | ECHO); // Ctrl-C stays a signal
  taken = 1; // before tcsetattr: Ctrl-Z may come in between
  ::tcsetattr(terminal, TCSANOW, &single);
}

// Ctrl-Z: restores the terminal for the shell, then stops the process as if there were no
// handler. After SIGCONT, the process goes on at the last line.
void on_stop(int) {
  int const error = errno;
  give_terminal_back();
  struct sigaction ours, usual{};
  usual.sa_handler = SIG_DFL;
  ::sigaction(SIGTSTP, &usual, &ours);
  sigset_t stop, mask;
  sigemptyset(&stop);
  sigaddset(&stop, SIGTSTP);
  ::raise(SIGTSTP);
  ::pthread_sigmask(SIG_UNBLOCK, &stop, &mask);
  ::pthread_sigmask(SIG_SETMASK, &mask, nullptr);
  ::sigaction(SIGTSTP, &ours, nullptr);
  errno = error;
}

// The shell has changed the terminal's settings: the next look sets them again.
void on_continue(int) { taken = 0; }

void handle(int signal, void (*handler)(int), struct sigaction& replaced) {
  struct sigaction ours{};
  ours.sa_handler = handler;
  ours.sa_flags = SA_RESTART;
  ::sigaction(signal, nullptr, &replaced);
  if (replaced.sa_handler != SIG_IGN) ::sigaction(signal, &ours, nullptr);
}

int open_terminal() {
  if (!::isatty(STDIN_FILENO)) return -1;
  return ::open("/dev/tty", O_RDWR | O_NOCTTY | O_CLOEXEC);
}

} // namespace

void give_terminal_back() noexcept {
  if (taken && in_foreground()) ::tcsetattr(terminal, TCSANOW, &before);
  taken = 0;
}

keyboard::keyboard() {
  terminal = open_terminal();
  if (terminal < 0) return;
  handle(SIGTSTP, on_stop, on_stop_before);
  handle(SIGCONT, on_continue, on_continue_before);
  handle(SIGTTIN, SIG_IGN, on_read_before); // read() then fails with EIO
  handle(SIGTTOU, SIG_IGN, on_write_before);
  std::atexit(give_terminal_back);
  if (in_foreground()) take();
}

keyboard::~keyboard() {
  if (terminal < 0) return;
  give_terminal_back();
  ::sigaction(SIGTSTP, &on_stop_before, nullptr);
  ::sigaction(SIGCONT, &on_continue_before, nullptr);
  ::sigaction(SIGTTIN, &on_read_before, nullptr);
  ::sigaction(SIGTTOU, &on_write_before, nullptr);
  ::close(terminal);
  terminal = -1;
}

bool keyboard::usable() const { return terminal >= 0 && in_foreground(); }

std::optional<char> keyboard::pressed() {
  if (!usable()) return std::nullopt;
  if (!taken) take();
  pollfd waiting{terminal, POLLIN, 0};
  char key = 0;
  if (::poll(&waiting, 1, 0) != 1 || (waiting.revents & POLLIN) == 0 ||
      ::read(terminal, &key, 1) != 1)
    return std::nullopt;
  return static_cast<char>(std::tolower(static_cast<unsigned char>(key)));
}

task<> listen_to_keys(io::clock& clock, keyboard& keys, std::function<void(char)> press) {
  for (;;) {
    while (auto const key = keys.pressed()) press(*key);
    co_await clock.sleep_for(between_looks);
  }
}

} // namespace cotorra::cli
