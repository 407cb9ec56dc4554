#include "choke/peer_state.hpp"
#include <algorithm>

namespace cotorra::choke {
namespace {

constexpr move_rule rules[] = {
    {side::we, choke_move::choke, &peer_state::am_choking, true,
     "we answer no more requests"},
    {side::we, choke_move::unchoke, &peer_state::am_choking, false,
     "the peer may request"},
    {side::we, choke_move::interested, &peer_state::am_interested, true,
     "the peer has what we want"},
    {side::we, choke_move::not_interested, &peer_state::am_interested, false,
     "the peer has nothing that we want"},
    {side::peer, choke_move::choke, &peer_state::peer_choking, true,
     "our open requests are lost"},
    {side::peer, choke_move::unchoke, &peer_state::peer_choking, false,
     "we may request, if we are interested"},
    {side::peer, choke_move::interested, &peer_state::peer_interested, true,
     "the peer waits to be unchoked"},
    {side::peer, choke_move::not_interested, &peer_state::peer_interested, false,
     "the peer needs no slot"},
};

move_rule const& rule_for(side who, choke_move what) {
  return *std::ranges::find_if(
      rules, [&](move_rule const& r) { return r.who == who && r.what == what; });
}

} // namespace

std::span<move_rule const> move_rules() { return rules; }

verdict peer_state::judge(side who, choke_move what) const {
  // hole 5.1: judge a request, ours or the peer's
  if (what == choke_move::request) {
    if (who == side::we) return may_request() ? verdict::allowed : verdict::illegal;
    return may_serve() ? verdict::allowed : verdict::not_heard;
  }
  // end hole 5.1
  move_rule const& r = rule_for(who, what);
  return this->*r.bit == r.value ? verdict::repeats : verdict::turns_a_bit;
}

bool peer_state::apply(side who, choke_move what) {
  verdict const v = judge(who, what);
  if (v == verdict::illegal)
    throw protocol_error(errc::illegal_move,
                         peer_choking ? "a request while the peer is choking us"
                                      : "a request without interest");
  // hole 5.2: turn the one bit that this move turns
  if (v != verdict::turns_a_bit) return false;
  move_rule const& r = rule_for(who, what);
  this->*r.bit = r.value;
  // end hole 5.2
  return true;
}

std::string_view name(side s) { return s == side::we ? "we" : "peer"; }

std::string_view name(choke_move m) {
  switch (m) {
  case choke_move::choke:
    return "choke";
  case choke_move::unchoke:
    return "unchoke";
  case choke_move::interested:
    return "interested";
  case choke_move::not_interested:
    return "not interested";
  case choke_move::request:
    return "request";
  }
  return "unknown";
}

std::string_view name(verdict v) {
  switch (v) {
  case verdict::turns_a_bit:
    return "turns a bit";
  case verdict::repeats:
    return "repeats";
  case verdict::allowed:
    return "allowed";
  case verdict::not_heard:
    return "not heard";
  case verdict::illegal:
    return "illegal";
  }
  return "unknown";
}

} // namespace cotorra::choke
