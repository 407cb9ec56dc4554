#include "cli/runtime.hpp"
#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/co_spawn.hpp>
#include <asio/signal_set.hpp>
#include <csignal>
#include <cstdlib>
#include <exception>

namespace cotorra::cli {
namespace {

class interrupts {
public:
  interrupts(asio::io_context& context, std::function<void()> on_first)
      : signals_(context, SIGINT, SIGTERM), on_first_(std::move(on_first)) {
    wait();
  }
  // A signal that is already on its way is ignored too.
  void ignore() {
    over_ = true;
    signals_.cancel();
  }
  bool came() const { return came_; }

private:
  void wait() {
    signals_.async_wait([this](asio::error_code stopped, int) {
      if (stopped || over_) return;
      if (came_) std::quick_exit(interrupted);
      came_ = true;
      wait();
      on_first_();
    });
  }

  asio::signal_set signals_;
  std::function<void()> on_first_;
  bool came_ = false, over_ = false;
};

} // namespace

int run_task(io::real_world& world, task<int> body, std::function<void()> on_interrupt) {
  asio::cancellation_signal cancel;
  bool const cancels = !on_interrupt;
  if (cancels)
    on_interrupt = [&cancel] { cancel.emit(asio::cancellation_type::terminal); };
  interrupts signals(world.context(), std::move(on_interrupt));

  std::exception_ptr failure;
  int status = could_not;
  auto const ended = [&](std::exception_ptr e, int result) {
    failure = e;
    status = result;
    signals.ignore();
  };
  asio::co_spawn(world.context(), std::move(body),
                 asio::bind_cancellation_slot(cancel.slot(), ended));
  world.context().restart();
  world.context().run();

  if (cancels && signals.came()) return interrupted;
  if (failure) std::rethrow_exception(failure);
  return status;
}

} // namespace cotorra::cli
