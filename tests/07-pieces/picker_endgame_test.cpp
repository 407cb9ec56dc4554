// The end of a download: the last blocks are asked of more than one peer, within bounds.
#include "07-pieces/picker_desk.hpp"
#include <set>

using namespace cotorra;
using namespace cotorra::piece;
using namespace cotorra::test;

TEST_CASE("in the endgame an idle peer gets one duplicate and no more") {
  desk d(1);
  bitfield const all(1, true);
  d.picker.add_peer(all);
  d.picker.add_peer(all);
  auto const first = d.pick(1, all, 4);
  CHECK(d.picker.in_endgame());
  auto const second = d.pick(2, all, 100);
  REQUIRE(second.size() == 1);
  CHECK(second[0].piece == 0);
  CHECK(d.pick(2, all, 100).empty()); // it is not idle now
  CHECK(d.pick(1, all, 100).empty()); // and this one was asked for all of them
  CHECK(d.others_of(second[0], 2) == std::vector<peer_key>{1});
  CHECK(d.others_of(second[0], 1) == std::vector<peer_key>{2});
}

TEST_CASE("the second copy of a block is a duplicate and the others are told") {
  desk d(1);
  bitfield const all(1, true);
  d.picker.add_peer(all);
  d.pick(1, all, 4);
  block const twice = d.pick_one(2, all, 1);
  CHECK(d.picker.arrived(2, twice) == arrival::wanted);
  CHECK(d.others_of(twice, 2) == std::vector<peer_key>{1}); // cancel there
  CHECK(d.picker.requested(1) == 3);
  CHECK(d.picker.requested(2) == 0);
  d.picker.give_back(1, twice); // is no harm
  CHECK(d.picker.arrived(1, twice) == arrival::duplicate);
  CHECK(d.picker.consistent());
  block const next = d.pick_one(2, all, 1); // idle again
  CHECK(next != twice);
}

TEST_CASE("idle peers spread over the blocks before any is asked for a third time") {
  desk d(1);
  bitfield const all(1, true);
  d.picker.add_peer(all);
  d.pick(1, all, 4);
  std::set<block> duplicates;
  for (peer_key p = 2; p <= 5; ++p) duplicates.insert(d.pick_one(p, all, 10));
  CHECK(duplicates.size() == 4);
}

TEST_CASE("there is no endgame while a free block is left") {
  desk d(2);
  d.picker.add_peer(drawn("xx"));
  d.picker.add_peer(drawn("x."));
  d.pick(1, drawn("x."), 4);
  CHECK_FALSE(d.picker.in_endgame());
  CHECK(d.pick(2, drawn("x."), 4).empty()); // the other piece is not asked for yet
}

TEST_CASE("a piece that nobody has does not hold up the endgame") {
  desk d(2);
  d.picker.add_peer(drawn("x."));
  d.picker.add_peer(drawn("x."));
  d.pick(1, drawn("x."), 4);
  CHECK(d.picker.in_endgame());
  CHECK(d.pick(2, drawn("x."), 4).size() == 1);
}

TEST_CASE("complete pieces that wait for their hash are no endgame") {
  desk d(1);
  d.picker.add_peer(bitfield(1, true));
  d.arrive(1, d.pick(1, bitfield(1, true), 4));
  CHECK_FALSE(d.picker.in_endgame());
  CHECK(d.pick(2, bitfield(1, true), 4).empty());
}

TEST_CASE("when the first asker gives up the second keeps the block") {
  desk d(1);
  bitfield const all(1, true);
  d.picker.add_peer(all);
  d.pick(1, all, 4);
  block const twice = d.pick_one(2, all, 1);
  d.picker.give_back(1, twice);
  CHECK(d.picture() == "f");
  CHECK(d.others_of(twice, 2).empty());
  CHECK(d.picker.arrived(2, twice) == arrival::wanted);
  CHECK(d.picker.consistent());
}

TEST_CASE("a piece whose only peer has left does not hold up the endgame of the others") {
  desk d(2);
  d.picker.add_peer(drawn("x."));
  d.picker.add_peer(drawn(".x"));
  d.arrive(2, d.pick(2, drawn(".x"), 1)); // three of its blocks are free
  d.picker.remove_peer(drawn(".x"));
  d.pick(1, drawn("x."), 4);
  CHECK(d.picture() == "fq");
  CHECK(d.picker.in_endgame());
  CHECK(d.pick(3, drawn("x."), 4).size() == 1);
}

TEST_CASE("a peer gets no more blocks than it has room for, from however many pieces") {
  desk d(2);
  bitfield const all(2, true);
  d.picker.add_peer(all);
  auto const six = d.pick(1, all, 6);
  REQUIRE(six.size() == 6);
  d.picker.give_back(1, six[0]); // one piece has a free block now, the other one two
  CHECK(d.picture() == "qq");
  CHECK(d.pick(1, all, 2).size() == 2);
}

TEST_CASE("a peer that has no room for a piece does not become its owner") {
  desk d(2);
  d.picker.add_peer(drawn("xx"));
  d.arrive(2, d.pick(2, drawn(".x"), 1));
  d.picker.forget(2);
  d.pick(1, drawn("x."), 1);
  CHECK(d.pick(1, drawn("xx"), 1).size() == 1);
  CHECK(d.picker.owner(0) == std::optional<peer_key>(1));
  CHECK_FALSE(d.picker.owner(1));
}
