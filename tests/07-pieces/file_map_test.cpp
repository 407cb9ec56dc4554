// Which files lie under which bytes. Drawn: each letter is a byte of that file.
#include "07-pieces/print.hpp"
#include "piece/file_map.hpp"
#include "support/story.hpp"
#include <fmt/format.h>

using namespace cotorra;
using namespace cotorra::piece;
using slices = std::vector<file_slice>;

namespace {
// aaa|bbbbb||ccc|dddd: b is cut by pieces, the third is empty
file_map five() {
  return file_map({{"a", 3}, {"b", 5}, {"empty", 0}, {"c", 3}, {"d", 4}});
}

std::string told(file_map const& files, slices const& found) {
  std::string out;
  for (file_slice const& s : found)
    out += fmt::format("{}{} of {} from {}", out.empty() ? "" : ", ", s.length,
                       files[s.file].path, s.offset);
  return out.empty() ? "nothing" : out;
}
} // namespace

TEST_CASE("a piece lies in the files that are under it") {
  file_map const files = five();
  test::story s;
  s.given("five files, end to end: aaa bbbbb (an empty one) ccc dddd");
  auto const expect = [&](std::string text, std::uint64_t offset, std::uint64_t length,
                          std::string wanted) {
    std::string const found = told(files, files.slices(offset, length));
    s.expect(std::move(text) + ": " + wanted, found == wanted, found);
  };
  expect("bytes 0 to 1", 0, 2, "2 of a from 0");
  expect("bytes 4 to 5", 4, 2, "2 of b from 1");
  expect("bytes 2 to 3", 2, 2, "1 of a from 2, 1 of b from 0");
  expect("bytes 7 to 11", 7, 5, "1 of b from 4, 3 of c from 0, 1 of d from 0");
}

TEST_CASE("files of more than 4 GiB are cut at their borders, too") {
  file_map const files({{"a", 5368709120}, {"b", 3221225472}});
  test::story s;
  s.given("two files, end to end: a of 5368709120 bytes, b of 3221225472");
  auto const expect = [&](std::string text, std::uint64_t offset, std::uint64_t length,
                          std::string wanted) {
    std::string const found = told(files, files.slices(offset, length));
    s.expect(std::move(text) + ": " + wanted, found == wanted, found);
  };
  expect("2 bytes from 3000000000", 3000000000, 2, "2 of a from 3000000000");
  expect("2 bytes from 5000000000", 5000000000, 2, "2 of a from 5000000000");
  expect("2 bytes from 5368709119", 5368709119, 2,
         "1 of a from 5368709119, 1 of b from 0");
  expect("all", 0, 8589934592, "5368709120 of a from 0, 3221225472 of b from 0");
}

TEST_CASE("a range inside one file is one slice") {
  CHECK(five().slices(4, 2) == slices{{1, 1, 2}});
  CHECK(five().slices(3, 5) == slices{{1, 0, 5}}); // from border to border
}

TEST_CASE("a range over borders is cut there") {
  CHECK(five().slices(2, 2) == slices{{0, 2, 1}, {1, 0, 1}});
  CHECK(five().slices(0, 15) == slices{{0, 0, 3}, {1, 0, 5}, {3, 0, 3}, {4, 0, 4}});
}

TEST_CASE("an empty file has no slice wherever it lies") {
  CHECK(five().slices(7, 2) == slices{{1, 4, 1}, {3, 0, 1}});
  CHECK(five().slices(8, 1) == slices{{3, 0, 1}});
  file_map const ends({{"first", 0}, {"x", 2}, {"last", 0}});
  CHECK(ends.slices(0, 2) == slices{{1, 0, 2}});
}

TEST_CASE("an empty range has no slices") {
  auto const found = [](file_map const& files, std::uint64_t offset) {
    return told(files, files.slices(offset, 0));
  };
  CHECK(found(five(), 5) == "nothing");
  CHECK(found(five(), 15) == "nothing");
  CHECK(found(file_map({}), 0) == "nothing");
  CHECK(found(file_map({{"nothing", 0}}), 0) == "nothing");
}

TEST_CASE("every range gives back its own bytes") {
  file_map const m = five();
  for (std::uint64_t from = 0; from <= 15; ++from)
    for (std::uint64_t length = 0; from + length <= 15; ++length) {
      INFO(length << " bytes from " << from);
      std::uint64_t at = from;
      for (file_slice const& s : m.slices(from, length)) {
        REQUIRE(s.length > 0);
        REQUIRE(m.offset(s.file) + s.offset == at);
        REQUIRE(s.offset + s.length <= m[s.file].length);
        at += s.length;
      }
      REQUIRE(at == from + length);
    }
}

TEST_CASE("files know their pieces and pieces their files") {
  file_map const m = five();
  piece_layout const l(m.total_length(), 4); // aaab|bbbb|cccd|ddd
  CHECK(m.pieces_of(0, l) == index_range<piece_index>{0, 1});
  CHECK(m.pieces_of(1, l) == index_range<piece_index>{0, 2});
  CHECK(m.pieces_of(2, l).empty());
  CHECK(m.pieces_of(3, l) == index_range<piece_index>{2, 3});
  CHECK(m.pieces_of(4, l) == index_range<piece_index>{2, 4});
  CHECK(m.files_of(0, l) == index_range<std::size_t>{0, 2});
  CHECK(m.files_of(1, l) == index_range<std::size_t>{1, 2});
  CHECK(m.files_of(2, l) == index_range<std::size_t>{3, 5});
  CHECK(m.files_of(3, l) == index_range<std::size_t>{4, 5});
}
