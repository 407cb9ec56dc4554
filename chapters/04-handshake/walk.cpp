// Both ends of one handshake, on a wire in memory: we dial, the peer is dialled.
#include "../book/desk.hpp"
#include "handshake/handshake_talk.hpp"
#include "handshake/peer_id.hpp"
#include "io/memory_pipe.hpp"

using namespace cotorra;

namespace {

task<> dial(io::stream& wire, handshake::handshake ours) {
  io::reader in(wire);
  handshake::handshake const theirs =
      co_await handshake::exchange_handshakes(in, wire, ours);
  fmt::print("we met {}\n", handshake::client_name(theirs.id));
}

task<> answer(io::stream& wire, handshake::handshake served) {
  io::reader in(wire);
  handshake::torrent_lookup const lookup = [&](info_hash const& asked) {
    return asked == served.hash ? std::optional(served) : std::nullopt;
  };
  handshake::handshake const theirs =
      co_await handshake::answer_handshake(in, wire, lookup);
  fmt::print("the peer met {}\n", handshake::client_name(theirs.id));
}

handshake::handshake make_handshake(std::string_view id) {
  handshake::handshake h;
  h.reserved.set_fast().set_extensions();
  h.hash = info_hash::from(*from_hex("1cad4a48798d952614c394eb15e75bec587fd08d"));
  h.id = peer_id::from(as_bytes(id));
  return h;
}

} // namespace

int main() {
  desk table;
  auto [near_end, far_end] = io::memory_stream::pair(table.executor());
  table.start(answer(*far_end, make_handshake("-TR4060-0123456789ab")));
  table.start(dial(*near_end, make_handshake("-CO0100-abcdefghijkl")));
  table.run();
}
