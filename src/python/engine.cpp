#include "python/engine.hpp"
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>

namespace cotorra::python {
namespace {
constexpr int more_ports = 10; // libtorrent's max_retry_port_bind
}

engine::engine(session::settings wanted) {
  listen(std::move(wanted));
  open_.emplace(world_.context().get_executor());
  asio::co_spawn(world_.context(), session_->run(), asio::detached);
  thread_ = std::thread([this] { world_.context().run(); });
}

void engine::listen(session::settings wanted) {
  std::exception_ptr first; // tells of the port that was asked for
  for (int tries = 0;; ++tries) {
    try {
      session_.emplace(world_.doors(), wanted);
      session_->listen();
      return;
    } catch (input_error const&) {
      if (!first) first = std::current_exception();
      if (tries == more_ports) std::rethrow_exception(first);
    }
    for (endpoint& at : wanted.listen_interfaces)
      if (at.port != 0 && at.port != 0xFFFF) ++at.port;
  }
}

void engine::refuse() { throw input_error("this session has ended; start another one"); }

bool engine::has_ended() {
  if (!is_of_this_process())
    return true; // before the lock, which may never be given back
  std::lock_guard const lock(mutex_);
  return stopped_;
}

void engine::refuse_if_ended() {
  if (!is_of_this_process())
    throw input_error(
        "this session stayed with the process that forked; start another one");
  if (has_ended()) refuse();
}

void engine::stop() {
  if (!is_of_this_process()) return;
  std::call_once(joined_, [this] {
    {
      std::lock_guard const lock(mutex_);
      stopped_ = true;
      asio::post(world_.context(), [this] { session_->stop(); });
    }
    open_.reset(); // run() returns once the session has ended
    thread_.join();
  });
}

} // namespace cotorra::python
