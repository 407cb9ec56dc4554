// What proves a piece.
#include "07-pieces/print.hpp"
#include "piece/piece_hashes.hpp"
#include <array>

using namespace cotorra;
using namespace cotorra::piece;

namespace {

buffer const first(100, std::byte{1}), second(40, std::byte{2});
std::array<sha1_digest, 2> const list{sha1(first), sha1(second)};

} // namespace

TEST_CASE("each piece is proved by its own bytes only") {
  piece_hashes const hashes(list);
  CHECK(hashes.count() == 2);
  CHECK(hashes.matches(0, bytes(first)));
  CHECK(hashes.matches(1, bytes(second)));
  CHECK_FALSE(hashes.matches(0, bytes(second)));
  CHECK_FALSE(hashes.matches(1, bytes(first)));
}

TEST_CASE("a piece that is cut, longer or flipped in one bit is not proved") {
  piece_hashes const hashes(list);
  CHECK_FALSE(hashes.matches(0, bytes(first).first(99)));
  CHECK_FALSE(hashes.matches(0, bytes()));
  buffer other = first;
  other.back() ^= std::byte{1};
  CHECK_FALSE(hashes.matches(0, bytes(other)));
  other = first;
  other.push_back(std::byte{1});
  CHECK_FALSE(hashes.matches(0, bytes(other)));
}

TEST_CASE("bytes in parts prove what they prove at once") {
  piece_hashes const hashes(list);
  piece_hashes::hasher hasher;
  for (std::size_t at = 0; at < first.size(); at += 7)
    hasher.update(bytes(first).subspan(at).first(std::min<std::size_t>(7, 100 - at)));
  CHECK(hashes.matches(0, hasher.finish()));
  hasher.update(second); // it has started anew
  CHECK(hashes.matches(1, hasher.finish()));
}

TEST_CASE("a torrent without pieces has no hashes") {
  CHECK(piece_hashes({}).count() == 0);
}
