// Is it the right piece? Checking what lies on the disk, finishing a piece, reading
// blocks for upload.
#include "07-pieces/print.hpp"
#include "io/real_world.hpp"
#include "piece/block_reader_talk.hpp"
#include "piece/check_talk.hpp"
#include "piece/finish_talk.hpp"
#include "support/bench.hpp"
#include "support/temporary_folder.hpp"

using namespace cotorra;
using namespace cotorra::piece;
using test::bench;
using test::temporary_folder;

namespace {

struct inline_workers : io::workers {
  void post(std::function<void()> job) override { job(); }
  unsigned count() const override { return workers; }
  unsigned workers = 3;
};

std::string picture(bitfield const& b) {
  std::string s;
  for (std::size_t i = 0; i < b.size(); ++i) s += b[i] ? 'x' : '.';
  return s;
}

// Six pieces of 32 KiB and a short one over three files, with a padding file in between.
struct desk {
  bench loop{};
  inline_workers pool{};
  temporary_folder dir{};
  file_map map{
      {{"a", 40000}, {"empty", 0}, {"pad", 25536, true}, {"b", 65536}, {"c", 65636}}};
  storage files{dir.path(), map};
  piece_layout layout{map.total_length(), 32768};
  buffer content{};
  std::vector<sha1_digest> hashes{};

  desk() {
    content.resize(map.total_length());
    random_source(5).fill(content);
    for (std::size_t i = 40000; i < 65536; ++i) content[i] = std::byte{0}; // padding
    hash();
  }
  void hash() {
    hashes.clear();
    for (piece_index i = 0; i < layout.piece_count(); ++i)
      hashes.push_back(sha1(piece(i)));
  }
  bytes piece(piece_index i) const {
    return bytes(content).subspan(layout.offset(i), layout.size(i));
  }
  void write_all() {
    REQUIRE_FALSE(files.prepare());
    REQUIRE_FALSE(files.write(0, content));
  }
  std::string check() {
    piece_hashes const h(hashes);
    return picture(loop.run(check_pieces(pool, files, layout, h)));
  }
  void flip(std::string const& file, std::streamoff at) {
    std::fstream f(dir / file, std::ios::in | std::ios::out | std::ios::binary);
    f.seekg(at);
    char const c = static_cast<char>(f.get() ^ 1);
    f.seekp(at);
    f.put(c);
  }
  std::shared_ptr<open_piece> assembled(piece_index i, buffer_pool& memory) {
    auto p = std::make_shared<open_piece>(layout, i, memory);
    for (std::uint32_t n = 0; n < layout.block_count(i); ++n) {
      block const b = layout.block_at(i, n);
      p->write_block(b, piece(i).subspan(b.begin, b.length), endpoint{});
    }
    return p;
  }
  piece_result finish(piece_index i, buffer_pool& memory,
                      std::vector<sha1_digest> const& list) {
    piece_hashes const h(list);
    disk_lane lane(pool);
    return loop.run(finish_piece(lane, files, assembled(i, memory), h));
  }
};

} // namespace

TEST_CASE("what is complete is found complete") {
  desk d;
  d.write_all();
  CHECK(d.check() == "xxxxxxx");
}

TEST_CASE("an empty folder has nothing and nothing is made in it") {
  desk d;
  CHECK(d.check() == ".......");
  CHECK(std::filesystem::is_empty(d.dir.path()));
}

TEST_CASE("one flipped byte costs its piece and no other") {
  desk d;
  d.write_all();
  d.flip("b", 32768); // first byte of the fourth piece
  CHECK(d.check() == "xxx.xxx");
  d.flip("c", 65635); // last byte of all
  CHECK(d.check() == "xxx.xx.");
}

TEST_CASE("a missing file costs the pieces that reach into it") {
  desk d;
  d.write_all();
  d.files.close();
  std::filesystem::remove(d.dir / "a");
  CHECK(d.check() == "..xxxxx");
}

TEST_CASE("a file that is too short costs the pieces behind its end") {
  desk d;
  d.write_all();
  std::filesystem::resize_file(d.dir / "c", 32769);
  CHECK(d.check() == "xxxxx..");
}

TEST_CASE("a sparse file has only what was written") {
  desk d;
  REQUIRE_FALSE(d.files.prepare());
  REQUIRE_FALSE(d.files.write(d.layout.offset(3), d.piece(3)));
  CHECK(d.check() == "...x...");
}

TEST_CASE("a piece of real zeros is right though it is a hole") {
  desk d;
  for (std::size_t i = d.layout.offset(2); i < d.content.size(); ++i)
    d.content[i] = std::byte{0};
  d.hash();
  REQUIRE_FALSE(d.files.prepare());
  REQUIRE_FALSE(d.files.write(d.layout.offset(3), bytes(d.content).subspan(0, 1)));
  d.files.close();
  std::filesystem::resize_file(d.dir / "b", 0);
  std::filesystem::resize_file(d.dir / "b", 65536);
  d.dir.put("c", "");
  std::filesystem::resize_file(d.dir / "c", 65636);
  CHECK(d.check() == "..xxxxx");
}

TEST_CASE("one worker is enough for a check") {
  desk d;
  d.write_all();
  d.pool.workers = 1;
  CHECK(d.check() == "xxxxxxx");
}

TEST_CASE("checking tells how far it is") {
  desk d;
  d.write_all();
  std::vector<check_progress> told;
  on_check_progress note = [&](check_progress const& p) { told.push_back(p); };
  piece_hashes const h(d.hashes);
  d.loop.run(check_pieces(d.pool, d.files, d.layout, h, note));
  REQUIRE(told.size() >= 2);
  CHECK(told.front().checked == 0);
  CHECK(told.back().checked == 7);
  CHECK(told.back().total == 7);
  CHECK(told.back().good == 7);
}

TEST_CASE("a torrent without bytes is checked at once") {
  desk d;
  storage nothing(d.dir.path(), file_map({{"empty", 0}}));
  piece_layout const none(0, 16384);
  piece_hashes const no_hashes({});
  CHECK(d.loop.run(check_pieces(d.pool, nothing, none, no_hashes)).size() == 0);
}

TEST_CASE("many pieces are checked by several threads at once") {
  temporary_folder dir;
  std::size_t const size = 24 << 20;
  storage files(dir.path(), file_map({{"big", size}}));
  piece_layout const layout(size, 1 << 18);
  buffer content(size);
  random_source(3).fill(content);
  std::vector<sha1_digest> hashes;
  for (piece_index i = 0; i < layout.piece_count(); ++i)
    hashes.push_back(
        sha1(bytes(content).subspan(layout.offset(i), layout.piece_length())));
  content[70 << 18] ^= std::byte{1};
  REQUIRE_FALSE(files.write(0, content));
  std::vector<piece_index> told;
  io::real_world world(4);
  bitfield good;
  auto run = [&](io::workers& pool) -> io::task<> {
    piece_hashes const h(hashes);
    on_check_progress note = [&](check_progress const& p) { told.push_back(p.checked); };
    good = co_await check_pieces(pool, files, layout, h, note);
  };
  asio::co_spawn(world.context(), run(world.doors().workers), [](std::exception_ptr e) {
    if (e) std::rethrow_exception(e);
  });
  world.context().run();
  CHECK(told == std::vector<piece_index>{0, 32, 64, 96}); // 8 MiB at a time
  CHECK(good.count() == 95);
  CHECK_FALSE(good[70]);
}

TEST_CASE("a right piece is written and a wrong one is not") {
  desk d;
  buffer_pool memory;
  REQUIRE_FALSE(d.files.prepare());
  std::vector<sha1_digest> const others(d.hashes.rbegin(), d.hashes.rend());
  auto const bad = d.finish(0, memory, others);
  CHECK_FALSE(bad.verified);
  CHECK_FALSE(bad.error);
  CHECK_FALSE(std::filesystem::exists(d.dir / "a"));
  for (piece_index i : {0u, 6u}) {
    auto const good = d.finish(i, memory, d.hashes);
    CHECK(good.verified);
    CHECK_FALSE(good.error);
  }
  CHECK(memory.in_use() == 0);
  CHECK(d.check() == "x.....x");
}

TEST_CASE("a right piece that cannot be written says why") {
  desk d;
  buffer_pool memory;
  std::filesystem::create_directory(d.dir / "a");
  auto const r = d.finish(0, memory, d.hashes);
  CHECK(r.verified);
  CHECK(r.error == std::errc::is_a_directory);
}

TEST_CASE("blocks for upload are read over the borders of files") {
  desk d;
  d.write_all();
  disk_lane lane(d.pool);
  buffer_pool memory;
  auto const got = d.loop.run(read_blocks(lane, memory, d.files, 39000, 60000));
  CHECK(as_text(got->view()) == as_text(bytes(d.content).subspan(39000, 60000)));
}

TEST_CASE("blocks that cannot be read throw the reason") {
  desk d;
  disk_lane lane(d.pool);
  buffer_pool memory;
  auto const r = d.loop.start(read_blocks(lane, memory, d.files, 0, 100));
  try {
    r->get();
    FAIL("nothing was thrown");
  } catch (std::system_error const& e) {
    CHECK(e.code() == std::errc::no_such_file_or_directory);
    CHECK(std::string(e.what()).find((d.dir / "a").string()) != std::string::npos);
  }
}
