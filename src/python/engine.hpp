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
#include <unistd.h> // getpid

namespace cotorra::python {

class engine {
public:
  // Listens at once. A port that is taken is no reason to give up: the next ones are
  // tried, as libtorrent does. Throws input_error when none can be had.
  explicit engine(session::settings);
  ~engine() { stop(); }
  engine(engine const&) = delete;

  // False in the child of a fork: the thread stayed with the parent.
  bool is_of_this_process() const { return owner_ == getpid(); }
  bool has_ended();       // or is about to; true in the child of a fork
  void refuse_if_ended(); // with an input_error

  // ask(session), in the engine's thread; gives what it gave, throws what it threw.
  template <class Ask> auto call(Ask ask) {
    refuse_if_ended();
    std::packaged_task<std::invoke_result_t<Ask&, session::session&>()> job(
        [&] { return ask(*session_); });
    auto answer = job.get_future();
    {
      std::lock_guard const lock(mutex_);
      if (stopped_) refuse();
      asio::post(world_.context(), [job = std::move(job)]() mutable { job(); });
    }
    return answer.get();
  }

  // Says goodbye to the trackers, which takes 1 s at most, waits until the disk has what
  // came and the resume data, and ends the thread. Nothing in the child of a fork.
  void stop();

private:
  void listen(session::settings);
  [[noreturn]] static void refuse();

  pid_t const owner_ = getpid();
  io::real_world world_;
  std::optional<session::session> session_;
  std::optional<asio::executor_work_guard<asio::io_context::executor_type>> open_;
  std::mutex mutex_;
  bool stopped_ = false;
  std::once_flag joined_;
  std::thread thread_;
};

} // namespace cotorra::python
