// A session with a thread of its own, for callers that know no coroutines: each call
// hops into the engine's thread and waits for the answer.
#pragma once
#include "io/real_world.hpp"
#include "session/session.hpp"
#include <asio/executor_work_guard.hpp>
#include <asio/post.hpp>
#include <future>
#include <mutex>
#include <optional>
#include <thread>

namespace cotorra::python {

class engine {
public:
  // Listens at once. A port that is taken is no reason to give up: the next ones are
  // tried, as libtorrent does. Throws input_error when none can be had.
  explicit engine(settings);
  ~engine() { stop(); }
  engine(engine const&) = delete;

  // ask(session), in the engine's thread; gives what it gave, throws what it threw.
  template <class Ask> auto call(Ask ask) {
    std::packaged_task<std::invoke_result_t<Ask&, session&>()> job(
        [&] { return ask(*session_); });
    auto answer = job.get_future();
    {
      std::lock_guard const lock(mutex_);
      if (stopped_) throw input_error("this session has ended; start another one");
      asio::post(world_.context(), [&job] { job(); });
    }
    return answer.get();
  }

  // Says goodbye to the trackers, which takes 2 s at most, and ends the thread.
  void stop();

private:
  void listen(settings);

  io::real_world world_;
  std::optional<session> session_;
  std::optional<asio::executor_work_guard<asio::io_context::executor_type>> open_;
  std::mutex mutex_;
  bool stopped_ = false;
  std::once_flag joined_;
  std::thread thread_;
};

} // namespace cotorra::python
