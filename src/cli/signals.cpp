#include "cli/signals.hpp"
#include "cli/keys.hpp"
#include "cli/runtime.hpp"
#include <asio/buffer.hpp>
#include <atomic>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <fcntl.h>
#include <string_view>
#include <sys/time.h>
#include <system_error>
#include <unistd.h>
#include <utility>

namespace cotorra::cli {
namespace {

// Microseconds: of real time (we give a tracker 1 s for our goodbye), of CPU time.
constexpr long patience = 1'500'000, at_work = 20'000;
constexpr long one_press = 50'000; // `timeout` sends its signal twice in a row
constexpr int most_turns = 10;

// All that the signal handlers use: lock-free, and so allowed there.
std::atomic<int> pipe_end{-1};
std::atomic<long> first_at{0}, worked{0};
std::atomic<int> turns{0}, status_at_end{interrupted};
std::atomic<bool> allowed{false}, hears{false};

long microseconds(clockid_t clock) {
  timespec t{};
  ::clock_gettime(clock, &t);
  return t.tv_sec * 1'000'000 + t.tv_nsec / 1000;
}

[[noreturn]] void end_now(int status) {
  give_terminal_back();
  ::_exit(status);
}

void set_alarm() {
  itimerval once{};
  once.it_value.tv_sec = patience / 1'000'000;
  once.it_value.tv_usec = patience % 1'000'000;
  ::setitimer(ITIMER_REAL, &once, nullptr);
}

// Slow is not hanging: a process that still uses CPU time gets more patience.
void on_alarm(int) {
  int const error = errno;
  long const now = microseconds(CLOCK_PROCESS_CPUTIME_ID);
  if (now - worked.exchange(now) < at_work || ++turns == most_turns) {
    constexpr std::string_view said = "cotorra: left without waiting for what hangs\n";
    [[maybe_unused]] auto const ignored =
        ::write(STDERR_FILENO, said.data(), said.size());
    end_now(status_at_end);
  }
  set_alarm();
  errno = error;
}

void on_leave(int signal) {
  int const error = errno;
  long const now = microseconds(CLOCK_MONOTONIC);
  if (signal != SIGHUP) { // a closing terminal sends it more than once
    long none = 0;
    bool const first = first_at.compare_exchange_strong(none, now);
    if (!first && now - none > one_press) end_now(interrupted);
  }
  if (!ask_to_leave()) leave_without_what_hangs(interrupted);
  errno = error;
}

struct replaced {
  int signal;
  struct sigaction before;
};
replaced handled[] = {{SIGINT, {}}, {SIGTERM, {}}, {SIGHUP, {}}};

void handle_all() {
  struct sigaction ours{};
  ours.sa_handler = on_leave; // no SA_RESTART: a signal must end the wait for a pipe
  for (replaced& one : handled) {
    ::sigaction(one.signal, nullptr, &one.before);
    if (one.signal == SIGHUP && one.before.sa_handler == SIG_IGN) continue;
    ::sigaction(one.signal, &ours, nullptr);
  }
}

int open_pipe() {
  int ends[2];
  if (::pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0)
    throw std::system_error(errno, std::generic_category());
  first_at = 0;
  pipe_end = ends[1];
  return ends[0];
}

} // namespace

bool ask_to_leave() noexcept {
  int const fd = pipe_end;
  return hears && fd >= 0 && ::write(fd, "", 1) == 1;
}

void allow_to_leave_what_hangs() { allowed = true; }

void leave_without_what_hangs(int status) {
  status_at_end = status;
  if (!allowed) return;
  turns = 0;
  worked = microseconds(CLOCK_PROCESS_CPUTIME_ID);
  struct sigaction ours{};
  ours.sa_handler = on_alarm;
  ours.sa_flags = SA_RESTART;
  ::sigaction(SIGALRM, &ours, nullptr);
  set_alarm();
}

leave_signals::leave_signals(asio::io_context& context, std::function<void()> on_first)
    : heard_(context, open_pipe()), on_first_(std::move(on_first)) {
  hears = true;
  handle_all();
  wait();
}

leave_signals::~leave_signals() {
  for (replaced const& one : handled) ::sigaction(one.signal, &one.before, nullptr);
  ::close(pipe_end.exchange(-1));
}

void leave_signals::ignore() {
  hears = false;
  asio::error_code ignored;
  heard_.cancel(ignored);
  on_first_ = nullptr;
}

void leave_signals::wait() {
  heard_.async_read_some(asio::buffer(&byte_, 1),
                         [this](asio::error_code stopped, std::size_t) {
                           if (stopped || !on_first_) return;
                           came_ = true;
                           leave_without_what_hangs(interrupted);
                           std::exchange(on_first_, nullptr)();
                         });
}

} // namespace cotorra::cli
