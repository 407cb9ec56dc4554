// Interested, unchoke, request: two peers turn their bits. Run it with the word "silent",
// and the leecher never says that it is interested. Each move is one byte here; chapter 6
// gives them their real form.
#include "../book/desk.hpp"
#include "choke/peer_state.hpp"
#include "io/memory_pipe.hpp"
#include "io/reader.hpp"

using namespace cotorra;
using namespace cotorra::choke;

namespace {

struct peer { // one end of a connection
  io::stream& wire;
  std::string_view name;
  io::reader in{wire};
  peer_state state{};
};

task<> say(peer& we, choke_move move) {
  we.state.apply(side::we, move);
  fmt::print("{} says {}\n", we.name, name(move));
  std::byte const one[] = {static_cast<std::byte>(move)};
  co_await io::write(we.wire, one);
}

task<choke_move> hear(peer& we) {
  bytes const one = co_await we.in.take(1);
  auto const move = static_cast<choke_move>(one[0]);
  we.state.apply(side::peer, move);
  co_return move;
}

task<> leech(io::stream& wire, bool silent) {
  peer we{wire, "the leecher"};
  if (!silent) co_await say(we, choke_move::interested);
  while (!we.state.may_request()) co_await hear(we);
  co_await say(we, choke_move::request);
}

task<> seed(io::stream& wire) {
  peer we{wire, "the seeder"};
  while (!we.state.peer_interested) co_await hear(we);
  co_await say(we, choke_move::unchoke);
  co_await hear(we);
  fmt::print("the seeder {}\n", we.state.may_serve() ? "serves" : "hears nothing");
}

} // namespace

int main(int count, char**) {
  desk table;
  auto [near_end, far_end] = io::memory_stream::pair(table.executor());
  table.start(seed(*far_end));
  table.start(leech(*near_end, count > 1));
  table.run();
}
