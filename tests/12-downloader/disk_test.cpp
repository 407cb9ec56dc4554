// The disk is not ours alone: files are deleted, shortened and changed under us, and may
// refuse what we write. The torrent pauses and says why, and resume() goes on from there.
#include "support/catch.hpp"
#include "swarm.hpp"
#include <csignal>
#include <sys/resource.h>

using namespace cotorra;
using namespace cotorra::test;
using Catch::Matchers::ContainsSubstring;

namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t piece_length = 32 * 1024;
constexpr std::size_t size = 6'000'000; // more than a seeder reads ahead
constexpr io::link slow{.up = 500'000}; // a swarm that takes twelve seconds

// One file, a slow seeder, and a leecher that has half of it.
struct half_way : swarm {
  explicit half_way(std::uint64_t seed) : half_way(seed, {{"", random_bytes(7, size)}}) {}
  half_way(std::uint64_t seed, std::vector<file_content> files)
      : swarm(seed, make_metainfo("payload.bin", files, piece_length, tracker_url),
              files),
        right(files[0].content), seeder(add_seeder(slow)), leecher(add_leecher()) {
    REQUIRE(sim.run_until([&] { return leecher.torrent.status().num_pieces > 25; }, 60s));
    REQUIRE_FALSE(complete(leecher));
  }
  fs::path file_of(node const& n) const { return n.folder.path() / "payload.bin"; }
  bool paused(node const& n) const { return n.torrent.status().paused; }
  std::string error(node const& n) const { return n.torrent.status().error; }

  buffer const right;
  node& seeder;
  node& leecher;
};

// It paused, said why, and when told to go on, ends with the right bytes.
void check_goes_on(half_way& s, std::string const& reason) {
  REQUIRE(s.sim.run_until([&] { return s.paused(s.leecher); }, 60s));
  CHECK_THAT(s.error(s.leecher), ContainsSubstring(s.file_of(s.leecher).string()));
  CHECK_THAT(s.error(s.leecher), ContainsSubstring(reason));
  s.sim.run_for(30s);
  CHECK(s.leecher.torrent.get_peer_info().empty());
  s.leecher.torrent.resume();
  REQUIRE(s.sim.run_until([&] { return s.complete(s.leecher); }, 10min));
  CHECK(s.error(s.leecher) == "");
  CHECK(s.has_right_bytes(s.leecher));
}

// While it lives, no file of this process may grow past `most` bytes.
class file_size_limit {
public:
  explicit file_size_limit(rlim_t most) : old_signal_(std::signal(SIGXFSZ, SIG_IGN)) {
    ::getrlimit(RLIMIT_FSIZE, &old_);
    rlimit const tight{most, old_.rlim_max};
    ::setrlimit(RLIMIT_FSIZE, &tight);
  }
  ~file_size_limit() {
    ::setrlimit(RLIMIT_FSIZE, &old_);
    std::signal(SIGXFSZ, old_signal_);
  }
  file_size_limit(file_size_limit const&) = delete;

private:
  rlimit old_{};
  void (*old_signal_)(int);
};

} // namespace

TEST_CASE("a file that is deleted during the download pauses it and comes back whole") {
  half_way s(1);
  fs::remove(s.file_of(s.leecher));
  check_goes_on(s, "it is not there; ");
}

TEST_CASE("a file that is deleted right after its check is noticed as well") {
  half_way s(8);
  s.leecher.torrent.pause();
  s.sim.run_for(5s);
  s.leecher.torrent.resume();
  auto const checked = [&] {
    return s.leecher.torrent.status().state ==
           session::torrent_status::state_t::downloading;
  };
  REQUIRE(s.sim.run_until(checked, 60s));
  fs::remove(s.file_of(s.leecher));
  check_goes_on(s, "it is not there; ");
}

TEST_CASE("a finished file that another program changes is fetched again in the end") {
  std::vector<file_content> const files{{"a", random_bytes(1, 400'000)},
                                        {"b", random_bytes(2, 4'000'000)}};
  swarm s(9, make_metainfo("payload", files, piece_length, swarm::tracker_url), files);
  s.add_seeder(slow);
  session::add_torrent_params params;
  params.sequential_download = true;
  auto& leecher = s.add_leecher({}, std::move(params));
  auto const first = leecher.folder.path() / "payload" / "a";
  auto const pieces = [&] { return leecher.torrent.status().num_pieces; };
  REQUIRE(s.sim.run_until([&] { return pieces() > 30; }, 60s));
  write_file(first,
             buffer(400'000)); // of the same length, and not a write goes there now
  fs::last_write_time(first, fs::file_time_type::clock::now() + 1s);
  REQUIRE(s.sim.run_until([&] { return s.complete(leecher); }, 10min));
  CHECK(s.has_right_bytes(leecher));
  CHECK(leecher.torrent.status().total_payload_download > 4'400'000 + 300'000);
}

TEST_CASE("a file that is shortened during the download pauses it and comes back whole") {
  half_way s(2);
  fs::resize_file(s.file_of(s.leecher), size / 4);
  check_goes_on(s, "another program has shortened it; ");
}

TEST_CASE("a disk error pauses the download and no verified piece is lost") {
  half_way s(3);
  std::size_t before = 0;
  {
    file_size_limit const limit(100'000);
    REQUIRE(s.sim.run_until([&] { return s.paused(s.leecher); }, 60s));
    before = s.leecher.torrent.status().num_pieces;
    CHECK(s.leecher.torrent.status().total_failed_bytes == 0);
  }
  check_goes_on(s, "(File too large); ");
  auto const status = s.leecher.torrent.status();
  // what was verified did not come again: only what was on its way
  CHECK(before > 25);
  CHECK(status.total_payload_download < size + 8 * piece_length);
}

TEST_CASE(
    "a download that cannot begin says what is in its way and begins when it is gone") {
  std::vector<file_content> const files{{"", random_bytes(7, 100'000)}};
  swarm s(4, make_metainfo("payload.bin", files, piece_length, swarm::tracker_url),
          files);
  s.add_seeder();
  auto& leecher = s.add_host({});
  fs::create_directory(leecher.folder.path() / "payload.bin");
  s.start(leecher);
  REQUIRE(s.sim.run_until([&] { return leecher.torrent.status().paused; }, 60s));
  CHECK_THAT(leecher.torrent.status().error,
             ContainsSubstring("move away what has that name"));
  fs::remove(leecher.folder.path() / "payload.bin");
  leecher.torrent.resume();
  REQUIRE(s.sim.run_until([&] { return s.complete(leecher); }, 5min));
  CHECK(s.has_right_bytes(leecher));
}

TEST_CASE("a seeder whose file is shortened pauses and sends nothing wrong") {
  half_way s(5);
  fs::resize_file(s.file_of(s.seeder), 1000);
  REQUIRE(s.sim.run_until([&] { return s.paused(s.seeder); }, 60s));
  CHECK_THAT(s.error(s.seeder), ContainsSubstring("another program has shortened it"));
  s.sim.run_for(60s);
  CHECK_FALSE(s.complete(s.leecher));
  CHECK(s.leecher.torrent.status().total_failed_bytes == 0);
  CHECK_FALSE(s.paused(s.leecher));

  write_file(s.file_of(s.seeder), s.right);
  s.seeder.torrent.resume();
  REQUIRE(s.sim.run_until([&] { return s.complete(s.leecher); }, 30min));
  CHECK(s.has_right_bytes(s.leecher));
}

TEST_CASE("a seeder that resumes offers only what is still there") {
  half_way s(6);
  fs::resize_file(s.file_of(s.seeder), 10 * piece_length);
  REQUIRE(s.sim.run_until([&] { return s.paused(s.seeder); }, 60s));
  s.sim.run_for(1s);
  s.seeder.torrent.resume();
  s.sim.run_for(60s);
  CHECK(s.error(s.seeder) == "");
  CHECK(s.seeder.torrent.status().num_pieces >= 10);
  CHECK_FALSE(s.complete(s.seeder));
  CHECK(s.leecher.torrent.status().total_failed_bytes == 0);
}

TEST_CASE(
    "a piece that is changed under a seeder is noticed and comes from another one") {
  half_way s(7);
  buffer wrong = s.right;
  for (std::byte& b : wrong) b = ~b;
  write_file(s.file_of(s.seeder), wrong);
  s.add_seeder(slow);
  REQUIRE(s.sim.run_until([&] { return s.complete(s.leecher); }, 10min));
  CHECK(s.has_right_bytes(s.leecher));
  CHECK(s.leecher.torrent.status().total_failed_bytes > 0);
  auto const past = s.leecher.torrent.past_peers();
  CHECK(std::any_of(past.begin(), past.end(), [&](session::peer_info const& p) {
    return p.ip.address == s.seeder.host.address() && p.ended == errc::bad_piece;
  }));
}

TEST_CASE(
    "two sessions that download into the same files both end with the right bytes") {
  std::vector<file_content> const files{{"", random_bytes(7, size)}};
  swarm s(8, make_metainfo("payload.bin", files, piece_length, swarm::tracker_url),
          files);
  s.add_seeder(slow);
  auto& one = s.add_leecher();
  auto& other = s.add_host({});
  fs::remove(other.folder.path());
  fs::create_directory_symlink(one.folder.path(), other.folder.path());
  s.start(other);
  REQUIRE(s.sim.run_until([&] { return s.all_complete(); }, 10min));
  CHECK(s.has_right_bytes(one));
  CHECK(s.has_right_bytes(other));
}

namespace {

// Two files of ten pieces each; only the seeder has them.
struct two_names : swarm {
  explicit two_names(std::uint64_t seed)
      : two_names(seed, {{"a.bin", random_bytes(1, 10 * piece_length)},
                         {"b.bin", random_bytes(2, 10 * piece_length)}}) {}
  two_names(std::uint64_t seed, std::vector<file_content> files)
      : swarm(seed, make_metainfo("folder", files, piece_length, tracker_url), files),
        seeder(add_seeder({.up = 100'000})) {}

  void check_refused(node const& n) {
    REQUIRE(sim.run_until([&] { return n.torrent.status().paused; }, 5min));
    CHECK_THAT(n.torrent.status().error,
               ContainsSubstring("b.bin") || ContainsSubstring("a.bin"));
    CHECK_THAT(n.torrent.status().error,
               ContainsSubstring("on this disk it is the same"));
    CHECK_FALSE(n.torrent.status().is_finished);
  }
  node& seeder;
};

} // namespace

TEST_CASE("a torrent with two names for one file on the disk is refused at the start") {
  two_names s(21);
  swarm::node& late = s.add_host({});
  fs::path const folder = late.folder.path() / "folder";
  write_file(folder / "a.bin", buffer(10 * piece_length));
  fs::create_hard_link(folder / "a.bin", folder / "b.bin");
  s.start(late);
  s.check_refused(late);
}

TEST_CASE(
    "a torrent whose two files become one on the disk never calls itself complete") {
  two_names s(22);
  swarm::node& leecher = s.add_leecher();
  fs::path const folder = leecher.folder.path() / "folder";
  auto const one = [&] {
    return fs::exists(folder / "a.bin") != fs::exists(folder / "b.bin");
  };
  REQUIRE(s.sim.run_until(one, 1min));
  bool const is_a = fs::exists(folder / "a.bin");
  fs::create_hard_link(folder / (is_a ? "a.bin" : "b.bin"),
                       folder / (is_a ? "b.bin" : "a.bin"));
  s.check_refused(leecher);
}

TEST_CASE("a link that takes a finished file's place is found at the last look") {
  two_names s(23);
  session::add_torrent_params in_order;
  in_order.sequential_download = true;
  swarm::node& leecher = s.add_leecher({}, std::move(in_order));
  fs::path const folder = leecher.folder.path() / "folder";
  REQUIRE(
      s.sim.run_until([&] { return leecher.torrent.status().num_pieces > 15; }, 5min));
  fs::remove(folder / "a.bin");
  fs::create_hard_link(folder / "b.bin", folder / "a.bin");
  s.check_refused(leecher);
}
