// A command of the user's, as a shell runs it.
#pragma once
#include "io/workers.hpp"
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace cotorra::cli {

// Waits for its end; gives its exit status, as a shell counts: 128 and the signal's
// number when a signal has ended it, 127 when it could not be started. It gets the
// environment with these variables, nothing to read, and no file of ours.
int run_command(std::string const& command,
                std::vector<std::pair<std::string, std::string>> const& variables);

// A thread for each command: one that takes long must not keep the hashing waiting.
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
