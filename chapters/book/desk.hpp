// What a walk stands on: one thread, in which coroutines take turns, and a clock that
// moves only when all of them wait.
//   desk table;
//   table.start(dial(*near_end, ours));
//   table.run();
#pragma once
#include "io/virtual_clock.hpp"
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <cstdio>
#include <fmt/format.h>
#include <memory>

namespace cotorra {

class desk {
public:
  desk() : context_(std::make_unique<asio::io_context>(1)), clock(executor()) {
    std::setvbuf(stdout, nullptr, _IOLBF, 0); // so that our lines and gdb's keep order
  }
  ~desk() { context_.reset(); } // waiting coroutines are destroyed before the clock

  io::executor executor() { return context_->get_executor(); }

  // From now on it takes its turns: run() gives them.
  void start(task<> walker) {
    ++walking_;
    asio::co_spawn(executor(), std::move(walker), [this](std::exception_ptr failure) {
      --walking_;
      if (failure) report(failure);
    });
  }

  // Runs until all have ended; else says how many wait and can never be woken.
  void run() {
    run_until_all_wait();
    for (auto next = clock.next(); walking_ && next; next = clock.next()) {
      clock.advance_to(*next);
      run_until_all_wait();
    }
    if (walking_) nothing_moves(walking_);
  }

private:
  void run_until_all_wait() {
    context_->restart();
    context_->poll();
  }
  static void report(std::exception_ptr failure) {
    try {
      std::rethrow_exception(failure);
    } catch (std::exception const& e) {
      fmt::print("it ended: {}\n", e.what());
    }
  }
  // A place to stop at: `break nothing_moves`, then `co all`.
  static void nothing_moves(int waiting) {
    fmt::print("{} coroutines wait, and nothing can wake them\n", waiting);
  }

  std::unique_ptr<asio::io_context> context_;
  int walking_ = 0;

public:
  io::virtual_clock clock;
};

} // namespace cotorra
