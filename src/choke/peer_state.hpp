// The four bits of a connection, two for each direction, and the moves that turn them
// (BEP 3): "choked" - I will not answer your requests; "interested" - you have what I
// want. Blocks flow where one side is interested and the other is not choking.
#pragma once
#include "base/error.hpp"
#include <span>

namespace cotorra::choke {

enum class side { we, peer };
enum class choke_move { choke, unchoke, interested, not_interested, request };

enum class verdict {
  turns_a_bit,
  repeats,   // legal, and nothing changes: real clients do it
  allowed,   // a request that will be answered
  not_heard, // a request that our choke crossed on the wire: no offence, dropped (or
             // rejected, BEP 6)
  illegal,   // a request of ours while we are choked or not interested: never send it
};

std::string_view name(side);
std::string_view name(choke_move); // the message's name in BEP 3
std::string_view name(verdict);

class peer_state {
public:
  bool am_choking = true;
  bool am_interested = false;
  bool peer_choking = true;
  bool peer_interested = false;

  bool may_request() const { return am_interested && !peer_choking; }
  bool may_serve() const { return peer_interested && !am_choking; }

  // What a move would be now.
  verdict judge(side, choke_move) const;
  // Makes it; true when a bit turned. Throws protocol_error{illegal_move} for an illegal
  // one.
  bool apply(side, choke_move);

  bool operator==(peer_state const&) const = default;
};

// The table of moves: each turns one bit to one value. For the machine, and for printing.
struct move_rule {
  side who;
  choke_move what;
  bool peer_state::* bit;
  bool value;
  std::string_view meaning;
};
std::span<move_rule const> move_rules();

} // namespace cotorra::choke
