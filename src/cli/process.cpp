#include "cli/process.hpp"
#include "cli/keys.hpp"
#include "cli/runtime.hpp"
#include "cli/signals.hpp"
#include <atomic>
#include <cstdlib>
#include <exception>
#include <fcntl.h>
#include <memory>
#include <new>
#include <string_view>
#include <unistd.h>

namespace cotorra::cli {
namespace {

constexpr std::size_t kept_back = 1 << 20; // bytes, enough to leave cleanly

std::atomic<bool> ended{false};
std::atomic<char*> reserve{nullptr};

void say_memory_ended() {
  constexpr std::string_view said = "cotorra: there is not enough memory: leaving\n";
  [[maybe_unused]] auto const ignored = ::write(STDERR_FILENO, said.data(), said.size());
}

// `new` calls this, in any thread, when it finds no memory, and then tries again. Where
// no loop runs that could leave, the program reports bad_alloc itself.
void on_no_memory() {
  if (char* const rest = reserve.exchange(nullptr)) {
    delete[] rest;
    if (!ask_to_leave()) return;
    ended = true;
    say_memory_ended();
    return leave_without_what_hangs(could_not);
  }
  throw std::bad_alloc();
}

// A coroutine or a destructor found no memory: a clean end is no longer possible.
[[noreturn]] void on_terminate() {
  give_terminal_back();
  if (reserve == nullptr) {
    if (!ended) say_memory_ended();
    ::_exit(could_not);
  }
  std::abort();
}

void keep_memory_back() {
  std::set_terminate(on_terminate); // first: there may be no memory even for the reserve
  reserve = new char[kept_back];
  std::set_new_handler(on_no_memory);
}

void open_what_is_closed() {
  for (int fd : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (::fcntl(fd, F_GETFD) < 0)
      ::open("/dev/null", fd == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

} // namespace

process::ground::ground() {
  open_what_is_closed();
  keep_memory_back();
  allow_to_leave_what_hangs();
}

bool out_of_memory() { return ended; }

} // namespace cotorra::cli
