// The four bits and the moves that turn them.
#include "choke/peer_state.hpp"
#include "support/catch.hpp"
#include "support/story.hpp"
#include <set>

using namespace cotorra;
using namespace cotorra::choke;
using enum choke_move;

namespace {

std::vector<peer_state> all_states() {
  std::vector<peer_state> all;
  for (unsigned n = 0; n < 16; ++n)
    all.push_back({(n & 1) != 0, (n & 2) != 0, (n & 4) != 0, (n & 8) != 0});
  return all;
}

// The bits that are 1.
std::string set_in(peer_state const& bits) {
  std::string out;
  if (bits.am_choking) out += " am_choking";
  if (bits.am_interested) out += " am_interested";
  if (bits.peer_choking) out += " peer_choking";
  if (bits.peer_interested) out += " peer_interested";
  return out.empty() ? "no bit is set" : "set:" + out;
}

} // namespace

TEST_CASE("a connection starts choked and not interested in both directions") {
  test::story s;
  peer_state const fresh;
  s.given("a fresh connection");
  s.expect("both sides choke", fresh.am_choking && fresh.peer_choking, set_in(fresh));
  s.expect("neither side is interested", !fresh.am_interested && !fresh.peer_interested,
           set_in(fresh));
  s.expect("neither side may request", !fresh.may_request() && !fresh.may_serve(),
           set_in(fresh));
}

TEST_CASE("blocks flow to us once we are interested and the peer unchokes") {
  test::story s;
  peer_state bits;
  s.given("a fresh connection");
  bits.apply(side::we, interested);
  s.you("interested");
  s.expect("you may not request yet", !bits.may_request(), set_in(bits));
  bits.apply(side::peer, unchoke);
  s.peer("unchoke");
  s.expect("you may request", bits.may_request(), set_in(bits));
  bits.apply(side::peer, choke_move::choke);
  s.peer("choke");
  s.expect("you may request no more", !bits.may_request(), set_in(bits));
}

TEST_CASE("blocks flow to the peer once it is interested and we unchoke") {
  peer_state bits;
  bits.apply(side::peer, interested);
  CHECK_FALSE(bits.may_serve());
  bits.apply(side::we, unchoke);
  CHECK(bits.may_serve());
  CHECK_FALSE(bits.may_request());
  bits.apply(side::peer, not_interested);
  CHECK_FALSE(bits.may_serve());
}

TEST_CASE("each move turns its own bit and no other in all sixteen states") {
  for (peer_state const& before : all_states())
    for (move_rule const& rule : move_rules()) {
      peer_state after = before;
      bool const turned = after.apply(rule.who, rule.what);
      peer_state wanted = before;
      wanted.*rule.bit = rule.value;
      CHECK(after == wanted);
      CHECK(turned == (before != after));
      CHECK(before.judge(rule.who, rule.what) ==
            (turned ? verdict::turns_a_bit : verdict::repeats));
    }
}

TEST_CASE("a move that is repeated is legal and changes nothing") {
  for (move_rule const& rule : move_rules()) {
    peer_state bits;
    bits.apply(rule.who, rule.what);
    peer_state const once = bits;
    CHECK_FALSE(bits.apply(rule.who, rule.what));
    CHECK(bits == once);
  }
}

TEST_CASE("the table has two moves for each of the four bits") {
  std::set<std::pair<side, choke_move>> moves;
  for (move_rule const& rule : move_rules()) {
    CHECK_FALSE(rule.meaning.empty());
    moves.emplace(rule.who, rule.what);
  }
  CHECK(moves.size() == 8);
  CHECK(move_rules().size() == 8);
}

TEST_CASE("our request is illegal unless we are interested and unchoked") {
  for (peer_state bits : all_states()) {
    bool const legal = bits.am_interested && !bits.peer_choking;
    CHECK(bits.judge(side::we, request) == (legal ? verdict::allowed : verdict::illegal));
    peer_state const before = bits;
    if (legal)
      CHECK_FALSE(bits.apply(side::we, request));
    else
      CHECK_THROWS_AS(bits.apply(side::we, request), protocol_error);
    CHECK(bits == before);
  }
}

TEST_CASE("a peer's request is never an offence and is heard when it may be served") {
  for (peer_state bits : all_states()) {
    bool const served = bits.peer_interested && !bits.am_choking;
    CHECK(bits.judge(side::peer, request) ==
          (served ? verdict::allowed : verdict::not_heard));
    CHECK_FALSE(bits.apply(side::peer, request));
  }
}

TEST_CASE("moves have the names of BEP 3") {
  CHECK(name(choke_move::choke) == "choke");
  CHECK(name(unchoke) == "unchoke");
  CHECK(name(interested) == "interested");
  CHECK(name(not_interested) == "not interested");
  CHECK(name(request) == "request");
}
