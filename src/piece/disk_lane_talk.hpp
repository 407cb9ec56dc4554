// Work that touches the disk: done in the network's thread while the disk is quick, so
// that bytes stay in that core's cache, and by a worker when it is not (disk_pace.hpp).
#pragma once
#include "io/offload.hpp"
#include "piece/disk_pace.hpp"

namespace cotorra::piece {

// Only for the network's thread. One lane for reads and another for writes: the disk may
// keep up with one of them only.
class disk_lane {
public:
  explicit disk_lane(io::workers& pool) : pool_(pool) {}

  // long_anyway: takes long even on a quick disk, so a worker does it.
  enum class effort { brief, long_anyway };

  // The work's result, or its exception. `work` may refer to what the awaiting coroutine
  // owns.
  template <class Work>
  io::task<std::invoke_result_t<Work&>> run(Work work, effort e = effort::brief) {
    outcome<std::invoke_result_t<Work&>> done;
    auto watched = [&] { watch(work, done); };
    if (e == effort::brief && pace_.is_quick() && jobs_at_workers_ == 0)
      watched(); // never while a worker is at the disk: we might wait for its lock
    else
      co_await run_in_a_worker(std::ref(watched));
    pace_.job_done(done.waited);
    co_return std::move(*done.result);
  }

private:
  template <class Result> struct outcome {
    std::optional<Result> result{};
    bool waited = false; // the thread that did the work, for the disk or a lock
  };
  template <class Work, class Result> void watch(Work& work, outcome<Result>& done) {
    auto const before = pool_.waits();
    done.result.emplace(work());
    done.waited = pool_.waits() != before;
  }
  template <class Work> io::task<> run_in_a_worker(Work work) {
    struct busy {
      int& count;
      ~busy() { --count; }
    } const until_done{++jobs_at_workers_};
    co_await io::offload(pool_, work);
  }

  io::workers& pool_;
  disk_pace pace_;
  int jobs_at_workers_ = 0;
};

} // namespace cotorra::piece
