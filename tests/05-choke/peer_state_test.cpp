// The four bits and the moves that turn them.
#include "print.hpp"
#include "support/story.hpp"
#include <set>

using namespace cotorra;
using namespace cotorra::choke;
using test::set_in;
using enum choke_move;

namespace {

std::vector<peer_state> all_states() {
  std::vector<peer_state> all;
  for (unsigned n = 0; n < 16; ++n)
    all.push_back({(n & 1) != 0, (n & 2) != 0, (n & 4) != 0, (n & 8) != 0});
  return all;
}

// A move as the other side hears it: "the peer: unchoke".
std::string told(side who, choke_move what) {
  return (who == side::we ? "you: " : "the peer: ") + std::string(name(what));
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

TEST_CASE("a request is allowed or not heard or illegal") {
  test::story s;
  auto const judged = [&](peer_state const& bits, side who, choke_move what,
                          verdict wanted) {
    verdict const v = bits.judge(who, what);
    s.expect("\"" + told(who, what) + "\" is judged \"" + std::string(name(wanted)) +
                 "\"",
             v == wanted, std::string(name(v)));
  };
  peer_state const fresh{true, false, true, false};
  s.given("a fresh connection: both sides choke, neither is interested");
  judged(fresh, side::we, request, verdict::illegal);
  judged(fresh, side::peer, request, verdict::not_heard);
  s.given("you are interested, and the peer chokes you");
  judged({true, true, true, false}, side::we, request, verdict::illegal);
  s.given("the peer does not choke you, and you are not interested");
  judged({true, false, false, false}, side::we, request, verdict::illegal);
  s.given("you are interested, and the peer does not choke you");
  judged({true, true, false, false}, side::we, request, verdict::allowed);
  judged({true, true, false, false}, side::peer, request, verdict::not_heard);
  s.given("the peer is interested, and you do not choke it");
  judged({false, false, true, true}, side::peer, request, verdict::allowed);
  judged({false, false, true, true}, side::we, request, verdict::illegal);
  s.given("a fresh connection, and moves that are no requests");
  for (side const who : {side::we, side::peer}) {
    judged(fresh, who, choke_move::choke, verdict::repeats);
    judged(fresh, who, unchoke, verdict::turns_a_bit);
    judged(fresh, who, interested, verdict::turns_a_bit);
    judged(fresh, who, not_interested, verdict::repeats);
  }
}

TEST_CASE("blocks flow to us once we are interested and the peer unchokes") {
  test::story s;
  peer_state bits;
  auto const now_set = [&](std::string const& wanted) {
    s.expect(wanted, set_in(bits) == wanted, set_in(bits));
  };
  s.given("a fresh connection");
  bits.apply(side::we, interested);
  s.you("interested");
  now_set("set: am_choking am_interested peer_choking");
  s.expect("you may not request yet", !bits.may_request(), "you may");
  bits.apply(side::peer, unchoke);
  s.peer("unchoke");
  now_set("set: am_choking am_interested");
  s.expect("you may request", bits.may_request(), "you may not");
  bits.apply(side::peer, choke_move::choke);
  s.peer("choke");
  now_set("set: am_choking am_interested peer_choking");
  s.expect("you may request no more", !bits.may_request(), "you may");
}

TEST_CASE("a move says whether it has turned a bit") {
  test::story s;
  peer_state bits;
  auto const move = [&](side who, choke_move what, bool wanted) {
    bool const turned = bits.apply(who, what);
    s.you("apply \"" + told(who, what) + "\"");
    s.expect(wanted ? "true: a bit has turned" : "false: no bit has turned",
             turned == wanted, turned ? "true" : "false");
  };
  s.given("a fresh connection");
  move(side::we, interested, true);
  move(side::we, interested, false);
  move(side::peer, unchoke, true);
  move(side::peer, unchoke, false);
  move(side::we, request, false);
  s.expect("set: am_choking am_interested",
           set_in(bits) == "set: am_choking am_interested", set_in(bits));
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
      INFO(set_in(before) << "; " << told(rule.who, rule.what));
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
    INFO(told(rule.who, rule.what));
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
    INFO(set_in(bits));
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
    INFO(set_in(bits));
    peer_state const before = bits;
    bool const served = bits.peer_interested && !bits.am_choking;
    CHECK(bits.judge(side::peer, request) ==
          (served ? verdict::allowed : verdict::not_heard));
    CHECK_FALSE(bits.apply(side::peer, request));
    CHECK(bits == before);
  }
}

TEST_CASE("moves have the names of BEP 3") {
  CHECK(name(choke_move::choke) == "choke");
  CHECK(name(unchoke) == "unchoke");
  CHECK(name(interested) == "interested");
  CHECK(name(not_interested) == "not interested");
  CHECK(name(request) == "request");
}
