// Work that touches the disk: done in the network's thread while the disk is quick, so
// that bytes need not change their core, and by a worker when it is not (disk_pace.hpp).
#pragma once
#include "io/offload.hpp"
#include "piece/disk_pace.hpp"
#include "piece/file_map.hpp"
#include <optional>

namespace cotorra::piece {

// How long a job takes on a quick disk. brief: less than a millisecond. lengthy: more,
// so it is always a worker's.
enum class effort { brief, lengthy };

// The effort of reading or writing these bytes of a torrent. Each of their files has to
// be found, opened and looked at.
inline effort effort_for(file_map const& files, std::uint64_t offset,
                         std::size_t length) {
  constexpr std::size_t most_bytes = 4 << 20, most_files = 16;
  bool const is_brief =
      length <= most_bytes && files.slices(offset, length).size() <= most_files;
  return is_brief ? effort::brief : effort::lengthy;
}

// One for all torrents of a session, since they share the disk. Only for the network's
// thread.
class disk_lane {
public:
  explicit disk_lane(io::workers& pool) : pool_(pool) {}

  // The work's result, or its exception. `work` may refer to what the awaiting coroutine
  // owns.
  template <class Work>
  io::task<std::invoke_result_t<Work&>> run(Work work, effort e = effort::brief) {
    job<Work> one{pool_, work};
    bool const here = e == effort::brief && pace_.is_quick() && lengthy_jobs_ == 0;
    if (here)
      one(); // no worker holds the disk up meanwhile
    else
      co_await give_away(one, e);
    // a lengthy job may wait on a quick disk, too: it says nothing about the pace
    if (e == effort::brief)
      pace_.job_done(here ? disk_pace::side::network : disk_pace::side::worker,
                     one.waited);
    co_return std::move(*one.result);
  }

private:
  template <class Work> struct job {
    io::workers& pool;
    Work& work;
    std::optional<std::invoke_result_t<Work&>> result{};
    bool waited = false; // its thread had to wait, for the disk or a lock
    void operator()() {
      auto const before = pool.look();
      result.emplace(work());
      waited = pool.waited_since(before);
    }
  };

  template <class Job> io::task<> give_away(Job& one, effort e) {
    struct count {
      int& jobs;
      int const mine;
      ~count() { jobs -= mine; }
    };
    int const mine = e == effort::lengthy ? 1 : 0;
    lengthy_jobs_ += mine;
    count const until_done{lengthy_jobs_, mine};
    co_await io::offload(pool_, std::ref(one));
  }

  io::workers& pool_;
  disk_pace pace_;
  int lengthy_jobs_ = 0; // that workers are doing
};

} // namespace cotorra::piece
