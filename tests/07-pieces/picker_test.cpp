// What to ask of whom. Pieces are drawn as strings, one character each:
//   .  missing    q  queued (open, with free blocks)    f  in flight    H  have
//   -  not needed
#include "piece/picker.hpp"
#include "support/catch.hpp"
#include <map>
#include <set>

using namespace cotorra;

namespace {

constexpr std::uint32_t per_piece = 4; // blocks

bitfield drawn(std::string_view picture) { // "x.x" has pieces 0 and 2
  bitfield b(picture.size());
  for (std::size_t i = 0; i < picture.size(); ++i)
    if (picture[i] != '.') b.set(i);
  return b;
}

struct desk {
  random_source random;
  piece_layout layout;
  piece_picker picker;

  explicit desk(piece_index pieces, std::uint64_t seed = 1)
      : random(seed),
        layout(std::uint64_t{pieces} * per_piece * block_size, per_piece * block_size),
        picker(layout, random) {}

  std::string picture() const {
    std::string s;
    for (piece_index i = 0; i < layout.piece_count(); ++i)
      s += "-.qfH"[static_cast<std::size_t>(picker.state(i))];
    return s;
  }
  std::vector<block> pick(peer_key p, bitfield const& has, std::size_t count,
                          bool may_open = true) {
    std::vector<block> out;
    picker.pick(p, has, count, out, may_open);
    REQUIRE(picker.consistent());
    return out;
  }
  void arrive(peer_key p, std::vector<block> const& blocks) {
    for (block const& b : blocks) REQUIRE(picker.arrived(p, b) == arrival::wanted);
  }
  std::vector<peer_key> others_of(block const& b, peer_key p) {
    std::vector<peer_key> out;
    picker.others_of(b, p, out);
    return out;
  }
  // One piece from beginning to end, so that rarest first takes over.
  void get_piece(piece_index i) {
    picker.mark_have(i);
    REQUIRE(picker.consistent());
  }
};

} // namespace

TEST_CASE("the blocks of a piece come together and in order") {
  desk d(3);
  d.picker.add_peer(bitfield(3, true));
  auto const got = d.pick(1, bitfield(3, true), 6);
  REQUIRE(got.size() == 6);
  for (std::uint32_t n = 0; n < 4; ++n)
    CHECK(got[n] == d.layout.block_at(got[0].piece, n));
  CHECK(got[4] == d.layout.block_at(got[4].piece, 0));
  CHECK(got[4].piece != got[0].piece);
  CHECK(d.picker.open_pieces() == 2);
  CHECK(d.picker.requested() == 6);
}

TEST_CASE("the first pieces are chosen at random") {
  std::set<piece_index> chosen;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    desk d(8, seed);
    d.picker.add_peer(drawn("xxxx...."));
    d.picker.add_peer(drawn("xxxxxxx."));
    chosen.insert(d.pick(1, drawn("xxxxxxx."), 1).at(0).piece);
  }
  CHECK(chosen == std::set<piece_index>{0, 1, 2, 3, 4, 5, 6});
}

TEST_CASE("after the first piece the rarest one is next") {
  desk d(5);
  d.get_piece(0);
  d.picker.add_peer(bitfield(5, true));
  d.picker.add_peer(drawn("xx.xx"));
  d.picker.add_peer(drawn("xxxx."));
  d.picker.add_peer(drawn(".x..."));
  bitfield const all(5, true);
  CHECK(d.pick(1, all, 4).at(0).piece >= 2); // 2 and 4 tie
  CHECK(d.pick(1, all, 4).at(0).piece >= 2);
  CHECK(d.picture() == "H.f.f");
  CHECK(d.pick(1, all, 4).at(0).piece == 3);
  CHECK(d.pick(1, all, 4).at(0).piece == 1);
}

TEST_CASE("a HAVE makes a piece less rare") {
  desk d(3);
  d.get_piece(0);
  d.picker.add_peer(drawn("xxx"));
  d.picker.add_peer(drawn("xx."));
  d.picker.peer_got(2);
  d.picker.peer_got(2);
  CHECK(d.picker.availability(2) == 3);
  CHECK(d.pick(1, drawn("xxx"), 1).at(0).piece == 1);
}

TEST_CASE("ties between rare pieces are broken at random") {
  std::set<piece_index> chosen;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    desk d(5, seed);
    d.get_piece(4);
    d.picker.add_peer(bitfield(5, true));
    chosen.insert(d.pick(1, bitfield(5, true), 1).at(0).piece);
  }
  CHECK(chosen == std::set<piece_index>{0, 1, 2, 3});
}

TEST_CASE("a peer that became a seed leaves as a seed") {
  desk d(2);
  d.picker.add_peer(drawn("x."));
  d.picker.peer_got(1);
  d.picker.add_peer(drawn("xx"));
  d.picker.remove_peer(drawn("xx"));
  CHECK(d.picker.availability(0) == 1);
  CHECK(d.picker.availability(1) == 1);
  d.picker.remove_peer(drawn("xx"));
  CHECK(d.picker.availability(0) == 0);
  CHECK(d.picker.availability(1) == 0);
  CHECK(d.picker.consistent());
}

TEST_CASE("a peer goes on with its own piece and leaves those of others alone") {
  desk d(4);
  bitfield const all(4, true);
  d.picker.add_peer(all);
  piece_index const of_1 = d.pick(1, all, 1).at(0).piece;
  piece_index const of_2 = d.pick(2, all, 1).at(0).piece;
  CHECK(of_1 != of_2);
  for (int i = 0; i < 3; ++i) CHECK(d.pick(1, all, 1).at(0).piece == of_1);
  CHECK(d.pick(2, all, 1).at(0).piece == of_2);
}

TEST_CASE("open pieces are shared when nothing else is to be had") {
  desk d(1);
  d.picker.add_peer(bitfield(1, true));
  CHECK(d.pick(1, bitfield(1, true), 1).size() == 1);
  auto const shared = d.pick(2, bitfield(1, true), 8);
  REQUIRE(shared.size() == 3);
  CHECK(shared[0].begin == block_size);
}

TEST_CASE("open pieces are shared when no new one may be opened") {
  desk d(5);
  bitfield const all(5, true);
  d.picker.add_peer(all);
  piece_index const open = d.pick(1, all, 1).at(0).piece;
  auto const shared = d.pick(2, all, 8, false);
  REQUIRE(shared.size() == 3);
  CHECK(shared[0].piece == open);
  CHECK(d.picker.open_pieces() == 1);
}

TEST_CASE("nothing is asked that the peer does not have") {
  desk d(3);
  d.picker.add_peer(drawn(".x."));
  auto const got = d.pick(1, drawn(".x."), 100);
  CHECK(got.size() == per_piece);
  CHECK(d.picture() == ".f.");
  CHECK(d.pick(2, drawn("..."), 5).empty());
}

TEST_CASE("a bitfield of another length gives nothing") {
  desk d(3);
  CHECK(d.pick(1, bitfield(4, true), 5).empty());
  CHECK_FALSE(d.picker.interesting(bitfield()));
}

TEST_CASE("a piece goes from missing over queued and in flight to have") {
  desk d(2);
  bitfield const one = drawn("x.");
  d.picker.add_peer(one);
  CHECK(d.picture() == "..");
  auto blocks = d.pick(1, one, 3);
  CHECK(d.picture() == "q.");
  auto const last = d.pick(1, one, 3);
  REQUIRE(last.size() == 1);
  CHECK(d.picture() == "f.");
  d.arrive(1, blocks);
  CHECK_FALSE(d.picker.complete(0));
  d.arrive(1, last);
  CHECK(d.picker.complete(0));
  CHECK(d.picker.requested(1) == 0);
  CHECK(d.picture() == "f."); // until the hash is known
  d.picker.verified(0);
  CHECK(d.picture() == "H.");
  CHECK(d.picker.have().count() == 1);
  CHECK(d.picker.wanted_left() == 1);
  CHECK(d.picker.open_pieces() == 0);
  CHECK(d.picker.consistent());
}

TEST_CASE("a failed piece is asked for again from its first block") {
  desk d(1);
  d.picker.add_peer(bitfield(1, true));
  d.arrive(1, d.pick(1, bitfield(1, true), 4));
  d.picker.failed(0);
  CHECK(d.picture() == ".");
  CHECK(d.pick(2, bitfield(1, true), 9).size() == 4);
}

TEST_CASE("a block that nobody asked this peer for is unrequested") {
  desk d(2);
  bitfield const all(2, true);
  d.picker.add_peer(all);
  auto const got = d.pick(1, all, 1);
  CHECK(d.picker.arrived(2, got[0]) == arrival::unrequested);
  CHECK(d.picker.arrived(1, {got[0].piece, block_size, block_size}) ==
        arrival::unrequested);
  CHECK(d.picker.arrived(1, {1 - got[0].piece, 0, block_size}) == arrival::unrequested);
  CHECK(d.picker.arrived(1, {got[0].piece, 0, 100}) == arrival::unrequested);
  CHECK(d.picker.arrived(1, {7, 0, block_size}) == arrival::unrequested);
  CHECK(d.picker.arrived(1, got[0]) == arrival::wanted);
  CHECK(d.picker.arrived(1, got[0]) == arrival::duplicate);
}

TEST_CASE("a block that was given back is free for the next peer") {
  desk d(1);
  bitfield const all(1, true);
  d.picker.add_peer(all);
  auto const got = d.pick(1, all, 4);
  d.picker.give_back(1, got[2]);
  CHECK(d.picture() == "q");
  CHECK(d.picker.arrived(1, got[2]) == arrival::unrequested); // too late
  CHECK(d.pick(2, all, 4) == std::vector{got[2]});
}

TEST_CASE("a piece of which all was given back is missing again") {
  desk d(2);
  bitfield const all(2, true);
  d.picker.add_peer(all);
  auto const got = d.pick(1, all, 3);
  for (block const& b : got) d.picker.give_back(1, b);
  CHECK(d.picture() == "..");
  CHECK(d.picker.requested() == 0);
  CHECK(d.picker.requested(1) == 0);
}

TEST_CASE("the piece of a peer that left is finished before a new one is opened") {
  desk d(8);
  bitfield const all(8, true);
  d.picker.add_peer(all);
  auto const got = d.pick(1, all, 2);
  d.arrive(1, {got[0]});
  d.picker.give_back(1, got[1]);
  auto const next = d.pick(2, all, 3);
  REQUIRE(next.size() == 3);
  for (block const& b : next) CHECK(b.piece == got[0].piece);
}

// --- endgame --------------------------------------------------------------------------

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
  block const twice = d.pick(2, all, 1).at(0);
  CHECK(d.picker.arrived(2, twice) == arrival::wanted);
  CHECK(d.others_of(twice, 2) == std::vector<peer_key>{1}); // cancel there
  CHECK(d.picker.requested(1) == 3);
  CHECK(d.picker.requested(2) == 0);
  d.picker.give_back(1, twice); // is no harm
  CHECK(d.picker.arrived(1, twice) == arrival::duplicate);
  CHECK(d.picker.consistent());
  block const next = d.pick(2, all, 1).at(0); // idle again
  CHECK(next != twice);
}

TEST_CASE("idle peers spread over the blocks before any is asked for a third time") {
  desk d(1);
  bitfield const all(1, true);
  d.picker.add_peer(all);
  d.pick(1, all, 4);
  std::set<block> duplicates;
  for (peer_key p = 2; p <= 5; ++p) duplicates.insert(d.pick(p, all, 10).at(0));
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
  block const twice = d.pick(2, all, 1).at(0);
  d.picker.give_back(1, twice);
  CHECK(d.picture() == "f");
  CHECK(d.others_of(twice, 2).empty());
  CHECK(d.picker.arrived(2, twice) == arrival::wanted);
  CHECK(d.picker.consistent());
}

// --- wishes ---------------------------------------------------------------------------

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
  CHECK(d.pick(1, all, 100).at(0).piece == 2);
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
  for (piece_index i = 0; i < 4; ++i) CHECK(d.pick(1, all, per_piece).at(0).piece == i);
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
