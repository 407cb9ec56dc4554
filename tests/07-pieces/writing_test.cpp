// Which thread proves and writes a piece: the network's while the disk is quick, else a
// worker's.
#include "base/random.hpp"
#include "piece/finish_talk.hpp"
#include "support/bench.hpp"
#include "support/catch.hpp"
#include "support/temporary_folder.hpp"

using namespace cotorra;
using namespace cotorra::piece;

namespace {

// Workers that run each job when the test says so, and count them.
struct patient_workers : io::workers {
  std::vector<std::function<void()>> jobs{};
  int posted = 0;
  bool at_once = true;
  bool disk_is_slow = false;
  mutable std::uint64_t looks = 0;

  void post(std::function<void()> job) override {
    ++posted;
    jobs.push_back(std::move(job));
    if (at_once) run();
  }
  void run() {
    for (auto const& job : std::exchange(jobs, {})) job();
  }
  unsigned count() const override { return 1; }
  std::uint64_t waits() const override { return disk_is_slow ? ++looks : looks; }
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

TEST_CASE("while a worker writes the network's thread does not") {
  desk d;
  disk_lane lane(d.pool);
  d.by_workers(lane, 3);
  d.pool.at_once = false;
  auto const fourth = d.loop.start(d.finish(lane, d.assembled(3)));
  auto const fifth = d.loop.start(d.finish(lane, d.assembled(4)));
  CHECK(d.pool.jobs.size() == 2);
  d.pool.run();
  d.loop.settle();
  CHECK(fourth->get().verified);
  CHECK(fifth->get().verified);
  auto const sixth = d.loop.start(d.finish(lane, d.assembled(5)));
  CHECK(d.pool.jobs.empty());
  CHECK(sixth->get().verified);
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
