// What to ask of whom.
#include "07-pieces/picker_desk.hpp"
#include "support/story.hpp"
#include <fmt/format.h>
#include <set>

using namespace cotorra;
using namespace cotorra::piece;
using namespace cotorra::test;

namespace {

// What is chosen first for a peer that has these pieces, by each of forty torrents:
// "piece 0 2 3".
std::string first_pieces(std::string_view has, std::string_view have) {
  std::set<std::string> chosen;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    desk d(5, seed);
    d.picker.add_peer(bitfield(5, true));
    for (int i = 0; i < 2; ++i) d.picker.add_peer(drawn("xx.xx"));
    for (piece_index i = 0; i < 5; ++i)
      if (have[i] == 'x') d.get_piece(i);
    auto const blocks = d.pick(1, drawn(has), 1);
    chosen.insert(blocks.empty() ? "none" : std::to_string(blocks[0].piece));
  }
  std::string out = "piece";
  for (std::string const& c : chosen) out += " " + c;
  return out;
}

} // namespace

TEST_CASE("the first piece is left to chance and then the rarest is next") {
  story s;
  s.given("5 pieces and three peers: xxxxx, xx.xx, xx.xx");
  s.you("have piece 4, and choose the next, forty times");
  std::string found = first_pieces("xxxxx", "....x");
  s.expect("always piece 2, which one peer alone has", found == "piece 2", found);
  s.you("have nothing yet, and choose the first, forty times");
  found = first_pieces("xxxxx", ".....");
  s.expect("each piece is chosen sometimes", found == "piece 0 1 2 3 4", found);
  s.you("choose it for a peer that has pieces 0, 1 and 3 alone");
  found = first_pieces("xx.x.", ".....");
  s.expect("each of these three is chosen sometimes", found == "piece 0 1 3", found);
}

TEST_CASE("the same seed chooses the same pieces") {
  auto const chosen = [](std::uint64_t seed) {
    std::string out;
    desk d(100, seed);
    d.picker.add_peer(bitfield(100, true));
    for (block const& b : d.pick(1, bitfield(100, true), 5 * per_piece))
      if (b.begin == 0) out += fmt::format(" {}", b.piece);
    return out;
  };
  story s;
  s.given("100 pieces, and a random source with seed 7");
  s.you("choose five pieces, twice");
  std::string const first = chosen(7), again = chosen(7);
  s.expect("the same five", first == again,
           fmt::format("at first{}, then{}", first, again));
}

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
    chosen.insert(d.pick_one(1, drawn("xxxxxxx."), 1).piece);
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
  CHECK(d.pick_one(1, all, 4).piece >= 2); // 2 and 4 tie
  CHECK(d.pick_one(1, all, 4).piece >= 2);
  CHECK(d.picture() == "H.f.f");
  CHECK(d.pick_one(1, all, 4).piece == 3);
  CHECK(d.pick_one(1, all, 4).piece == 1);
}

TEST_CASE("a HAVE makes a piece less rare") {
  desk d(3);
  d.get_piece(0);
  d.picker.add_peer(drawn("xxx"));
  d.picker.add_peer(drawn("xx."));
  d.picker.peer_got(2);
  d.picker.peer_got(2);
  CHECK(d.picker.availability(2) == 3);
  CHECK(d.pick_one(1, drawn("xxx"), 1).piece == 1);
}

TEST_CASE("ties between rare pieces are broken at random") {
  std::set<piece_index> chosen;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    desk d(5, seed);
    d.get_piece(4);
    d.picker.add_peer(bitfield(5, true));
    chosen.insert(d.pick_one(1, bitfield(5, true), 1).piece);
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
  piece_index const of_1 = d.pick_one(1, all, 1).piece;
  piece_index const of_2 = d.pick_one(2, all, 1).piece;
  CHECK(of_1 != of_2);
  for (int i = 0; i < 3; ++i) CHECK(d.pick_one(1, all, 1).piece == of_1);
  CHECK(d.pick_one(2, all, 1).piece == of_2);
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
  piece_index const open = d.pick_one(1, all, 1).piece;
  d.picker.set_most_open(1);
  auto const shared = d.pick(2, all, 8);
  REQUIRE(shared.size() == 3);
  CHECK(shared[0].piece == open);
  CHECK(d.picker.open_pieces() == 1);
}

TEST_CASE("an idle peer helps with the last block of what is withheld in a full memory") {
  desk d(5);
  bitfield const all(5, true);
  d.picker.add_peer(all);
  d.picker.set_most_open(2);
  auto const first = d.pick(1, all, 4), second = d.pick(2, all, 4);
  d.arrive(1, {first.begin(), first.end() - 1});
  d.arrive(2, {second.begin(), second.end() - 1});
  CHECK(d.pick(1, all, 9).empty()); // it owes us a block, and no more pieces may be open
  auto const help = d.pick(3, all, 9);
  REQUIRE(help.size() == 1);
  CHECK((help[0] == first.back() || help[0] == second.back()));
  CHECK(d.picker.open_pieces() == 2);
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
