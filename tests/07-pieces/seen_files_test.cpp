// Was it us, or another program? What tells one from the other.
#include "07-pieces/print.hpp"
#include "piece/seen_files.hpp"
#include "piece/storage.hpp"
#include "support/temporary_folder.hpp"
#include <fcntl.h>
#include <unistd.h>

using namespace cotorra;
using namespace cotorra::piece;
using test::temporary_folder;
namespace fs = std::filesystem;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr file_stamp early{10, 100, 100, 7};
constexpr file_stamp later{10, 200, 200, 7};

// Two files of five bytes.
file_map two_files() { return file_map({{"a", 5}, {"b", 5}}); }

timespec mtime_of(fs::path const& p) {
  struct stat info;
  REQUIRE(::stat(p.c_str(), &info) == 0);
  return info.st_mtim;
}

void set_mtime(fs::path const& p, timespec when) {
  timespec const both[2] = {when, when};
  REQUIRE(::utimensat(AT_FDCWD, p.c_str(), both, 0) == 0);
}

// Another program writes a byte over.
void spoil(fs::path const& p, long at = 0) {
  std::fstream f(p, std::ios::in | std::ios::out | std::ios::binary);
  f.seekp(at);
  f.put('!');
}

} // namespace

TEST_CASE("a file that looks as after our write is untouched") {
  seen_files seen(2);
  CHECK(seen.untouched(0, std::nullopt)); // never seen
  seen.wrote(0, early, true);
  CHECK(seen.untouched(0, early));
  CHECK_FALSE(seen.untouched(0, later));
  CHECK_FALSE(seen.untouched(0, std::nullopt));
  seen.forget();
  CHECK(seen.untouched(0, later));
}

TEST_CASE("a change between two of our writes is not forgotten") {
  seen_files seen(1);
  seen.wrote(0, early, true);
  seen.before_write(0, later); // not as we left it
  seen.wrote(0, later, true);
  CHECK_FALSE(seen.untouched(0, later));
}

TEST_CASE("where it cannot be told a file is not called untouched") {
  seen_files seen(1);
  seen.wrote(0, early, false);
  CHECK_FALSE(seen.untouched(0, early));
}

TEST_CASE("two names of one file on the disk are found") {
  seen_files seen(3);
  CHECK_FALSE(seen.claim(0, {1, 7}));
  CHECK_FALSE(seen.claim(0, {1, 7}));
  CHECK_FALSE(seen.claim(1, {2, 7})); // of another disk
  CHECK(seen.claim(2, {1, 7}) == std::optional<std::size_t>(0));
}

TEST_CASE("a write by another program in the same tick as ours is seen") {
  temporary_folder dir;
  storage s(dir.path(), two_files());
  for (int round = 0; round < 50; ++round) { // some of them within one tick
    s.close();
    REQUIRE_FALSE(s.write(0, as_bytes("aaaaabbbbb")));
    REQUIRE(s.untouched(0));
    spoil(dir / "a");
    CHECK_FALSE(s.untouched(0));
    CHECK(s.untouched(1));
    REQUIRE_FALSE(s.write(3, as_bytes("a"))); // our own next write hides nothing
    CHECK_FALSE(s.untouched(0));
  }
  CHECK_THAT(s.who_was_touched(), ContainsSubstring((dir / "a").string()));
}

TEST_CASE(
    "the file that another program changes is named, though others come before it") {
  temporary_folder dir;
  storage s(dir.path(), two_files());
  REQUIRE_FALSE(s.write(0, as_bytes("aaaaabbbbb")));
  spoil(dir / "b");
  CHECK_THAT(s.who_was_touched(), ContainsSubstring((dir / "b").string()));
}

TEST_CASE("a change whose time was set back is seen") {
  temporary_folder dir;
  storage s(dir.path(), two_files());
  REQUIRE_FALSE(s.write(0, as_bytes("aaaaabbbbb")));
  timespec const ours = mtime_of(dir / "a");
  auto const before = s.stamp(0);
  while (file_time() <= before->ctime) ::usleep(1000); // this much a copy takes anyway
  spoil(dir / "a");
  set_mtime(dir / "a", ours);
  CHECK_FALSE(s.untouched(0));
}

TEST_CASE("another file that took the place of ours is seen") {
  temporary_folder dir;
  storage s(dir.path(), two_files());
  REQUIRE_FALSE(s.write(0, as_bytes("aaaaabbbbb")));
  timespec const ours = mtime_of(dir / "a");
  dir.put("other", "aaaaa");
  set_mtime(dir / "other", ours);
  fs::rename(dir / "other", dir / "a");
  CHECK_FALSE(s.untouched(0));
}

TEST_CASE("a file that was there is untouched until another program writes to it") {
  temporary_folder dir;
  dir.put("a", "aaaaa"); // a moment ago
  storage s(dir.path(), two_files());
  REQUIRE_FALSE(s.prepare());
  CHECK(s.untouched(0));
  spoil(dir / "a");
  CHECK_FALSE(s.untouched(0));
}

TEST_CASE("two files of a torrent that are one on the disk are refused at the start") {
  temporary_folder dir;
  dir.put("a", "xxxxx");
  fs::create_hard_link(dir / "a", dir / "b");
  storage s(dir.path(), two_files());
  SECTION("both wanted") {}
  SECTION("one of them not") { s.set_wanted(1, false); }
  auto const e = s.prepare();
  REQUIRE(e == std::errc::too_many_links);
  CHECK_THAT(s.where(e), ContainsSubstring((dir / "b").string()) &&
                             ContainsSubstring("the same file as \"a\""));
}

TEST_CASE("two files of a torrent that become one on the disk are refused when written") {
  temporary_folder dir;
  storage s(dir.path(), two_files());
  REQUIRE_FALSE(s.prepare());
  REQUIRE_FALSE(s.write(0, as_bytes("aaaaa")));
  fs::create_hard_link(dir / "a", dir / "b"); // as a disk that folds names has it
  auto const e = s.write(5, as_bytes("bbbbb"));
  CHECK(e == std::errc::too_many_links);
  CHECK_THAT(s.where(e), ContainsSubstring("the same file as \"a\""));
  CHECK(dir.get("a") == "aaaaa");
}

TEST_CASE("a second name of a file outside the torrent is no matter") {
  temporary_folder dir;
  dir.put("a", "xxxxx");
  fs::create_hard_link(dir / "a", dir / "elsewhere");
  storage s(dir.path(), two_files());
  CHECK_FALSE(s.prepare());
}

TEST_CASE("a number that the disk uses again is no second name") {
  temporary_folder dir;
  storage s(dir.path(), two_files());
  for (int round = 0; round < 20; ++round) {
    fs::remove(dir / "b");
    dir.put("b", "bbbbb");
    CHECK_FALSE(s.prepare());
    fs::remove(dir / "a");
    fs::rename(dir / "b", dir / "a"); // the number of b, under a
    CHECK_FALSE(s.prepare());
  }
}

TEST_CASE("empty files may be one on the disk") {
  temporary_folder dir;
  dir.put("a", "");
  fs::create_hard_link(dir / "a", dir / "b");
  storage s(dir.path(), file_map({{"a", 0}, {"b", 0}}));
  CHECK_FALSE(s.prepare());
}
