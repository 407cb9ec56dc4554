// Many files as one run of bytes, on a real disk, in a folder that is gone afterwards.
#include "07-pieces/print.hpp"
#include "piece/storage.hpp"
#include "support/not_root.hpp"
#include "support/temporary_folder.hpp"
#include <fmt/format.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <thread>
#include <unistd.h>

using namespace cotorra;
using namespace cotorra::piece;
using test::not_root;
using test::temporary_folder;
namespace fs = std::filesystem;
using Catch::Matchers::ContainsSubstring;

namespace {

// aaaa bbbbbb (empty) ppp ccccc, p is padding
file_map some_files() {
  return file_map({{"a", 4},
                   {"sub/b", 6},
                   {"sub/deep/empty", 0},
                   {".pad/3", 3, true},
                   {"sub/c", 5, false, true}});
}

std::string read_all(storage& s) {
  std::string text(s.files().total_length(), '?');
  auto const e = s.read(0, std::as_writable_bytes(std::span(text)));
  REQUIRE_FALSE(e);
  return text;
}

std::error_code prepare_with(temporary_folder const& dir, storage_file file) {
  storage s(dir.path(), file_map({std::move(file)}));
  return s.prepare();
}

constexpr auto reading = fs::perms::owner_read | fs::perms::group_read |
                         fs::perms::others_read | fs::perms::owner_exec |
                         fs::perms::group_exec | fs::perms::others_exec;

} // namespace

TEST_CASE("a write goes over the borders of files and padding is never stored") {
  temporary_folder dir;
  storage s(dir / "new/root", some_files());
  REQUIRE_FALSE(s.prepare());
  CHECK(fs::file_size(dir / "new/root/sub/deep/empty") == 0);
  REQUIRE_FALSE(s.write(2, as_bytes("AABBBBBBxxxCC")));
  CHECK(dir.get("new/root/a") == std::string("\0\0AA", 4));
  CHECK(dir.get("new/root/sub/b") == "BBBBBB");
  CHECK(dir.get("new/root/sub/c") == std::string("CC\0\0\0", 5));
  CHECK_FALSE(fs::exists(dir / "new/root/.pad"));
  CHECK(read_all(s) == std::string("\0\0AABBBBBB\0\0\0CC\0\0\0", 18));
  CHECK_FALSE(s.flush());
}

TEST_CASE("preparing makes folders and empty files and nothing else") {
  temporary_folder dir;
  storage s(dir.path(), some_files());
  REQUIRE_FALSE(s.prepare());
  CHECK(fs::is_directory(dir / "sub"));
  CHECK(fs::exists(dir / "sub/deep/empty"));
  CHECK_FALSE(fs::exists(dir / "a"));
  CHECK_FALSE(s.exists(0));
  CHECK(s.exists(2));
  REQUIRE_FALSE(s.prepare()); // again is no harm
}

TEST_CASE("a large file is sparse until it is written") {
  temporary_folder dir;
  storage s(dir.path(), file_map({{"big", std::uint64_t{6} << 30}}));
  REQUIRE_FALSE(s.prepare());
  REQUIRE_FALSE(s.write(std::uint64_t{5} << 30, as_bytes("far out")));
  struct stat info;
  REQUIRE(::stat((dir / "big").c_str(), &info) == 0);
  CHECK(info.st_size == off_t{6} << 30);
  CHECK(info.st_blocks * 512 < 1 << 20);
}

TEST_CASE("the executable bit is set when asked for") {
  temporary_folder dir;
  storage s(dir.path(), file_map({{"run", 2, false, true}, {"read", 2}}));
  REQUIRE_FALSE(s.write(0, as_bytes("hihi")));
  auto const exec = fs::perms::owner_exec;
  CHECK((fs::status(dir / "run").permissions() & exec) == exec);
  CHECK((fs::status(dir / "read").permissions() & exec) == fs::perms::none);
}

TEST_CASE("an empty file of the torrent can be made to run, too") {
  temporary_folder dir;
  storage s(dir.path(), file_map({{"run", 0, false, true}}));
  REQUIRE_FALSE(s.prepare());
  auto const exec = fs::perms::owner_exec;
  CHECK((fs::status(dir / "run").permissions() & exec) == exec);
}

TEST_CASE("an unwanted file is made only when a piece reaches into it") {
  temporary_folder dir;
  storage s(dir.path(), file_map({{"x/a", 4}, {"y/b", 4}, {"z/empty", 0}}));
  s.set_wanted(1, false);
  s.set_wanted(2, false);
  REQUIRE_FALSE(s.prepare());
  CHECK(fs::exists(dir / "x"));
  CHECK_FALSE(fs::exists(dir / "y"));
  CHECK_FALSE(fs::exists(dir / "z"));
  REQUIRE_FALSE(s.write(0, as_bytes("aaaab")));
  CHECK(dir.get("y/b") == std::string("b\0\0\0", 4));
}

TEST_CASE("a longer file is left alone and named") {
  temporary_folder dir;
  dir.put("mine", "my diary");
  storage s(dir.path(), file_map({{"mine", 4}}));
  auto const e = s.prepare();
  CHECK(e == std::errc::file_too_large);
  CHECK_THAT(s.where(e), ContainsSubstring("mine\": it is longer than the 4 bytes"));
  CHECK(dir.get("mine") == "my diary");
}

TEST_CASE("a shorter file is kept and grows") {
  temporary_folder dir;
  dir.put("f", "ab");
  storage s(dir.path(), file_map({{"f", 4}}));
  REQUIRE_FALSE(s.prepare());
  std::string two(2, '?');
  CHECK_FALSE(s.read(0, std::as_writable_bytes(std::span(two))));
  CHECK(two == "ab");
  CHECK(s.read(1, std::as_writable_bytes(std::span(two))) ==
        std::errc::no_message_available);
  REQUIRE_FALSE(s.write(3, as_bytes("d")));
  CHECK(dir.get("f") == std::string("ab\0d", 4));
}

TEST_CASE("a folder that has the name of a file is an error") {
  temporary_folder dir;
  fs::create_directory(dir / "taken");
  CHECK(prepare_with(dir, {"taken", 4}) == std::errc::is_a_directory);
}

TEST_CASE("a file that has the name of a folder is an error") {
  temporary_folder dir;
  dir.put("taken", "");
  CHECK(prepare_with(dir, {"taken/file", 4}) == std::errc::not_a_directory);
}

TEST_CASE("the root being a file is an error") {
  temporary_folder dir;
  dir.put("root", "");
  storage s(dir / "root", file_map({{"f", 1}}));
  CHECK(s.prepare());
  CHECK(s.write(0, as_bytes("x")));
}

TEST_CASE("a symbolic link in the place of a file is not followed") {
  temporary_folder dir, outside;
  outside.put("secret", "1234");
  fs::create_symlink(outside / "secret", dir / "f");
  CHECK(prepare_with(dir, {"f", 4}) == std::errc::too_many_symbolic_link_levels);
  storage s(dir.path(), file_map({{"f", 4}}));
  CHECK(s.write(0, as_bytes("evil")) == std::errc::too_many_symbolic_link_levels);
  std::string four(4, '?');
  CHECK(s.read(0, std::as_writable_bytes(std::span(four))));
  CHECK(outside.get("secret") == "1234");
}

TEST_CASE("a symbolic link in the place of a folder is not followed") {
  temporary_folder dir, outside;
  fs::create_directory_symlink(outside.path(), dir / "sub");
  storage s(dir.path(), file_map({{"sub/f", 4}}));
  CHECK(s.prepare() == std::errc::too_many_symbolic_link_levels);
  auto const e = s.write(0, as_bytes("evil"));
  CHECK(e == std::errc::too_many_symbolic_link_levels);
  CHECK_THAT(s.where(e), ContainsSubstring("symbolic link lies in the way"));
  CHECK(fs::is_empty(outside.path()));
}

TEST_CASE("the root itself may be a symbolic link") {
  temporary_folder dir, other;
  fs::create_directory_symlink(other.path(), dir / "downloads");
  storage s(dir / "downloads", file_map({{"f", 2}}));
  REQUIRE_FALSE(s.prepare());
  REQUIRE_FALSE(s.write(0, as_bytes("ok")));
  CHECK(other.get("f") == "ok");
}

TEST_CASE("a path that leads out of the root is refused") {
  temporary_folder dir;
  for (std::string const path :
       {"../f", "a/../../f", "/etc/f", "a//f", "./f", "", "a/"}) {
    INFO(path);
    storage s(dir / "root", file_map({{path, 1}}));
    CHECK(s.write(0, as_bytes("x")) == std::errc::invalid_argument);
  }
  CHECK_FALSE(fs::exists(dir / "f"));
}

TEST_CASE("a pipe in the place of a file does not stop a worker") {
  temporary_folder dir;
  REQUIRE(::mkfifo((dir / "f").c_str(), 0600) == 0);
  CHECK(prepare_with(dir, {"f", 4}) == std::errc::invalid_argument);
  storage s(dir.path(), file_map({{"f", 4}}));
  std::string four(4, '?');
  CHECK(s.read(0, std::as_writable_bytes(std::span(four))));
}

TEST_CASE("reading what is not there is an error and makes nothing") {
  temporary_folder dir;
  storage s(dir.path(), some_files());
  std::string text(4, '?');
  auto const e = s.read(0, std::as_writable_bytes(std::span(text)));
  CHECK(e == std::errc::no_such_file_or_directory);
  CHECK_THAT(s.where(e), ContainsSubstring("cannot read \"" + (dir / "a").string()));
  CHECK(fs::is_empty(dir.path()));
}

TEST_CASE("a file is opened for writing only when written to") {
  temporary_folder dir;
  dir.put("f", "data");
  storage s(dir.path(), file_map({{"f", 4}}));
  CHECK(read_all(s) == "data");
  auto const mode_of = [&] { // what /proc says of our descriptors
    std::string found;
    for (auto const& each : fs::directory_iterator("/proc/self/fd")) {
      std::error_code gone;
      if (fs::read_symlink(each.path(), gone) != dir / "f") continue;
      struct stat info;
      REQUIRE(::lstat(each.path().c_str(), &info) == 0);
      found += (info.st_mode & S_IWUSR) != 0 ? 'w' : 'r';
    }
    return found;
  };
  CHECK(mode_of() == "r");
  REQUIRE_FALSE(s.write(0, as_bytes("DATA")));
  CHECK(mode_of() == "w");
  s.close();
  CHECK(mode_of().empty());
  CHECK(read_all(s) == "DATA"); // opens again
}

TEST_CASE("a file that goes while nobody holds it open is missed and not made anew") {
  temporary_folder dir;
  storage s(dir.path(), file_map({{"a", 4}, {"b", 4}, {"c", 4}}), 1);
  REQUIRE_FALSE(s.prepare());
  REQUIRE_FALSE(s.write(0, as_bytes("AAAABBBB"))); // one descriptor: a is closed now
  fs::remove(dir / "a");
  auto const gone = s.write(2, as_bytes("aa"));
  CHECK(gone == std::errc::no_such_file_or_directory);
  CHECK_THAT(s.where(gone), ContainsSubstring("it is not there"));
  CHECK_FALSE(fs::exists(dir / "a"));
  REQUIRE_FALSE(s.write(8, as_bytes("CCCC")));
  fs::resize_file(dir / "b", 2);
  CHECK(s.write(4, as_bytes("bb")) == std::errc::no_message_available);
  CHECK(fs::file_size(dir / "b") == 2);
  s.close(); // somebody looks at everything again: what is missing may be made
  REQUIRE_FALSE(s.prepare());
  REQUIRE_FALSE(s.write(0, as_bytes("aaaa")));
  CHECK(dir.get("a") == "aaaa");
}

TEST_CASE("a file that lies there whole from the start is missed when it goes") {
  temporary_folder dir;
  dir.put("f", "data");
  storage s(dir.path(), file_map({{"f", 4}}));
  REQUIRE_FALSE(s.prepare());
  fs::remove(dir / "f");
  CHECK(s.write(0, as_bytes("DATA")) == std::errc::no_such_file_or_directory);
  CHECK_FALSE(fs::exists(dir / "f"));
}

TEST_CASE("a part of a file that lies there is missed as well when it goes") {
  temporary_folder dir;
  auto const file = file_map({{"f", 8}});
  for (bool const gone : {true, false}) {
    dir.put("f", "data");
    storage s(dir.path(), file);
    REQUIRE_FALSE(s.prepare());
    gone ? (void)fs::remove(dir / "f") : fs::resize_file(dir / "f", 1);
    CHECK(s.write(4, as_bytes("DATA")) == (gone ? std::errc::no_such_file_or_directory
                                                : std::errc::no_message_available));
    CHECK(fs::exists(dir / "f") == !gone);
  }
  dir.put("f", "data");
  storage s(dir.path(), file);
  REQUIRE_FALSE(s.prepare());
  REQUIRE_FALSE(s.write(6, as_bytes("TA")));
  CHECK(dir.get("f") == std::string("data\0\0TA", 8));
}

TEST_CASE("a full disk is an error code with a sentence") {
  if (!fs::exists("/dev/full")) return; // the device whose disk is always full
  storage s("/dev", file_map({{"full", 4096}}));
  buffer const data(4096, std::byte{1});
  auto const e = s.write(0, data);
  CHECK(e == std::errc::no_space_on_device);
  CHECK_THAT(s.where(e), ContainsSubstring("/dev/full"));
  CHECK_THAT(s.where(e), ContainsSubstring("free some space"));
}

TEST_CASE("what lies there is told without reading") {
  temporary_folder dir;
  storage s(dir.path(), file_map({{"f", 1 << 20}, {"pad", 100, true}, {"g", 100}}));
  CHECK(s.look(0, 100) == storage::content::absent);
  REQUIRE_FALSE(s.write(512 * 1024, as_bytes("x")));
  CHECK(s.look(512 * 1024, 10) == storage::content::data);
  CHECK(s.look((1 << 20), 100) == storage::content::hole);       // padding
  CHECK(s.look((1 << 20) - 1, 200) == storage::content::absent); // g is missing
  fs::resize_file(dir / "f", 1000);
  CHECK(s.look(900, 101) == storage::content::absent); // too short
}

TEST_CASE("few descriptors serve many files from many threads") {
  temporary_folder dir;
  std::vector<storage_file> files;
  for (int i = 0; i < 40; ++i) files.push_back({"f" + std::to_string(i), 1000});
  storage s(dir.path(), file_map(files), 5);
  auto work = [&s](char letter, std::uint64_t from) {
    std::string const text(500, letter);
    std::string back(500, '?');
    for (int round = 0; round < 5; ++round)
      for (std::uint64_t i = 0; i < 40; ++i) {
        if (s.write(i * 1000 + from, as_bytes(text))) return;
        if (s.read(i * 1000 + from, std::as_writable_bytes(std::span(back)))) return;
        if (back != text) return;
      }
    if (!s.write(from, as_bytes("done"))) s.flush();
  };
  std::thread one(work, 'x', 0), two(work, 'y', 500);
  one.join();
  two.join();
  CHECK(s.open_count() <= 5);
  s.rest();
  CHECK(s.open_count() == 0);
  CHECK(dir.get("f0") == "done" + std::string(496, 'x') + "done" + std::string(496, 'y'));
  CHECK(dir.get("f39") == std::string(500, 'x') + std::string(500, 'y'));
}

TEST_CASE("a folder that cannot be written to is told before anything comes") {
  temporary_folder dir;
  fs::permissions(dir.path(), reading);
  storage s(dir.path(), file_map({{"a", 4}}));
  std::error_code e;
  {
    not_root const other;
    e = s.prepare();
  }
  fs::permissions(dir.path(), fs::perms::owner_all);
  REQUIRE(e == std::errc::permission_denied);
  CHECK_THAT(s.where(e), ContainsSubstring((dir / "a").string()) &&
                             ContainsSubstring("choose another folder"));
}

TEST_CASE("a file that cannot be written is told where a byte of it lacks") {
  temporary_folder dir;
  dir.put("short", "ab");
  dir.put("whole", "abcd");
  dir.put("empty", "");
  fs::permissions(dir.path(), reading);
  for (auto const* name : {"short", "whole", "empty"})
    fs::permissions(dir / name, fs::perms::owner_read | fs::perms::others_read);
  storage whole(dir.path(), file_map({{"whole", 4}, {"empty", 0}}));
  std::error_code short_file, prepared, missing_byte;
  {
    not_root const other;
    short_file = prepare_with(dir, {"short", 4});
    prepared = whole.prepare();
    missing_byte = whole.may_write(0);
  }
  fs::permissions(dir.path(), fs::perms::owner_all);
  CHECK(short_file == std::errc::permission_denied);
  CHECK_FALSE(prepared); // all of it may be there
  CHECK(missing_byte == std::errc::permission_denied);
  CHECK_THAT(whole.where(missing_byte), ContainsSubstring("cannot write"));
}

TEST_CASE("what is no folder and has its name is told") {
  temporary_folder dir;
  dir.put("file", "");
  fs::create_symlink("nowhere", dir / "link");
  for (std::string const root : {"file", "link"}) {
    storage s(dir / root, file_map({{"a", 4}}));
    auto const e = s.prepare();
    CHECK(e);
    CHECK_THAT(s.where(e), ContainsSubstring("is no folder; move that away"));
  }
}

TEST_CASE("what is no plain file is named for what it is") {
  temporary_folder dir;
  storage s(dir.path(), file_map({{"f", 4}}));
  SECTION("a pipe") {
    REQUIRE(::mkfifo((dir / "f").c_str(), 0600) == 0);
    auto const e = s.prepare();
    CHECK_THAT(s.where(e), ContainsSubstring("it is a named pipe (FIFO)"));
    CHECK(s.write(0, as_bytes("abcd"))); // and nothing hangs
  }
  SECTION("a device") {
    if (::mknod((dir / "f").c_str(), S_IFCHR | 0600, makedev(1, 3)) != 0) return;
    auto const e = s.prepare();
    CHECK_THAT(s.where(e), ContainsSubstring("it is a device"));
  }
}

TEST_CASE("a link of the torrent is made and what is right already is left") {
  temporary_folder dir;
  file_map const files({{"t/sub/l", 0, false, false, "../f"}, {"t/f", 4}});
  storage s(dir.path(), files);
  REQUIRE_FALSE(s.prepare());
  REQUIRE_FALSE(s.prepare());
  CHECK(fs::read_symlink(dir / "t/sub/l") == "../f");
  CHECK(s.exists(0));
  CHECK(s.untouched(0));
  REQUIRE_FALSE(s.write(0, as_bytes("abcd")));
  CHECK(dir.get("t/sub/l") == "abcd"); // through the link
  CHECK_FALSE(s.flush());
}

TEST_CASE("what lies in the place of a link is told and never written to") {
  temporary_folder dir;
  storage s(dir.path(), file_map({{"l", 0, false, true, "f"}, {"f", 4}}));
  std::string there;
  SECTION("a plain file") {
    dir.put("l", there = "my diary");
    CHECK_THAT(s.where(s.prepare()), ContainsSubstring("symbolic link to f there, but it "
                                                       "is a plain file"));
    CHECK(dir.get("l") == there);
  }
  SECTION("a link to another place") {
    fs::create_symlink("/etc", dir / "l");
    CHECK_THAT(s.where(s.prepare()), ContainsSubstring("is a link to another place"));
    CHECK(fs::read_symlink(dir / "l") == "/etc");
  }
  SECTION("a folder") {
    fs::create_directory(dir / "l");
    CHECK_THAT(s.where(s.prepare()), ContainsSubstring("is a folder"));
  }
}

TEST_CASE("a link that nobody wants is not made") {
  temporary_folder dir;
  storage s(dir.path(), file_map({{"l", 0, false, false, "f"}, {"f", 4}}));
  s.set_wanted(0, false);
  REQUIRE_FALSE(s.prepare());
  CHECK_FALSE(fs::is_symlink(fs::symlink_status(dir / "l")));
}

TEST_CASE("names of our own files are no names for a torrent's") {
  CHECK(is_reserved_name(".cotorra-0123.resume"));
  CHECK(is_reserved_name(".COTORRA-0123.resume"));
  CHECK(is_reserved_name(".coto\u200drra-x"));            // some disks pass over it
  CHECK(is_reserved_name("holiday/.cotorra-0123.parts")); // another torrent's folder
  CHECK_FALSE(is_reserved_name("holiday/a/cotorra-x"));
  CHECK_FALSE(is_reserved_name("cotorra-0123.resume"));
  CHECK_FALSE(is_reserved_name(".cotorra"));
  temporary_folder dir;
  storage s(dir.path(), file_map({{".cotorra-0123.resume", 4}}));
  auto const e = s.prepare();
  CHECK_THAT(s.where(e), ContainsSubstring(".cotorra- are kept for cotorra's own files"));
  CHECK(s.write(0, as_bytes("abcd")) == std::errc::operation_not_permitted);
  CHECK(fs::is_empty(dir.path()));
}

TEST_CASE("a flush ends in time and remembers what it did not get to") {
  temporary_folder dir;
  storage s(dir.path(), some_files());
  REQUIRE_FALSE(s.write(0, buffer(18)));
  CHECK_FALSE(s.flush(std::chrono::milliseconds(0)));
  CHECK_FALSE(s.is_flushed(0));
  CHECK_FALSE(s.flush());
  CHECK(s.is_flushed(0));
  CHECK(s.is_flushed(4));
}

TEST_CASE("with few descriptors left others are closed and the work goes on") {
  temporary_folder dir;
  std::vector<storage_file> many;
  for (int i = 0; i < 200; ++i) many.push_back({fmt::format("{}/f", i), 1});
  storage s(dir.path(), file_map(std::move(many)), 500);
  rlimit old{};
  REQUIRE(::getrlimit(RLIMIT_NOFILE, &old) == 0);
  rlimit const tight{64, old.rlim_max};
  REQUIRE(::setrlimit(RLIMIT_NOFILE, &tight) == 0);
  auto const prepared = s.prepare();
  auto const written = s.write(0, buffer(200, std::byte{7}));
  buffer read(200);
  auto const result = s.read(0, read);
  ::setrlimit(RLIMIT_NOFILE, &old);
  CHECK_FALSE(prepared);
  CHECK_FALSE(written);
  CHECK_FALSE(result);
  CHECK(read == buffer(200, std::byte{7}));
}

TEST_CASE("an error is told in the words of that error") {
  temporary_folder dir;
  storage s(dir.path(), file_map({{"f", 4}}));
  buffer four(4);
  auto const missing = s.read(0, four);
  CHECK_THAT(s.where(missing), ContainsSubstring("it is not there"));
  auto const memory = std::make_error_code(std::errc::not_enough_memory);
  CHECK_THAT(s.where(memory), !ContainsSubstring("it is not there") &&
                                  ContainsSubstring("close other programs"));
}
