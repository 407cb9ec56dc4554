#include "cli/command.hpp"
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

namespace cotorra::cli {
namespace {

constexpr int could_not_start = 127;

// The child keeps the standard error, also as its output: the user reads both.
class child_files {
public:
  child_files() {
    posix_spawn_file_actions_init(&actions_);
    posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
    posix_spawn_file_actions_adddup2(&actions_, STDERR_FILENO, STDOUT_FILENO);
    posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);
  }
  ~child_files() { posix_spawn_file_actions_destroy(&actions_); }
  child_files(child_files const&) = delete;
  posix_spawn_file_actions_t const* get() const { return &actions_; }

private:
  posix_spawn_file_actions_t actions_;
};

// Restores the signals that this program ignores (two of them while it reads keys): a
// shell's command expects the defaults.
class child_signals {
public:
  child_signals() {
    posix_spawnattr_init(&attributes_);
    sigset_t usual;
    sigemptyset(&usual);
    for (int const signal : {SIGPIPE, SIGXFSZ, SIGTTIN, SIGTTOU})
      sigaddset(&usual, signal);
    posix_spawnattr_setsigdefault(&attributes_, &usual);
    posix_spawnattr_setflags(&attributes_, POSIX_SPAWN_SETSIGDEF);
  }
  ~child_signals() { posix_spawnattr_destroy(&attributes_); }
  child_signals(child_signals const&) = delete;
  posix_spawnattr_t const* get() const { return &attributes_; }

private:
  posix_spawnattr_t attributes_;
};

std::vector<std::string>
environment_with(std::vector<std::pair<std::string, std::string>> const& variables) {
  std::vector<std::string> all;
  for (char** at = environ; *at; ++at) all.emplace_back(*at);
  for (auto const& [name, value] : variables) all.push_back(name + "=" + value);
  return all;
}

} // namespace

int run_command(std::string const& command,
                std::vector<std::pair<std::string, std::string>> const& variables) {
  child_files const files;
  child_signals const signals;
  std::vector<std::string> environment = environment_with(variables);
  std::vector<char*> pointers;
  for (std::string& one : environment) pointers.push_back(one.data());
  pointers.push_back(nullptr);
  std::string shell = "sh", option = "-c", words = command;
  char* const argv[] = {shell.data(), option.data(), words.data(), nullptr};
  pid_t child = 0;
  if (::posix_spawn(&child, "/bin/sh", files.get(), signals.get(), argv,
                    pointers.data()) != 0)
    return could_not_start;
  int status = 0;
  while (::waitpid(child, &status, 0) < 0)
    if (errno != EINTR) return could_not_start;
  return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
}

} // namespace cotorra::cli
