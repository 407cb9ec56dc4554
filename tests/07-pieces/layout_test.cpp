// A torrent is pieces, a piece is blocks, and only the last ones are short.
#include "07-pieces/print.hpp"
#include "piece/layout.hpp"
#include "support/story.hpp"
#include <fmt/format.h>

using namespace cotorra;
using namespace cotorra::piece;

namespace {

// "piece 1: 16384 at 0, 3616 at 16384", the lengths and beginnings of its blocks.
std::string blocks_of(piece_layout const& l, piece_index piece) {
  std::string out = fmt::format("piece {}:", piece);
  for (std::uint32_t n = 0; n < l.block_count(piece); ++n)
    out += fmt::format("{} {} at {}", n == 0 ? "" : ",", l.block_at(piece, n).length,
                       l.block_at(piece, n).begin);
  return out;
}

void expect_blocks(test::story& s, piece_layout const& l, std::string const& wanted,
                   piece_index piece) {
  std::string const found = blocks_of(l, piece);
  s.expect("blocks of " + wanted, found == wanted, found);
}

} // namespace

TEST_CASE("the last piece and its last block are as short as they are") {
  piece_layout const l(2 * 40000 + 20000, 40000);
  test::story s;
  s.given("100000 bytes in pieces of 40000");
  s.expect("three pieces", l.piece_count() == 3, fmt::format("{}", l.piece_count()));
  expect_blocks(s, l, "piece 0: 16384 at 0, 16384 at 16384, 7232 at 32768", 0);
  expect_blocks(s, l, "piece 2: 16384 at 0, 3616 at 16384", 2);
  s.given("40000 bytes in pieces of 32768");
  expect_blocks(s, piece_layout(40000, 32768), "piece 0: 16384 at 0, 16384 at 16384", 0);
  CHECK(l.size(1) == 40000);
  CHECK(l.size(2) == 20000);
  CHECK(l.offset(2) == 80000);
  CHECK(l.block_count(0) == 3);
  CHECK(l.block_at(0, 2) == block{0, 32768, 7232});
  CHECK(l.block_count(2) == 2);
  CHECK(l.block_at(2, 1) == block{2, 16384, 3616});
  CHECK(l.index_of(l.block_at(0, 2)) == 2);
}

TEST_CASE("a torrent that ends with a full piece has no short one") {
  piece_layout const l(65536, 32768);
  test::story s;
  s.given("65536 bytes in pieces of 32768");
  s.expect("two pieces", l.piece_count() == 2, fmt::format("{}", l.piece_count()));
  expect_blocks(s, l, "piece 1: 16384 at 0, 16384 at 16384", 1);
  CHECK(l.size(1) == 32768);
  CHECK(l.block_count(1) == 2);
}

TEST_CASE("a piece may have more than four blocks") {
  piece_layout const l(70000, 70000);
  test::story s;
  s.given("70000 bytes in one piece");
  expect_blocks(s, l,
                "piece 0: 16384 at 0, 16384 at 16384, 16384 at 32768, 16384 at 49152, "
                "4464 at 65536",
                0);
}

TEST_CASE("a torrent of one byte has one block of one byte") {
  piece_layout const l(1, 32768);
  CHECK(l.piece_count() == 1);
  CHECK(l.block_at(0, 0) == block{0, 0, 1});
}

TEST_CASE("a torrent without bytes has no pieces") {
  CHECK(piece_layout(0, 16384).piece_count() == 0);
}

TEST_CASE("offsets past 4 GiB are right") {
  piece_layout const l(std::uint64_t{5} << 30, 1 << 20);
  CHECK(l.offset(4097) == (std::uint64_t{4097} << 20));
}

TEST_CASE("a block is valid inside its piece and nowhere else") {
  piece_layout const l(50000, 32768);
  CHECK(l.valid({0, 0, 16384}));
  CHECK(l.valid({0, 5, 32763}));
  CHECK(l.valid({1, 17231, 1}));
  CHECK_FALSE(l.valid({2, 0, 1}));          // no such piece
  CHECK_FALSE(l.valid({0, 0, 0}));          // empty
  CHECK_FALSE(l.valid({0, 32768, 1}));      // begins behind it
  CHECK_FALSE(l.valid({0, 32767, 2}));      // ends behind it
  CHECK_FALSE(l.valid({1, 17231, 2}));      // ends behind the torrent
  CHECK_FALSE(l.valid({0, 1, 0xffffffff})); // the sum does not fit 32 bits
  CHECK(l.is_whole_block({1, 16384, 848}));
  CHECK_FALSE(l.is_whole_block({1, 16384, 847}));
  CHECK_FALSE(l.is_whole_block({0, 1, 16384}));
}
