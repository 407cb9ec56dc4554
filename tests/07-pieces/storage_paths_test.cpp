// Other programs move the files of a download, or put something else in their place.
#include "07-pieces/print.hpp"
#include "piece/storage.hpp"
#include "piece/torrent_files.hpp"
#include "support/not_root.hpp"
#include "support/temporary_folder.hpp"
#include <cerrno>
#include <sys/stat.h>

using namespace cotorra;
using namespace cotorra::piece;
using test::temporary_folder;
namespace fs = std::filesystem;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr char const* parts = ".cotorra-x.parts";

struct desk {
  temporary_folder dir{};
  storage s{dir.path(), file_map({{"a", 6}, {"b", 6}})};
  desk() {
    s.use_part_names(true);
    s.use_part_file(parts);
  }
  std::error_code read(std::uint64_t offset) {
    buffer four(4);
    return s.read(offset, four);
  }
};

} // namespace

TEST_CASE("a file that another process has finished meanwhile is read and written on") {
  desk d;
  REQUIRE_FALSE(d.s.prepare());
  REQUIRE_FALSE(d.s.write(0, as_bytes("aaaa")));
  CHECK(d.s.path(0) == "a.part");
  d.s.rest();
  fs::rename(d.dir / "a.part", d.dir / "a");
  CHECK_FALSE(d.read(0));
}

TEST_CASE(
    "a file is finished when another process has renamed it, and only to its name") {
  desk d;
  REQUIRE_FALSE(d.s.prepare());
  REQUIRE_FALSE(d.s.write(0, as_bytes("aaaa")));
  SECTION("to its name") {
    fs::rename(d.dir / "a.part", d.dir / "a");
    CHECK_FALSE(d.s.write(4, as_bytes("aa")));
    CHECK(d.dir.get("a") == "aaaaaa");
    CHECK(d.s.path(0) == "a");
  }
  SECTION("to another one") {
    fs::rename(d.dir / "a.part", d.dir / "x");
    CHECK(d.s.write(4, as_bytes("aa")) == std::errc::no_such_file_or_directory);
    CHECK(d.s.path(0) == "a.part");
  }
}

TEST_CASE("a link in the place of a .part file is told as a link") {
  desk d;
  REQUIRE_FALSE(d.s.prepare());
  REQUIRE_FALSE(d.s.write(0, as_bytes("aaaa")));
  d.s.rest();
  fs::remove(d.dir / "a.part");
  fs::create_symlink("elsewhere", d.dir / "a.part");
  CHECK(d.read(0) == std::errc::too_many_symbolic_link_levels);
}

TEST_CASE("a part file that another program deletes is missed") {
  desk d;
  d.s.set_wanted(0, false);
  REQUIRE_FALSE(d.s.prepare());
  REQUIRE_FALSE(d.s.write(0, as_bytes("aaaa")));
  d.s.rest();
  CHECK_FALSE(d.read(0));
  d.s.rest();
  fs::remove(d.dir / parts);
  CHECK(d.read(0) == std::errc::no_such_file_or_directory);
}

TEST_CASE("the file that is the same on the disk is named, and no other") {
  temporary_folder dir;
  dir.put("a", "aaaa");
  dir.put("b", "bbbb");
  fs::create_hard_link(dir / "b", dir / "c");
  storage s(dir.path(), file_map({{".pad/4", 4, true}, {"a", 4}, {"b", 4}, {"c", 4}}));
  auto const e = s.prepare();
  CHECK(e == std::errc::too_many_links);
  CHECK_THAT(s.where(e), ContainsSubstring("it is the same file as \"b\""));
}

TEST_CASE("a pipe in the place of a file is told as a pipe, and of no link is spoken") {
  temporary_folder dir;
  storage s(dir.path(), file_map({{"f", 4}}));
  REQUIRE(::mkfifo((dir / "f").c_str(), 0600) == 0);
  auto const e = s.prepare();
  CHECK_THAT(s.where(e), ContainsSubstring("f\": it is a named pipe (FIFO), not a"));
}

TEST_CASE("padding and empty files are always there, and other files when they are") {
  temporary_folder dir;
  storage s(dir.path(), file_map({{"d/f", 4}, {".pad/4", 4, true}, {"d/empty", 0}}));
  CHECK_FALSE(s.exists(0));
  CHECK(s.exists(1));
  CHECK(s.exists(2));
  dir.put("d/f", "f");
  CHECK(s.exists(0));
}

TEST_CASE("a torrent's part file has a name of its own") {
  info_hash const one = info_hash::from(as_bytes("abcdefghijklmnopqrst"));
  CHECK(part_file_name(one) == ".cotorra-6162636465666768696a6b6c6d6e6f7071727374.parts");
}

TEST_CASE("a flush that works is no error, whatever has failed before") {
  temporary_folder dir;
  storage s(dir.path(), file_map({{"f", 4}}));
  REQUIRE_FALSE(s.write(0, as_bytes("abcd")));
  errno = EIO;
  CHECK_FALSE(s.flush());
}

TEST_CASE("what cannot be flushed is told") {
  storage s("/dev", file_map({{"null", 4}})); // the device that keeps nothing
  REQUIRE_FALSE(s.write(0, as_bytes("abcd")));
  auto const e = s.flush();
  CHECK(e == std::errc::invalid_argument);
  CHECK_THAT(s.where(e), ContainsSubstring("cannot flush \"/dev/null\": it is a device"));
}

TEST_CASE("into padding and links is never written, so nothing is asked about them") {
  temporary_folder dir;
  storage s(dir.path(),
            file_map({{"new", 4}, {"pad", 4, true}, {"l", 0, false, false, "f"}}));
  for (std::size_t f = 0; f < 3; ++f) s.set_wanted(f, false);
  REQUIRE_FALSE(s.prepare());
  fs::permissions(dir.path(), fs::perms(0555));
  std::string refused;
  {
    test::not_root const other;
    for (std::size_t f = 0; f < 3; ++f) refused += s.may_write(f) ? 'x' : '.';
  }
  fs::permissions(dir.path(), fs::perms::owner_all);
  CHECK(refused == "x.."); // without a part file, a piece may reach into the new one
}

TEST_CASE("nothing is written through a link in the place of the part file") {
  desk d;
  d.s.set_wanted(0, false);
  REQUIRE_FALSE(d.s.prepare());
  fs::create_symlink("elsewhere", d.dir / parts);
  CHECK(d.s.write(0, as_bytes("aaaa")) == std::errc::too_many_symbolic_link_levels);
  CHECK_FALSE(fs::exists(d.dir / "elsewhere"));
}

TEST_CASE("an empty file that we made is watched, too") {
  temporary_folder dir;
  storage s(dir.path(), file_map({{"empty", 0}}));
  REQUIRE_FALSE(s.prepare());
  CHECK(s.untouched(0));
  dir.put("empty", "no longer");
  CHECK_FALSE(s.untouched(0));
}

TEST_CASE("a link of the user's under the name of an unwanted file is never followed") {
  desk d;
  fs::create_symlink("elsewhere", d.dir / "a");
  d.s.set_wanted(0, false);
  REQUIRE_FALSE(d.s.prepare());
  REQUIRE_FALSE(d.s.write(0, as_bytes("aaaa")));
  CHECK(d.s.path(0) == parts);
  CHECK_FALSE(fs::exists(d.dir / "elsewhere"));
}

TEST_CASE("a folder that may not be made is told as that") {
  temporary_folder dir;
  fs::permissions(dir.path(), fs::perms(0555));
  std::error_code e;
  {
    test::not_root const other;
    storage s(dir.path(), file_map({{"new/f", 4}}));
    e = s.prepare();
  }
  fs::permissions(dir.path(), fs::perms::owner_all);
  CHECK(e == std::errc::permission_denied);
}
