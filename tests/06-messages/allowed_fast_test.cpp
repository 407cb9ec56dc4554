// The allowed fast set, with the vectors that BEP 6 prints.
#include "message/allowed_fast.hpp"
#include "support/catch.hpp"
#include <set>

using namespace cotorra;
using message::allowed_fast_set;
using pieces = std::vector<piece_index>;

namespace {

info_hash twenty_aa() {
  info_hash h;
  h.value.fill(std::byte{0xaa});
  return h;
}
ip_address const peer = *ip_address::parse("80.4.4.200");

} // namespace

TEST_CASE("the allowed fast set is the one of BEP 6") {
  CHECK(allowed_fast_set(peer, twenty_aa(), 1313, 7) ==
        pieces{1059, 431, 808, 1217, 287, 376, 1188});
  CHECK(allowed_fast_set(peer, twenty_aa(), 1313, 9) ==
        pieces{1059, 431, 808, 1217, 287, 376, 1188, 353, 508});
}

TEST_CASE(
    "addresses of one network have the same set and other addresses a different one") {
  pieces const set = allowed_fast_set(peer, twenty_aa(), 1313);
  CHECK(set.size() == 10);
  CHECK(allowed_fast_set(*ip_address::parse("80.4.4.1"), twenty_aa(), 1313) == set);
  CHECK(allowed_fast_set(*ip_address::parse("80.4.5.200"), twenty_aa(), 1313) != set);
  CHECK(allowed_fast_set(peer, info_hash{}, 1313) != set);
}

TEST_CASE("no piece is in the set twice and none is past the last") {
  for (std::size_t count = 11; count < 60; ++count) {
    pieces const set = allowed_fast_set(peer, twenty_aa(), count);
    CHECK(set.size() == 10);
    CHECK(std::set<piece_index>(set.begin(), set.end()).size() == 10);
    for (piece_index p : set) CHECK(p < count);
  }
}

TEST_CASE("all pieces of a small torrent are allowed") {
  CHECK(allowed_fast_set(peer, twenty_aa(), 0).empty());
  CHECK(allowed_fast_set(peer, twenty_aa(), 3) == pieces{0, 1, 2});
  CHECK(allowed_fast_set(peer, twenty_aa(), 10) == pieces{0, 1, 2, 3, 4, 5, 6, 7, 8, 9});
}

TEST_CASE("for IPv6 there is no set") {
  CHECK(allowed_fast_set(*ip_address::parse("2001:db8::1"), twenty_aa(), 1313).empty());
}
