// Where bytes lie while a file is not complete, and where those of unwanted files do.
#include "07-pieces/print.hpp"
#include "piece/file_carriers.hpp"
#include "piece/file_locations.hpp"
#include "piece/part_index.hpp"
#include "piece/storage.hpp"
#include "support/temporary_folder.hpp"

using namespace cotorra;
using namespace cotorra::piece;
using test::temporary_folder;
namespace fs = std::filesystem;
using Catch::Matchers::ContainsSubstring;

namespace {

constexpr char const* parts = ".cotorra-x.parts";

// Pieces of 4 bytes: aaaa aabb bbbb cccc
file_map three_files() { return file_map({{"t/a", 6}, {"t/b", 6}, {"t/c", 4}}); }
piece_layout const layout(16, 4);

struct desk {
  temporary_folder dir;
  storage s{dir.path(), three_files()};
  desk() { set(s); }
  void set(storage& to) const {
    to.use_part_names(true);
    to.use_part_file(parts);
  }
  std::error_code begin(std::string_view here = "....") {
    bitfield pieces(4);
    for (std::size_t i = 0; i < 4; ++i)
      if (here[i] == 'x') pieces.set(i);
    return s.begin(layout, pieces, std::vector<bool>(3));
  }
  std::string read(std::uint64_t offset, std::size_t length) {
    std::string text(length, '?');
    auto const e = s.read(offset, std::as_writable_bytes(std::span(text)));
    return e ? "none" : text;
  }
  std::string names() const {
    std::string all;
    for (char const* n : {"a", "a.part", "b", "b.part", "c", "c.part"})
      if (fs::exists(dir / ("t/" + std::string(n)))) all += std::string(n) + " ";
    return all + (fs::exists(dir / parts) ? "parts" : "");
  }
};

} // namespace

TEST_CASE("a file has .part behind its name until its last byte has come") {
  desk d;
  REQUIRE_FALSE(d.s.prepare());
  REQUIRE_FALSE(d.begin());
  REQUIRE_FALSE(d.s.write(0, as_bytes("aaaa")));
  CHECK(d.names() == "a.part ");
  CHECK(d.s.path(0) == "t/a.part");
  CHECK(d.read(0, 4) == "aaaa");
  REQUIRE_FALSE(d.s.write(4, as_bytes("aabb")));
  CHECK(d.names() == "a b.part ");
  CHECK(d.dir.get("t/a") == "aaaaaa");
  CHECK(d.s.untouched(0));
  REQUIRE_FALSE(d.s.write(8, as_bytes("bbbbcccc")));
  CHECK(d.names() == "a b c ");
  CHECK_FALSE(d.s.flush());
  CHECK(d.read(0, 16) == "aaaaaabbbbbbcccc");
}

TEST_CASE("a later run goes on with a .part and finishes what is complete in it") {
  desk d;
  fs::create_directory(d.dir / "t");
  d.dir.put("t/a.part", "aaaaaa");
  d.dir.put("t/b.part", "bb");
  d.s.use_part_names(false); // what is there counts
  REQUIRE_FALSE(d.s.prepare());
  CHECK(d.read(0, 8) == "aaaaaabb");
  REQUIRE_FALSE(d.begin("xx.."));
  CHECK(d.names() == "a b.part ");
  REQUIRE_FALSE(d.s.write(8, as_bytes("bbbb")));
  CHECK(d.names() == "a b ");
}

TEST_CASE("a file under its own name is gone on with there") {
  desk d;
  fs::create_directory(d.dir / "t");
  d.dir.put("t/a", "aaaa..");
  REQUIRE_FALSE(d.s.prepare());
  REQUIRE_FALSE(d.begin("x..."));
  REQUIRE_FALSE(d.s.write(4, as_bytes("aabb")));
  CHECK(d.dir.get("t/a") == "aaaaaa");
}

TEST_CASE("a file of the user's is never replaced by one that is complete") {
  desk d;
  REQUIRE_FALSE(d.s.prepare());
  REQUIRE_FALSE(d.begin());
  REQUIRE_FALSE(d.s.write(0, as_bytes("aaaa")));
  d.dir.put("t/a", "my diary"); // meanwhile
  auto const e = d.s.write(4, as_bytes("aabb"));
  CHECK(e == std::errc::file_exists);
  CHECK_THAT(d.s.where(e), ContainsSubstring("\"a.part\" is there too"));
  CHECK(d.dir.get("t/a") == "my diary");
  d.s.close();
  CHECK(d.s.prepare() == std::errc::file_exists);
}

TEST_CASE("a file with bytes and no right piece is not written over") {
  desk d;
  fs::create_directory(d.dir / "t");
  d.dir.put("t/b", "diary!");
  REQUIRE_FALSE(d.s.prepare());
  SECTION("and is named") {
    auto const e = d.begin();
    CHECK_THAT(d.s.where(e), ContainsSubstring((d.dir / "t/b").string()) &&
                                 ContainsSubstring("--overwrite"));
  }
  SECTION("but when the user says so") {
    d.s.set_overwrite(true);
    CHECK_FALSE(d.begin());
  }
  SECTION("but when an earlier run has written it") {
    CHECK_FALSE(d.s.begin(layout, bitfield(4), {false, true, false}));
  }
  SECTION("but when one piece of it is right") { CHECK_FALSE(d.begin("..x.")); }
  SECTION("but when nobody wants it") {
    d.s.set_wanted(1, false);
    CHECK_FALSE(d.begin());
  }
}

TEST_CASE("a file of a hole alone holds nothing to be kept") {
  desk d;
  fs::create_directory(d.dir / "t");
  d.dir.put("t/b", "");
  fs::resize_file(d.dir / "t/b", 6);
  REQUIRE_FALSE(d.s.prepare());
  CHECK_FALSE(d.begin());
}

TEST_CASE("a file that is too long is cut when it may be and keeps what is right") {
  desk d;
  fs::create_directory(d.dir / "t");
  d.dir.put("t/a", "aaaaaa and more");
  CHECK(d.s.prepare() == std::errc::file_too_large);
  d.s.set_overwrite(true);
  REQUIRE_FALSE(d.s.prepare());
  CHECK(d.dir.get("t/a") == "aaaaaa and more"); // not before the check
  REQUIRE_FALSE(d.begin("x..."));
  CHECK(d.dir.get("t/a") == "aaaaaa");
  CHECK(d.s.untouched(0));
}

TEST_CASE("a file of the user's that is not selected is never written into") {
  desk d;
  fs::create_directory(d.dir / "t");
  d.dir.put("t/b", "mine");
  d.s.set_wanted(1, false);
  REQUIRE_FALSE(d.s.prepare());
  REQUIRE_FALSE(d.begin());
  REQUIRE_FALSE(d.s.write(4, as_bytes("aabb")));
  CHECK(d.dir.get("t/b") == "mine");
  CHECK(d.read(4, 4) == "aabb");
}

TEST_CASE("an empty file that has bytes is cut as any other") {
  temporary_folder dir;
  fs::create_directory(dir / "t");
  dir.put("t/empty", "hi");
  storage s(dir.path(), file_map({{"t/empty", 0}, {"t/b", 4}}));
  CHECK(s.prepare() == std::errc::file_too_large);
  s.set_overwrite(true);
  REQUIRE_FALSE(s.prepare());
  REQUIRE_FALSE(s.begin(piece_layout(4, 4), bitfield(1), std::vector<bool>(2)));
  CHECK(fs::file_size(dir / "t/empty") == 0);
}

TEST_CASE("bytes of unwanted files go into one part file and are read from there") {
  desk d;
  d.s.set_wanted(0, false);
  d.s.set_wanted(2, false);
  REQUIRE_FALSE(d.s.prepare());
  REQUIRE_FALSE(d.begin());
  REQUIRE_FALSE(d.s.write(4, as_bytes("AABB")));
  REQUIRE_FALSE(d.s.write(8, as_bytes("BBBB")));
  CHECK(d.names() == "b parts");
  CHECK(fs::file_size(d.dir / parts) == part_head_size + 2);
  CHECK(d.read(4, 8) == "AABBBBBB");
  CHECK(d.read(0, 4) == "none");
  CHECK(d.s.untouched(0));
  CHECK_FALSE(d.s.flush());
  CHECK(d.s.stamp(0));
  CHECK_FALSE(d.s.stamp(2));
  storage later(d.dir.path(), three_files()); // as verify does
  later.use_part_file(parts);
  std::string four(4, '?');
  CHECK_FALSE(later.read(4, std::as_writable_bytes(std::span(four))));
  CHECK(four == "AABB");
  CHECK(later.look(4, 4) == storage::content::data);
  CHECK(later.look(0, 4) == storage::content::absent);
}

TEST_CASE("a file that is wanted later takes its bytes out of the part file") {
  desk d;
  d.s.set_wanted(0, false);
  REQUIRE_FALSE(d.s.prepare());
  REQUIRE_FALSE(d.begin());
  REQUIRE_FALSE(d.s.write(4, as_bytes("AABB")));
  storage later(d.dir.path(), three_files());
  d.set(later);
  REQUIRE_FALSE(later.prepare());
  CHECK(d.names() == "a.part b.part ");
  std::string four(4, '?');
  CHECK_FALSE(later.read(4, std::as_writable_bytes(std::span(four))));
  CHECK(four == "AABB");
}

TEST_CASE("without a part file an unwanted file is made after all") {
  desk d;
  d.s.use_part_file("");
  d.s.set_wanted(0, false);
  REQUIRE_FALSE(d.s.prepare());
  REQUIRE_FALSE(d.s.write(4, as_bytes("AABB")));
  CHECK(d.read(4, 4) == "AABB");
}

TEST_CASE("a head of the part file is read back and nothing else is one") {
  part_record const r{0x0102030405060708, 9};
  buffer const wire = encode(r);
  REQUIRE(wire.size() == part_head_size);
  CHECK(decode_part_record(wire) == r);
  CHECK_FALSE(decode_part_record(bytes(wire).first(15)));
  for (std::size_t i = 0; i < 4; ++i) {
    buffer other = wire;
    other[i] ^= std::byte{1};
    CHECK_FALSE(decode_part_record(other));
  }
  CHECK_FALSE(decode_part_record(encode({5, 0})));
}

TEST_CASE("the index finds what one record has and no more") {
  part_index p;
  p.add({100, 10});
  p.add({200, 5});
  CHECK(p.find(100, 10) == std::optional<std::uint64_t>(16));
  CHECK(p.find(103, 2) == std::optional<std::uint64_t>(19));
  CHECK(p.find(200, 5) == std::optional<std::uint64_t>(16 + 10 + 16));
  CHECK_FALSE(p.find(100, 11));
  CHECK_FALSE(p.find(99, 1));
  CHECK_FALSE(p.find(110, 1));
  CHECK(p.any(90, 11));
  CHECK_FALSE(p.any(101, 99));
  CHECK(p.end() == 16 + 10 + 16 + 5);
}

TEST_CASE("a part name that is another file's or too long is none") {
  file_map const files({{"a", 1},
                        {"A.part", 1},
                        {"b", 1},
                        {"b.part/x", 1},
                        {std::string(252, 'n'), 1},
                        {"d/" + std::string(250, 'n'), 1},
                        {"empty", 0}});
  file_locations const p(files);
  std::string has;
  for (std::size_t f = 0; f < files.size(); ++f) has += p.has_part_name(f) ? 'x' : '.';
  CHECK(has == ".x.x.x.");
}

TEST_CASE("a file of the user's in the place of the part file is left alone") {
  for (std::string const text : {"my own notes", "", "cpr"}) {
    desk d;
    d.dir.put(parts, text);
    REQUIRE_FALSE(d.s.prepare()); // nothing is left in it that would be needed
    CHECK(d.dir.get(parts) == text);
    storage later(d.dir.path(), three_files());
    d.set(later);
    later.set_wanted(0, false);
    REQUIRE_FALSE(later.prepare());
    REQUIRE_FALSE(later.begin(layout, bitfield(4), std::vector<bool>(3)));
    std::error_code const error = later.write(4, as_bytes("AABB"));
    CHECK(d.dir.get(parts).starts_with(text));
    if (text.empty()) continue;
    CHECK(error);
    CHECK_THAT(later.where(error),
               ContainsSubstring("another file has that name; move away"));
  }
}

TEST_CASE("a part file of ours that was cut short is ours to delete") {
  desk d;
  d.dir.put(parts, std::string(as_text(encode({0, 9}))) + "four");
  REQUIRE_FALSE(d.s.prepare());
  CHECK(d.names() == "");
}
