#include "cli/runtime.hpp"
#include "cli/output.hpp"
#include "cli/outputs.hpp"
#include "cli/process.hpp"
#include "cli/signals.hpp"
#include <asio/bind_cancellation_slot.hpp>
#include <asio/cancellation_signal.hpp>
#include <asio/co_spawn.hpp>
#include <asio/post.hpp>
#include <exception>
#include <memory>

namespace cotorra::cli {
namespace {

// How the body ended.
struct outcome {
  bool ended = false;
  std::exception_ptr failure;
  int status = could_not;
};

// The loop throws only when memory runs out or when we have a bug. Then all that runs in
// it is cancelled, and ends before the objects that it refers to.
void run_to_its_end(asio::io_context& context, std::function<void()> const& cancel) {
  std::exception_ptr failure;
  for (;;) {
    try {
      context.run();
      break;
    } catch (...) {
      if (!failure) failure = std::current_exception();
      leave_without_what_hangs(could_not);
      cancel();
    }
  }
  if (failure) std::rethrow_exception(failure);
}

} // namespace

int run_task(io::real_world& world, task<int> body, std::function<void()> on_interrupt) {
  asio::io_context& context = world.context();
  asio::cancellation_signal stop;
  auto const cancel = [&stop] { stop.emit(asio::cancellation_type::terminal); };
  bool const cancels = !on_interrupt;
  if (cancels) on_interrupt = cancel;
  leave_signals signals(context, on_interrupt);

  auto const got = std::make_shared<outcome>(); // the reader may leave after the end
  auto const ended = [&](std::exception_ptr e, int result) {
    got->ended = true;
    got->failure = e;
    got->status = result;
    signals.ignore();
    context.stop(); // at most the resolver's threads are still busy
  };
  auto const reader_left = [got, &on_interrupt] {
    if (got->ended) return;
    warn("the reader of the standard output has gone: leaving");
    on_interrupt();
  };
  {
    engine_output const unhindered([&] { asio::post(context, reader_left); });
    asio::co_spawn(context, std::move(body),
                   asio::bind_cancellation_slot(stop.slot(), ended));
    context.restart();
    run_to_its_end(context, cancel);
    got->ended = true;
  }
  if (out_of_memory()) return could_not;
  if (cancels && signals.came()) return interrupted;
  if (got->failure) std::rethrow_exception(got->failure);
  return got->status;
}

} // namespace cotorra::cli
