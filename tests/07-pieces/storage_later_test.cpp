// A storage that finds what an earlier run left, and what it may do with it.
#include "07-pieces/print.hpp"
#include "piece/part_index.hpp"
#include "piece/storage.hpp"
#include "support/not_root.hpp"
#include "support/temporary_folder.hpp"
#include <fmt/format.h>
#include <sys/stat.h>

using namespace cotorra;
using namespace cotorra::piece;
using test::not_root;
using test::temporary_folder;
namespace fs = std::filesystem;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr char const* parts = ".cotorra-x.parts";
constexpr std::string_view content = "aaaaaabbbbbbcccc";

// Pieces of 4 bytes: aaaa aabb bbbb cccc
piece_layout const layout(16, 4);
file_map three_files() { return file_map({{"a", 6}, {"b", 6}, {"c", 4}}); }

bitfield pieces_of_mask(unsigned mask) {
  bitfield b(4);
  for (unsigned i = 0; i < 4; ++i)
    if ((mask >> i & 1) != 0) b.set(i);
  return b;
}

// Which of the files should be complete with these pieces.
std::string complete(unsigned mask) {
  std::string names;
  if ((mask & 3) == 3) names += 'a';
  if ((mask & 6) == 6) names += 'b';
  if ((mask & 8) == 8) names += 'c';
  return names;
}

std::string finished(temporary_folder const& dir) {
  std::string names;
  for (char const* name : {"a", "b", "c"})
    if (fs::exists(dir / name)) names += name;
  return names;
}

fs::perms mode_after_write(fs::perms before, bool executable) {
  temporary_folder dir;
  fs::permissions(dir.put("f", "ab"), before);
  storage s(dir.path(), file_map({{"f", 4, false, executable}}));
  REQUIRE_FALSE(s.write(0, as_bytes("abcd")));
  return fs::status(dir / "f").permissions();
}

} // namespace

TEST_CASE("whatever pieces are here, a file gets its name with the last that it lacks") {
  for (unsigned here = 0; here < 16; ++here) {
    INFO("pieces " << here);
    temporary_folder dir;
    for (char const* name : {"a.part", "b.part", "c.part"}) dir.put(name, "");
    storage s(dir.path(), three_files());
    REQUIRE_FALSE(s.prepare());
    REQUIRE_FALSE(s.begin(layout, pieces_of_mask(here), std::vector<bool>(3)));
    CHECK(finished(dir) == complete(here));
    for (unsigned i = 0; i < 4; ++i) {
      if ((here >> i & 1) != 0) continue;
      REQUIRE_FALSE(s.write(4 * i, as_bytes(content.substr(4 * i, 4))));
      here |= 1U << i;
      CHECK(finished(dir) == complete(here));
    }
  }
}

TEST_CASE("a file that lacks a single byte gets its name with it, and not before") {
  temporary_folder dir;
  storage s(dir.path(), file_map({{"a", 5}, {"b", 3}}));
  s.use_part_names(true);
  REQUIRE_FALSE(s.prepare());
  REQUIRE_FALSE(s.begin(piece_layout(8, 4), bitfield(2), std::vector<bool>(2)));
  REQUIRE_FALSE(s.write(0, as_bytes("aaaa")));
  CHECK(finished(dir) == "");
  REQUIRE_FALSE(s.write(4, as_bytes("abbb")));
  CHECK(finished(dir) == "ab");
}

TEST_CASE("bytes without a right piece are the user's, but not under a .part name") {
  temporary_folder dir;
  storage s(dir.path(), three_files());
  bool foreign = false;
  SECTION("in a .part file") { dir.put("b.part", "junk!!"); }
  SECTION("in a file with its own name") { foreign = !dir.put("b", "junk!!").empty(); }
  SECTION("a single one") { foreign = !dir.put("b", "j").empty(); }
  SECTION("none at all") { dir.put("b", ""); }
  REQUIRE_FALSE(s.prepare());
  auto const e = s.begin(layout, bitfield(4), std::vector<bool>(3));
  CHECK(e == (foreign ? std::make_error_code(std::errc::operation_canceled)
                      : std::error_code()));
}

TEST_CASE("a link of the torrent is no file of the user's") {
  temporary_folder dir;
  storage s(dir.path(), file_map({{"l", 0, false, false, "f"}, {"f", 16}}));
  REQUIRE_FALSE(s.prepare());
  CHECK_FALSE(s.begin(layout, bitfield(4), std::vector<bool>(2)));
  CHECK(fs::is_symlink(dir / "l"));
}

TEST_CASE("a file that is too long and not wanted is not cut") {
  temporary_folder dir;
  dir.put("b", "bbbbbb and more");
  storage s(dir.path(), three_files());
  s.use_part_file(parts);
  s.set_wanted(1, false);
  s.set_overwrite(true);
  REQUIRE_FALSE(s.prepare());
  REQUIRE_FALSE(s.begin(layout, bitfield(4), std::vector<bool>(3)));
  CHECK(dir.get("b") == "bbbbbb and more");
}

TEST_CASE("a symbolic link in the place of the part file is left alone") {
  temporary_folder dir, outside;
  outside.put("notes", std::string(as_text(encode({0, 9}))));
  fs::create_symlink(outside / "notes", dir / parts);
  storage s(dir.path(), three_files());
  s.use_part_file(parts);
  REQUIRE_FALSE(s.prepare());
  CHECK(fs::is_symlink(dir / parts));
  CHECK(fs::exists(outside / "notes"));
}

TEST_CASE("a part file of an earlier run is kept and watched while it is needed") {
  temporary_folder dir;
  for (bool const first : {true, false}) {
    storage s(dir.path(), three_files());
    s.use_part_file(parts);
    s.set_wanted(0, false);
    REQUIRE_FALSE(s.prepare());
    if (first) REQUIRE_FALSE(s.write(4, as_bytes("aabb")));
    CHECK(s.path(0) == parts);
    CHECK(s.untouched(0));
    std::ofstream(dir / parts, std::ios::app) << "!";
    CHECK_FALSE(s.untouched(0));
    CHECK(s.who_was_touched().starts_with(
        fmt::format("cannot finish \"{}\": another program", (dir / "a").string())));
  }
}

TEST_CASE("a file that another process wrote is flushed with the next flush") {
  temporary_folder dir;
  dir.put("a", "aaaaaa");
  storage s(dir.path(), three_files());
  REQUIRE_FALSE(s.prepare());
  CHECK(s.is_flushed(0));
  s.flush_next(0);
  CHECK_FALSE(s.is_flushed(0));
  CHECK(s.is_flushed(1));
  CHECK_FALSE(s.flush());
  CHECK(s.is_flushed(0));
}

TEST_CASE("a flush names the first file that it cannot open, and does the others") {
  temporary_folder dir;
  storage s(dir.path(), three_files());
  REQUIRE_FALSE(s.write(0, as_bytes(content)));
  s.rest();              // now it must open them again
  fs::remove(dir / "a"); // no matter: it has no byte to be flushed
  for (char const* name : {"b", "c"}) {
    fs::remove(dir / name);
    fs::create_symlink("nowhere", dir / name);
  }
  auto const e = s.flush();
  CHECK(e == std::errc::too_many_symbolic_link_levels);
  CHECK_THAT(s.where(e), ContainsSubstring("cannot flush \"" + (dir / "b").string()));
  CHECK_FALSE(s.flush()); // each is told once
}

TEST_CASE("those who may read an executable file may run it, and nobody else") {
  CHECK(mode_after_write(fs::perms(0640), true) == fs::perms(0750));
  CHECK(mode_after_write(fs::perms(0604), true) == fs::perms(0705));
  CHECK(mode_after_write(fs::perms(0644), false) == fs::perms(0644));
}

TEST_CASE("a range has data where one of its files has, and else is a hole") {
  temporary_folder dir;
  constexpr std::uint64_t size = 1 << 20, middle = size / 2;
  storage s(dir.path(), file_map({{"f", size}, {"g", size}}));
  REQUIRE_FALSE(s.write(middle, as_bytes("x")));
  REQUIRE_FALSE(s.write(size + middle, as_bytes("x")));
  fs::resize_file(dir / "g", 0);
  fs::resize_file(dir / "g", size);
  CHECK(s.look(0, 2 * size) == storage::content::data);
  CHECK(s.look(size, size) == storage::content::hole);
  CHECK(s.look(size - 4096, 8192) == storage::content::hole);
  CHECK(s.look(0, middle) == storage::content::hole); // up to the byte before
  CHECK(s.look(0, middle + 1) == storage::content::data);
}

TEST_CASE("what was a hole a moment ago says nothing of the next file") {
  temporary_folder dir;
  storage s(dir.path(), file_map({{"hole", 4096}, {"data", 4096}}));
  dir.put("hole", "");
  fs::resize_file(dir / "hole", 4096);
  dir.put("data", std::string(4096, 'x'));
  CHECK(s.look(0, 4096) == storage::content::hole);
  CHECK(s.look(4096, 4096) == storage::content::data);
  CHECK(s.look(0, 8192) == storage::content::data);
}

TEST_CASE("a file that the torrent's bytes can still go to is asked about before") {
  temporary_folder dir;
  dir.put("whole", "abcd");
  dir.put("short", "ab");
  dir.put("mine", "ab");
  storage s(dir.path(), file_map({{"whole", 4},
                                  {"short", 4},
                                  {"mine", 2},
                                  {"pad", 2, true},
                                  {"link", 0, false, false, "whole"},
                                  {"new", 4},
                                  {"far", 4}}));
  s.use_part_file(parts);
  s.set_wanted(2, false);
  s.set_wanted(6, false);
  REQUIRE_FALSE(s.prepare());
  for (auto const* name : {"whole", "short", "mine"})
    fs::permissions(dir / name, fs::perms(0444));
  fs::permissions(dir.path(), fs::perms(0555));
  std::string refused;
  {
    not_root const other;
    for (std::size_t f = 0; f < 7; ++f) refused += s.may_write(f) ? 'x' : '.';
  }
  fs::permissions(dir.path(), fs::perms::owner_all);
  // prepare() has asked already about those that are short or new
  CHECK(refused == "x.x....");
}
