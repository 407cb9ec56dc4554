// Small files that are read and replaced as a whole, and the .torrent that a magnet link
// leaves.
#include "07-pieces/print.hpp"
#include "base/sha.hpp"
#include "piece/learned_file.hpp"
#include "piece/whole_file.hpp"
#include "support/temporary_folder.hpp"
#include <csignal>
#include <sys/resource.h>
#include <sys/stat.h>

using namespace cotorra;
using namespace cotorra::piece;
using test::temporary_folder;
namespace fs = std::filesystem;

namespace {

constexpr std::string_view info = "d6:lengthi4e4:name1:xe";
constexpr std::string_view whole = "d4:infod6:lengthi4e4:name1:xee";

info_hash const& hash() {
  static info_hash const h = info_hash::from(sha1(as_bytes(info)).value);
  return h;
}
std::string name() { return learned_path("", hash()).string(); }
std::string loaded(temporary_folder const& dir) {
  return std::string(as_text(load_learned(dir.path(), hash())));
}

} // namespace

TEST_CASE("a file is read whole when it is as long as it may be, and not when longer") {
  temporary_folder dir;
  fs::path const at = dir.put("f", "abcd");
  REQUIRE(read_whole(at, 4));
  CHECK(as_text(*read_whole(at, 4)) == "abcd");
  CHECK_FALSE(read_whole(at, 3));
  CHECK_FALSE(read_whole(dir / "missing", 4));
}

TEST_CASE("what is no plain file is never read") {
  temporary_folder dir;
  CHECK_FALSE(read_whole(dir.path(), 1 << 20));
  REQUIRE(::mkfifo((dir / "pipe").c_str(), 0600) == 0);
  CHECK_FALSE(read_whole(dir / "pipe", 1 << 20));
  fs::create_symlink(dir.put("f", "abcd"), dir / "link");
  CHECK_FALSE(read_whole(dir / "link", 1 << 20));
}

TEST_CASE("a file of one byte, or none, is read and written like any other") {
  temporary_folder dir;
  for (std::string_view const text : {"", "x"}) {
    REQUIRE_FALSE(replace_whole(dir / "f", as_bytes(text)));
    REQUIRE(read_whole(dir / "f", 1));
    CHECK(as_text(*read_whole(dir / "f", 1)) == text);
  }
}

TEST_CASE("a file that cannot be written to its end leaves the old one") {
  temporary_folder dir;
  dir.put("f", "old");
  auto const before = std::signal(SIGXFSZ, SIG_IGN);
  rlimit old{};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &old) == 0);
  rlimit const tight{2, old.rlim_max};
  REQUIRE(::setrlimit(RLIMIT_FSIZE, &tight) == 0); // as a disk that is full
  auto const e = replace_whole(dir / "f", as_bytes("new one"));
  ::setrlimit(RLIMIT_FSIZE, &old);
  std::signal(SIGXFSZ, before);
  CHECK(e == std::errc::file_too_large);
  CHECK(dir.get("f") == "old");
  CHECK_FALSE(fs::exists(dir / "f.new"));
}

TEST_CASE("a small file has the permissions that the user's umask leaves") {
  temporary_folder dir;
  mode_t const before = ::umask(0);
  auto const e = replace_whole(dir / "f", as_bytes("x"));
  ::umask(before);
  CHECK_FALSE(e);
  CHECK(fs::status(dir / "f").permissions() == fs::perms(0666));
}

TEST_CASE("the beginning of a file is as much as was asked for, or all that there is") {
  temporary_folder dir;
  fs::path const at = dir.put("f", "abcd");
  CHECK(as_text(*read_beginning(at, 3)) == "abc");
  CHECK(as_text(*read_beginning(at, 5)) == "abcd");
}

TEST_CASE("what a magnet link led to is kept as a .torrent, and found by its hash") {
  temporary_folder dir;
  fs::path const folder = dir / "not/made/yet";
  CHECK(load_learned(folder, hash()).empty());
  REQUIRE_FALSE(save_learned(folder, hash(), as_bytes(info)));
  CHECK(dir.get("not/made/yet/" + name()) == whole);
  CHECK(as_text(load_learned(folder, hash())) == info);
  CHECK_FALSE(save_learned(folder, hash(), as_bytes(info))); // it is there already
  remove_learned(folder, hash());
  CHECK(fs::is_empty(folder));
}

TEST_CASE("a .torrent is believed only when its info dictionary has the hash") {
  for (std::string_view const text :
       {"", "d4:info", "d4:infoe", "d6:lengthi4e4:name1:xe",
        "x4:infod6:lengthi4e4:name1:xee", "d4:infod6:lengthi4e4:name1:xe",
        "d4:infod6:lengthi4e4:name1:xex", "d4:infod6:lengthi5e4:name1:xee"}) {
    INFO("the file is \"" << text << '"');
    temporary_folder dir;
    dir.put(name(), text);
    CHECK(loaded(dir).empty());
    CHECK(save_learned(dir.path(), hash(), as_bytes(info)) == std::errc::file_exists);
    remove_learned(dir.path(), hash());
    CHECK(dir.get(name()) == text); // it is the user's
  }
}

TEST_CASE("what a killed process left beside the .torrent does not stop the next save") {
  temporary_folder dir;
  dir.put(name() + ".new", "d4:inf");
  REQUIRE_FALSE(save_learned(dir.path(), hash(), as_bytes(info)));
  CHECK(loaded(dir) == info);
  CHECK_FALSE(fs::exists(dir / (name() + ".new")));
}
