// What we have, and what we want.
#include "07-pieces/picker_desk.hpp"

using namespace cotorra;
using namespace cotorra::test;

TEST_CASE("unwanted pieces are left alone until they are wanted") {
  desk d(3);
  bitfield const all(3, true);
  d.picker.add_peer(all);
  d.picker.set_wanted(0, false);
  d.picker.set_wanted(2, false);
  CHECK(d.picture() == "-.-");
  CHECK(d.picker.wanted_left() == 1);
  CHECK(d.pick(1, all, 100).size() == per_piece);
  CHECK(d.picture() == "-f-");
  CHECK_FALSE(d.picker.interesting(drawn("x.x")));
  d.picker.set_wanted(2, true);
  CHECK(d.picker.interesting(drawn("..x")));
  CHECK(d.pick_one(1, all, 100).piece == 2);
}

TEST_CASE("a piece that is open is finished though it is wanted no more") {
  desk d(1);
  bitfield const all(1, true);
  d.picker.add_peer(all);
  auto got = d.pick(1, all, 1);
  d.picker.set_wanted(0, false);
  CHECK(d.picker.wanted_left() == 0);
  auto const rest = d.pick(1, all, 9);
  CHECK(rest.size() == 3);
  got.insert(got.end(), rest.begin(), rest.end());
  d.arrive(1, got);
  d.picker.failed(0);
  CHECK(d.picture() == "-");
  CHECK(d.picker.consistent());
}

TEST_CASE("a peer is interesting when it has what we want and lack") {
  desk d(70);
  CHECK_FALSE(d.picker.interesting(bitfield(70)));
  bitfield last(70);
  last.set(69);
  CHECK(d.picker.interesting(last));
  CHECK(d.picker.wants(69));
  d.picker.mark_have(69);
  CHECK_FALSE(d.picker.wants(69));
  CHECK_FALSE(d.picker.interesting(last));
}

TEST_CASE("sequential picking goes from the front") {
  desk d(4);
  bitfield const all(4, true);
  d.picker.add_peer(all);
  d.picker.add_peer(drawn("xxx."));
  d.picker.set_sequential(true);
  for (piece_index i = 0; i < 4; ++i) CHECK(d.pick_one(1, all, per_piece).piece == i);
}

TEST_CASE("pieces found on the disk are not asked for") {
  desk d(3);
  bitfield const all(3, true);
  d.picker.add_peer(all);
  d.picker.mark_have(1);
  d.picker.mark_have(1);
  CHECK(d.picture() == ".H.");
  CHECK(d.pick(1, all, 100).size() == 2 * per_piece);
  d.picker.mark_have(0); // though it is in flight
  CHECK(d.picker.requested() == per_piece);
  CHECK(d.picker.consistent());
}
