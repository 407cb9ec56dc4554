// Stopped and started again: nothing verified is fetched twice, and nothing unverified is
// believed. In virtual time; the same with a real kill -9 is in tests/interop.
#include "piece/resume_file.hpp"
#include "support/catch.hpp"
#include "swarm.hpp"

using namespace cotorra;
using namespace cotorra::test;
namespace fs = std::filesystem;

namespace {

constexpr std::uint32_t piece_length = 32 * 1024;

std::vector<file_content> two_files() {
  return {{"a.bin", random_bytes(1, 20 * piece_length)},
          {"b.bin", random_bytes(2, 20 * piece_length + 5)}};
}
constexpr std::uint64_t size = 40 * piece_length + 5; // of both: 41 pieces

// A seeder, and one leecher that is stopped and started.
struct desk {
  std::vector<file_content> files = two_files();
  metainfo::metainfo info =
      make_metainfo("folder", files, piece_length, swarm::tracker_url);
  swarm s{1, info, files};
  swarm::node& seeder = s.add_seeder();
  swarm::node& leecher = s.add_leecher({.down = 100'000});

  session::torrent_status status() const { return leecher.torrent.status(); }
  fs::path folder() const { return leecher.folder.path(); }
  fs::path state_path() const { return piece::resume_path(folder(), info.hash); }
  std::optional<piece::resume_state> state() const {
    return piece::load_resume(folder(), info.hash);
  }

  void run_until_pieces(std::size_t count) {
    REQUIRE(s.sim.run_until([&] { return status().num_pieces >= count; }, 5min));
  }
  void run_until_complete() {
    REQUIRE(s.sim.run_until([&] { return s.complete(leecher); }, 5min));
    CHECK(s.has_right_bytes(leecher));
  }
  // Gives what was here in the end.
  bitfield stop() {
    leecher.session->stop();
    REQUIRE(s.sim.run_until([&] { return leecher.ended; }, 1min));
    return status().pieces;
  }
  void start(session::add_torrent_params params = {}) {
    leecher.session.reset();
    leecher.ended = false;
    s.start(leecher, std::move(params));
    auto const checked = [&] {
      return status().state != session::torrent_status::state_t::checking_files;
    };
    REQUIRE(s.sim.run_until(checked, 1min));
  }
  std::uint64_t bytes_of(bitfield const& pieces) const {
    std::uint64_t sum = 0;
    for (piece_index i = 0; i < pieces.size(); ++i)
      if (pieces[i]) sum += i == 40 ? 5 : piece_length;
    return sum;
  }
  // What the second run fetched together with what was there is everything, once.
  void check_nothing_twice(bitfield const& was_here) const {
    CHECK(status().total_payload_download + bytes_of(was_here) == size);
  }
};

std::size_t entries(fs::path const& folder) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

} // namespace

TEST_CASE("a clean stop and start checks nothing and fetches nothing again") {
  desk d;
  d.run_until_pieces(15);
  bitfield const here = d.stop();
  REQUIRE_FALSE(here.all());
  REQUIRE(d.state());
  CHECK(d.state()->pieces == here);
  CHECK(d.state()->settled);
  d.start();
  CHECK(d.status().num_pieces_believed == here.count());
  CHECK(d.status().num_pieces_checked == 0);
  CHECK(d.status().pieces == here);
  d.run_until_complete();
  d.check_nothing_twice(here);
}

TEST_CASE("a torrent that stops complete leaves no file of ours behind") {
  desk d;
  d.run_until_pieces(10);
  d.stop();
  REQUIRE(fs::exists(d.state_path()));
  d.start();
  d.run_until_complete();
  d.stop();
  CHECK(entries(d.folder()) == 1);
  CHECK(entries(d.seeder.folder.path()) == 1);
}

TEST_CASE("a torrent that stops without pieces leaves no file of ours behind") {
  desk d;
  d.seeder.session->stop();
  d.s.sim.run_for(40s);
  CHECK(d.stop().none());
  CHECK_FALSE(fs::exists(d.state_path()));
}

TEST_CASE("a changed file is checked and the other files are believed") {
  desk d;
  d.run_until_pieces(25);
  bitfield here = d.stop();
  piece_index bad = 0; // a piece of the first file, to be spoilt
  while (!here[bad]) ++bad;
  REQUIRE(bad < 20);
  {
    std::fstream f(d.folder() / "folder/a.bin",
                   std::ios::in | std::ios::out | std::ios::binary);
    f.seekp(bad * piece_length);
    f.write("spoilt", 6);
  }
  d.start();
  here.reset(bad);
  CHECK(d.status().num_pieces_checked == 20);
  CHECK(d.status().pieces == here);
  d.run_until_complete();
  d.check_nothing_twice(here);
}

TEST_CASE("a flipped byte is found even if the file has its old mtime again") {
  desk d;
  d.run_until_pieces(25);
  bitfield here = d.stop();
  piece_index bad = 0;
  while (!here[bad]) ++bad;
  REQUIRE(bad < 20);
  fs::path const file = d.folder() / "folder/a.bin";
  auto const old = fs::last_write_time(file);
  {
    std::fstream f(file, std::ios::in | std::ios::out | std::ios::binary);
    f.seekp(bad * piece_length + 7);
    f.put('!');
  }
  fs::last_write_time(file, old);
  d.start();
  here.reset(bad);
  CHECK(d.status().pieces == here);
  d.run_until_complete();
}

TEST_CASE("every piece is hashed when the user asks for it") {
  desk d;
  d.run_until_pieces(15);
  bitfield const here = d.stop();
  REQUIRE(d.state());
  session::add_torrent_params params;
  params.check_files = true;
  d.start(std::move(params));
  CHECK(d.status().num_pieces_believed == 0);
  CHECK(d.status().num_pieces_checked == 41);
  CHECK(d.status().pieces == here);
}

TEST_CASE("a file that was removed is fetched again and no other") {
  desk d;
  d.run_until_pieces(25);
  bitfield here = d.stop();
  fs::remove(d.folder() / "folder/a.bin");
  for (piece_index i = 0; i < 20; ++i)
    if (here[i]) here.reset(i);
  d.start();
  CHECK(d.status().pieces == here);
  d.run_until_complete();
  d.check_nothing_twice(here);
}

TEST_CASE("without a good state every piece is checked and nothing is fetched again") {
  desk d;
  d.run_until_pieces(15);
  bitfield const here = d.stop();
  SECTION("deleted") { fs::remove(d.state_path()); }
  SECTION("empty") { write_file(d.state_path(), {}); }
  SECTION("garbage") { write_file(d.state_path(), random_bytes(3, 400)); }
  SECTION("cut off") { fs::resize_file(d.state_path(), 100); }
  SECTION("of another torrent") {
    piece::resume_state other = *d.state();
    other.hash = {};
    write_file(d.state_path(), piece::encode(other));
  }
  d.start();
  CHECK(d.status().num_pieces_believed == 0);
  CHECK(d.status().num_pieces_checked == 41);
  CHECK(d.status().pieces == here);
  d.run_until_complete();
  d.check_nothing_twice(here);
}

TEST_CASE("a state that is older than the files is not believed") {
  desk d;
  d.run_until_pieces(5);
  d.stop();
  buffer const old = read_file(d.state_path());
  d.start();
  d.run_until_pieces(20);
  bitfield const here = d.stop();
  write_file(d.state_path(), old); // as after kill -9
  d.start();
  CHECK(d.status().num_pieces_believed == 0);
  CHECK(d.status().pieces == here);
  d.run_until_complete();
  d.check_nothing_twice(here);
}

TEST_CASE("a state that claims missing pieces is not believed against the files") {
  desk d;
  d.run_until_pieces(15);
  bitfield const here = d.stop();
  piece::resume_state liar = *d.state();
  liar.pieces = bitfield(41, true);
  for (auto& stamp : liar.files)
    if (stamp) --stamp->mtime;
  write_file(d.state_path(), piece::encode(liar));
  d.start();
  CHECK(d.status().pieces == here);
  d.run_until_complete();
}

TEST_CASE("the state is saved now and then while downloading") {
  desk d;
  d.leecher.host.set_link({.down = 20'000});
  d.s.sim.run_for(29s);
  CHECK_FALSE(fs::exists(d.state_path()));
  d.s.sim.run_for(3s);
  REQUIRE(d.state());
  auto const first = d.state()->pieces;
  CHECK(first.count() > 0);
  CHECK_FALSE(d.state()->settled);
  d.s.sim.run_for(30s);
  CHECK(d.state()->pieces.count() > first.count());
  for (piece_index i = 0; i < 41; ++i)
    if (d.state()->pieces[i]) CHECK(d.status().pieces[i]);
}

TEST_CASE("a pause saves the state") {
  desk d;
  d.run_until_pieces(10);
  d.leecher.torrent.pause();
  d.s.sim.run_for(1s);
  REQUIRE(d.state());
  CHECK(d.state()->pieces == d.status().pieces);
  CHECK(d.state()->settled);
}

TEST_CASE("a download works even where no state can be saved") {
  desk d;
  fs::create_directories(d.state_path().string() + ".new/in the way");
  d.run_until_pieces(15);
  bitfield const here = d.stop();
  CHECK_FALSE(fs::exists(d.state_path()));
  d.start();
  CHECK(d.status().num_pieces_checked == 41);
  d.run_until_complete();
  d.check_nothing_twice(here);
}
