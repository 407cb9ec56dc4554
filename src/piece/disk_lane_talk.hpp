// Work that touches the disk: done in the network's thread while the disk is quick, so
// that bytes stay in that core's cache, and in a worker's when it is not (disk_pace.hpp).
#pragma once
#include "io/offload.hpp"
#include "piece/disk_pace.hpp"

namespace cotorra::piece {

// Only for the network's thread. One lane for what the disk does alike: reads, or writes.
class disk_lane {
public:
  explicit disk_lane(io::workers& pool) : pool_(pool) {}

  enum class kind { brief, long_anyway }; // what is long without any disk is a worker's

  // The work's result, or its exception. `work` may refer to what the awaiting coroutine
  // owns.
  template <class Work>
  io::task<std::invoke_result_t<Work&>> run(Work work, kind how = kind::brief) {
    outcome<std::invoke_result_t<Work&>> done;
    auto watched = [&] { watch(work, done); };
    if (how == kind::brief && pace_.is_quick() && with_workers_ == 0)
      watched(); // beside a worker's, this thread might have to wait for that worker
    else
      co_await let_a_worker(std::ref(watched));
    pace_.had(done.waited);
    co_return std::move(*done.result);
  }

private:
  template <class Result> struct outcome {
    std::optional<Result> result{};
    bool waited = false; // its thread, for the disk
  };
  template <class Work, class Result> void watch(Work& work, outcome<Result>& done) {
    auto const before = pool_.waits();
    done.result.emplace(work());
    done.waited = pool_.waits() != before;
  }
  template <class Work> io::task<> let_a_worker(Work work) {
    struct busy {
      int& count;
      ~busy() { --count; }
    } const until_done{++with_workers_};
    co_await io::offload(pool_, work);
  }

  io::workers& pool_;
  disk_pace pace_;
  int with_workers_ = 0; // how many jobs
};

} // namespace cotorra::piece
