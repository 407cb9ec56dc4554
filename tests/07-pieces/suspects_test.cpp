// Pieces that failed their hash: one peer at a time, and no peer may sit on one.
#include "07-pieces/print.hpp"
#include "piece/suspects.hpp"

using namespace cotorra;
using namespace cotorra::piece;

namespace {

time_point const start{1h};
constexpr std::uint32_t size = 256 * 1024;
using candidate = suspects::candidate;

} // namespace

TEST_CASE("a suspect piece is held when its owner has had it for five seconds") {
  suspects s;
  s.add(3, start);
  CHECK(s.contains(3));
  CHECK_FALSE(s.is_held(3, start + 1min)); // nobody works on it
  s.note_owner(3, peer_key{1}, start);
  CHECK_FALSE(s.is_held(3, start + 4s));
  CHECK(s.is_held(3, start + 5s));
  s.note_owner(3, peer_key{2}, start + 5s); // another one begins
  CHECK_FALSE(s.is_held(3, start + 6s));
  s.clear(3);
  CHECK(s.all().empty());
}

TEST_CASE("a held suspect goes to the peer that sent us most and each gets one turn") {
  suspects s;
  s.add(3, start);
  s.note_owner(3, peer_key{1}, start);
  std::vector<candidate> const idle{{2, start, 10}, {4, start, 30}, {5, start, 20}};
  CHECK(s.hand_on(3, size, start + 5s, idle) == peer_key{4});
  s.note_owner(3, peer_key{4}, start + 5s);
  CHECK(s.hand_on(3, size, start + 10s, idle) == peer_key{5});
  CHECK(s.hand_on(3, size, start + 15s, idle) == peer_key{2});
}

TEST_CASE("when all have tried a new round begins with twice the patience") {
  suspects s;
  s.add(3, start);
  s.note_owner(3, peer_key{1}, start);
  std::vector<candidate> const one{{2, start, 10}};
  CHECK(s.hand_on(3, size, start + 5s, one) == peer_key{2});
  s.note_owner(3, peer_key{2}, start + 5s);
  std::vector<candidate> const both{{1, start, 0}};
  CHECK(s.hand_on(3, size, start + 10s, both) == peer_key{1}); // the round is over: again
  s.note_owner(3, peer_key{1}, start + 10s);
  CHECK_FALSE(s.is_held(3, start + 19s));
  CHECK(s.is_held(3, start + 20s));
}

TEST_CASE("without a candidate the owner keeps the suspect: slow is better than never") {
  suspects s;
  s.add(3, start);
  s.note_owner(3, peer_key{1}, start);
  CHECK_FALSE(s.hand_on(3, size, start + 5s, {}));
  CHECK(s.is_held(3, start + 6s));
}

TEST_CASE("a peer that came after the round began waits for the next one") {
  suspects s;
  s.add(3, start);
  s.note_owner(3, peer_key{1}, start);
  std::vector<candidate> const idle{{2, start, 0}, {9, start + 1s, 99}};
  CHECK(s.hand_on(3, size, start + 5s, idle) == peer_key{2});
  CHECK(s.hand_on(3, size, start + 10s, idle) == peer_key{9}); // the next round
}

TEST_CASE("patience grows to what a large piece takes and no further") {
  suspects s;
  constexpr std::uint32_t large = 16 * 1024 * 1024;
  s.add(0, start);
  std::vector<candidate> const one{{2, start, 0}};
  time_point now = start;
  for (int round = 0; round < 20; ++round) {
    s.note_owner(0, peer_key{2}, now);
    now += 1s;
    REQUIRE(s.hand_on(0, large, now, one) == peer_key{2});
  }
  s.note_owner(0, peer_key{2}, now);
  CHECK_FALSE(s.is_held(0, now + std::chrono::seconds(large / 4096 - 1)));
  CHECK(s.is_held(0, now + std::chrono::seconds(large / 4096)));
}
