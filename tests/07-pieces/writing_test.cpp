// Which thread proves and writes a piece: the network's while the disk is quick, else a
// worker's.
#include "07-pieces/print.hpp"
#include "base/random.hpp"
#include "piece/block_reader_talk.hpp"
#include "piece/finish_talk.hpp"
#include "support/bench.hpp"
#include "support/temporary_folder.hpp"
#include <fmt/format.h>

using namespace cotorra;
using namespace cotorra::piece;

namespace {

// Workers that run each job when the test says so, and count them.
struct patient_workers : io::workers {
  std::vector<std::function<void()>> jobs{};
  int posted = 0;
  bool at_once = true;
  bool disk_is_slow = false;

  void post(std::function<void()> job) override {
    ++posted;
    jobs.push_back(std::move(job));
    if (at_once) run();
  }
  void run() {
    for (auto const& job : std::exchange(jobs, {})) job();
  }
  unsigned count() const override { return 1; }
  bool waited_since(glance const&) const override { return disk_is_slow; }
};

struct desk {
  static constexpr std::uint32_t length = 4 * block_size;
  test::bench loop{};
  patient_workers pool{};
  test::temporary_folder dir{};
  piece_layout layout{64 * length, length};
  storage files{dir.path(), file_map({{"a", 64 * length}})};
  buffer content{};
  std::vector<sha1_digest> list{};
  piece_hashes hashes{list};
  buffer_pool memory{};
  piece_index next = 0;

  desk() {
    content.resize(layout.total_length());
    random_source(5).fill(content);
    for (piece_index i = 0; i < layout.piece_count(); ++i) list.push_back(sha1(data(i)));
    hashes = piece_hashes(list);
  }
  bytes data(piece_index i) const {
    return bytes(content).subspan(layout.offset(i), layout.size(i));
  }
  std::shared_ptr<open_piece> assembled(piece_index i) {
    auto p = std::make_shared<open_piece>(layout, i, memory);
    for (std::uint32_t n = 0; n < layout.block_count(i); ++n) {
      block const b = layout.block_at(i, n);
      p->write_block(b, data(i).subspan(b.begin, b.length), endpoint{});
    }
    return p;
  }
  io::task<piece_result> finish(disk_lane& lane, std::shared_ptr<open_piece> p) {
    return finish_piece(lane, files, std::move(p), hashes);
  }
  // How many of the next `count` pieces a worker finished.
  int by_workers(disk_lane& lane, int count) {
    int const before = pool.posted;
    for (int i = 0; i < count; ++i, ++next) {
      piece_result const r = loop.run(finish(lane, assembled(next)));
      CHECK(r.verified);
      CHECK_FALSE(r.error);
    }
    return pool.posted - before;
  }
};

} // namespace

TEST_CASE("the first pieces show whether the disk is quick") {
  desk d;
  disk_lane lane(d.pool);
  CHECK(d.by_workers(lane, 4) == 4);
  CHECK(d.by_workers(lane, 8) == 0);
  CHECK(d.dir.get("a").substr(0, 12 * desk::length) ==
        as_text(bytes(d.content).first(12 * desk::length)));
}

TEST_CASE("peers wait once for a disk that becomes slow") {
  desk d;
  disk_lane lane(d.pool);
  d.by_workers(lane, 4);
  d.pool.disk_is_slow = true;
  CHECK(d.by_workers(lane, 1) == 0); // this one shows it
  CHECK(d.by_workers(lane, 8) == 8);
  d.pool.disk_is_slow = false;
  CHECK(d.by_workers(lane, 16) == 16); // believed later than at first
  CHECK(d.by_workers(lane, 4) == 0);
}

TEST_CASE("while a worker is at the disk for long the network's thread is not") {
  desk d;
  disk_lane lane(d.pool);
  d.by_workers(lane, 4);
  auto flush = [] { return 0; };
  d.pool.at_once = false;
  auto const flushed = d.loop.start(lane.run(flush, effort::lengthy));
  auto const written = d.loop.start(d.finish(lane, d.assembled(4)));
  CHECK(d.pool.jobs.size() == 2);
  d.pool.run();
  d.loop.settle();
  CHECK(flushed->done);
  CHECK(written->get().verified);
  d.pool.at_once = true;
  CHECK(d.by_workers(lane, 1) == 0);
}

TEST_CASE("what a long job waits for says nothing of the others") {
  desk d;
  disk_lane lane(d.pool);
  d.by_workers(lane, 4);
  d.pool.disk_is_slow = true;
  auto flush = [] { return 0; };
  d.loop.run(lane.run(flush, effort::lengthy));
  d.pool.disk_is_slow = false;
  CHECK(d.by_workers(lane, 4) == 0);
}

TEST_CASE("a disk that was slow is trusted later, and sooner again when it stays quick") {
  using enum disk_pace::side;
  disk_pace pace;
  auto jobs_until_quick = [&] {
    int jobs = 0;
    for (; !pace.is_quick(); ++jobs) pace.job_done(worker, false);
    return jobs;
  };
  CHECK(jobs_until_quick() == 4);
  pace.job_done(worker, true); // no peer waited
  CHECK(jobs_until_quick() == 4);
  for (int const later : {16, 64, 256, 1024, 1024}) {
    pace.job_done(network, true);
    CHECK(jobs_until_quick() == later);
  }
  for (int i = 0; i < 1024 + 512 + 256; ++i) pace.job_done(network, false);
  pace.job_done(worker, true);
  CHECK(jobs_until_quick() == 128);
}

TEST_CASE("a job that fails leaves the lane as it was") {
  desk d;
  disk_lane lane(d.pool);
  auto fail = []() -> int { throw std::bad_alloc(); };
  for (auto const how : {effort::brief, effort::lengthy}) {
    CHECK_THROWS_AS(d.loop.run(lane.run(fail, how)), std::bad_alloc);
    CHECK(d.pool.posted > 0);
  }
  d.by_workers(lane, 4);
  CHECK_THROWS_AS(d.loop.run(lane.run(fail)), std::bad_alloc); // here
  CHECK(d.by_workers(lane, 1) == 0);
}

TEST_CASE("a piece of many files, and a large one, are a worker's") {
  desk d;
  disk_lane lane(d.pool);
  d.by_workers(lane, 4);
  std::vector<storage_file> small;
  for (int i = 0; i < 32; ++i)
    small.push_back({fmt::format("s{}", i), desk::length / 32});
  test::temporary_folder dir;
  storage many(dir.path(), file_map(small));
  piece_layout const one(desk::length, desk::length);
  auto const before = d.pool.posted;
  auto p = std::make_shared<open_piece>(one, 0, d.memory);
  for (std::uint32_t n = 0; n < one.block_count(0); ++n) {
    block const b = one.block_at(0, n);
    p->write_block(b, d.data(0).subspan(b.begin, b.length), endpoint{});
  }
  CHECK(d.loop.run(finish_piece(lane, many, p, d.hashes)).verified);
  CHECK(d.pool.posted == before + 1);
  CHECK(d.loop.run(read_blocks(lane, d.memory, many, 0, desk::length))->view().size() ==
        desk::length);
  CHECK(d.pool.posted == before + 2);
  CHECK(as_text(d.loop.run(read_blocks(lane, d.memory, d.files, 5, 100))->view()) ==
        as_text(d.data(0).subspan(5, 100)));
  CHECK(d.pool.posted == before + 2); // the network's thread read that
}

TEST_CASE("what is left to hash is a worker's when it is much") {
  constexpr std::uint32_t blocks = 128;
  piece_layout const layout(blocks * block_size, blocks * block_size);
  desk d;
  std::vector<sha1_digest> const list{sha1(bytes(d.content).first(blocks * block_size))};
  piece_hashes const hashes(list);
  disk_lane lane(d.pool);
  auto finish = [&](bool in_order) {
    auto p = std::make_shared<open_piece>(layout, 0, d.memory);
    for (std::uint32_t n = 0; n < blocks; ++n) {
      block const b = layout.block_at(0, in_order ? n : blocks - 1 - n);
      p->write_block(b, bytes(d.content).subspan(b.begin, b.length), endpoint{});
    }
    int const before = d.pool.posted;
    CHECK(d.loop.run(finish_piece(lane, d.files, p, hashes)).verified);
    return d.pool.posted - before;
  };
  for (int i = 0; i < 4; ++i) finish(true);
  CHECK(finish(true) == 0);
  CHECK(finish(false) == 1);
}
