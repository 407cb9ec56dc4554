// Runs a command of the user in a shell.
#pragma once
#include "io/workers.hpp"
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace cotorra::cli {

// Waits for the command to end; returns its exit status as a shell reports it: 128 plus
// the signal's number if a signal ended it, 127 if it could not be started. The command
// gets our environment plus these variables, an empty standard input, and none of our
// open files.
int run_command(std::string const& command,
                std::vector<std::pair<std::string, std::string>> const& variables);

// One thread per command, so that a slow command does not delay hashing.
class command_threads : public io::workers {
public:
  ~command_threads() override {
    for (std::thread& t : threads_) t.join();
  }
  void post(std::function<void()> job) override { threads_.emplace_back(std::move(job)); }
  unsigned count() const override { return static_cast<unsigned>(threads_.size()); }

private:
  std::vector<std::thread> threads_;
};

} // namespace cotorra::cli
