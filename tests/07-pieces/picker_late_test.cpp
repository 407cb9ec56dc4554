// Blocks that are late or given back, and the peer that works on a piece.
#include "07-pieces/picker_desk.hpp"
#include "piece/common_bits.hpp"

using namespace cotorra;
using namespace cotorra::piece;
using namespace cotorra::test;

namespace {

// Two pieces that all peers have. Peer 1 was asked for all of the first one.
struct two_pieces : desk {
  bitfield const all{2, true};
  std::vector<block> mine{};

  two_pieces() : desk(2) {
    picker.add_peer(all);
    picker.set_sequential(true);
    mine = pick(1, all, per_piece);
  }
};

} // namespace

TEST_CASE("a block that its peer is late with is asked of one other peer, once") {
  two_pieces d;
  d.picker.late(1, d.mine[2]);
  d.picker.late(1, d.mine[2]);              // told twice
  CHECK(d.pick(1, d.all, 1)[0].piece == 1); // not of the peer that is late
  CHECK(d.pick_one(2, d.all, 1) == d.mine[2]);
  CHECK(d.others_of(d.mine[2], 2) == std::vector<peer_key>{1});
  CHECK(d.picker.requested() == 5); // blocks
  CHECK(d.picker.requested(2) == 1);
  CHECK(d.pick_one(2, d.all, 1).piece == 1);
  CHECK(d.pick_one(3, d.all, 1).piece == 1);
}

TEST_CASE("late blocks are no more than a peer has room for") {
  two_pieces d;
  for (int n : {0, 1, 2}) d.picker.late(1, d.mine[static_cast<std::size_t>(n)]);
  CHECK(d.pick(2, d.all, 2) == std::vector{d.mine[0], d.mine[1]});
  CHECK(d.pick(3, d.all, 2)[0] == d.mine[2]);
}

TEST_CASE("only a block that was asked of a peer and has not come can be late") {
  two_pieces d;
  SECTION("asked of another peer") { d.picker.late(2, d.mine[0]); }
  SECTION("of a piece that is not open") { d.picker.late(1, {1, 0, block_size}); }
  SECTION("of no piece") { d.picker.late(1, {2, 0, block_size}); }
  SECTION("of another size") { d.picker.late(1, {0, 0, 100}); }
  SECTION("it comes then") {
    d.picker.late(1, d.mine[0]);
    d.arrive(1, {d.mine[0]});
  }
  SECTION("it is here") {
    d.arrive(1, {d.mine[0]});
    d.picker.late(1, d.mine[0]);
  }
  SECTION("its piece is here then") {
    d.picker.late(1, d.mine[0]);
    d.picker.mark_have(0);
  }
  CHECK(d.pick_one(3, d.all, 1).piece == 1);
}

TEST_CASE("a late block is not asked of a peer that does not have it") {
  two_pieces d;
  d.picker.late(1, d.mine[0]);
  CHECK(d.pick_one(2, drawn(".x"), 1).piece == 1);
  CHECK(d.pick_one(3, d.all, 1) == d.mine[0]);
}

TEST_CASE("a piece is its first peer's until that peer is late, gives back or leaves") {
  desk d(2);
  bitfield const all(2, true);
  d.picker.add_peer(all);
  d.picker.set_sequential(true);
  CHECK_FALSE(d.picker.owner(0));
  auto const got = d.pick(1, all, 2);
  CHECK(d.picker.owner(0) == std::optional<peer_key>(1));
  SECTION("another peer leaves or gives back") {
    d.picker.forget(2);
    d.picker.give_back(2, got[0]);
    CHECK(d.picker.owner(0) == std::optional<peer_key>(1));
    CHECK(d.picker.requested(1) == 2);
    return;
  }
  SECTION("it is late") { d.picker.late(1, got[0]); }
  SECTION("it gives back") { d.picker.give_back(1, got[1]); }
  SECTION("it leaves") { d.picker.forget(1); }
  CHECK_FALSE(d.picker.owner(0));
  d.pick(2, all, 2);
  CHECK(d.picker.owner(0) == std::optional<peer_key>(2));
}

TEST_CASE("a suspect piece is one peer's alone, though that peer is late") {
  desk d(1);
  bitfield const all(1, true);
  d.picker.add_peer(all);
  d.arrive(1, d.pick(1, all, 4));
  CHECK_FALSE(d.picker.is_suspect(0));
  d.picker.failed(0);
  CHECK(d.picker.is_suspect(0));
  auto const again = d.pick(2, all, 3);
  d.picker.late(2, again[0]);
  CHECK(d.picker.owner(0) == std::optional<peer_key>(2));
  CHECK(d.pick(3, all, 4).empty());
  d.arrive(2, again);
  d.arrive(2, d.pick(2, all, 4));
  d.picker.verified(0);
  CHECK_FALSE(d.picker.is_suspect(0));
}

TEST_CASE("a late block that is given back is free, and is asked for once") {
  two_pieces d;
  d.picker.late(1, d.mine[0]);
  d.picker.give_back(1, d.mine[0]);
  CHECK(d.picture() == "q.");
  CHECK(d.pick_one(2, d.all, 1) == d.mine[0]);
  CHECK(d.pick_one(3, d.all, 1).piece == 1);
}

TEST_CASE("a piece that was dropped and is asked for again has no late block") {
  two_pieces d;
  d.picker.late(1, d.mine[0]);
  d.picker.drop(0);
  CHECK(d.pick(1, d.all, per_piece) == d.mine);
  CHECK(d.pick_one(2, d.all, 1).piece == 1);
}

TEST_CASE("what is given back must have been asked of that peer") {
  two_pieces d;
  d.arrive(1, {d.mine[3]});
  d.picker.give_back(1, d.mine[3]);          // it has come
  d.picker.give_back(1, {1, 0, block_size}); // of a piece that is not open
  d.picker.give_back(1, {5, 0, block_size});
  CHECK(d.picture() == "f.");
  CHECK(d.picker.requested(1) == 3);
  CHECK(d.others_of({1, 0, block_size}, 2).empty());
  CHECK(d.others_of({5, 0, block_size}, 2).empty());
  CHECK(d.picker.consistent());
}

TEST_CASE("the first piece in two sets is found from any place on") {
  for (std::size_t const size : {1U, 7U, 8U, 9U, 64U, 65U, 200U})
    for (std::size_t i = 0; i < size; ++i) {
      bitfield one(size), more(size, true);
      one.set(i);
      for (std::size_t const from : {std::size_t{0}, i / 2, i}) {
        CHECK(first_common(one, more, from) == std::optional(i));
        CHECK(first_common(more, one, from) == std::optional(i));
      }
      CHECK_FALSE(first_common(one, more, i + 1));
      more.reset(i);
      CHECK_FALSE(first_common(one, more));
    }
  CHECK_FALSE(first_common(bitfield(8, true), bitfield(9, true)));
}
