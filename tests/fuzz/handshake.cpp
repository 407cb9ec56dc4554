// 68 bytes, in any parts: taken as a handshake exactly when they are one.
#include "fuzz/fuzz.hpp"
#include "handshake/handshake_talk.hpp"
#include "handshake/peer_id.hpp"
#include "io/memory_pipe.hpp"
#include "support/bench.hpp"

namespace cotorra::fuzz {
namespace {

struct answered {
  std::optional<handshake::handshake> theirs;
  buffer sent;
};

answered answer(bytes input, std::uint8_t cut, handshake::handshake const& mine) {
  static test::bench desk;
  auto [near, far] = io::memory_stream::pair(desk.executor());
  io::reader in(*near);
  handshake::torrent_lookup const lookup =
      [&](info_hash const& asked) -> std::optional<handshake::handshake> {
    if (asked != mine.hash) return std::nullopt;
    return mine;
  };
  auto const talk = desk.start(handshake::answer_handshake(in, *near, lookup));
  in_parts(input, cut, [&](bytes part) {
    far->say(part);
    desk.settle();
  });
  far->close();
  desk.settle();
  bytes const heard = far->heard();
  return {unless_refused([&] { return talk->get(); }), {heard.begin(), heard.end()}};
}

} // namespace

void target(bytes input) {
  choices from(input);
  std::uint8_t const cut = from.byte();
  bytes const words = from.rest();
  auto const theirs = unless_refused([&] { return handshake::decode(words); });
  if (theirs) {
    demand(std::ranges::equal(handshake::encode(*theirs),
                              words.first(handshake::handshake_size)),
           "written again it is the same");
    demand(!handshake::client_name(theirs->id).empty(),
           "every peer has a name of some kind");
  }
  handshake::handshake mine; // of a torrent whose info_hash is twenty times 'h'
  mine.hash.value.fill(std::byte{'h'});
  answered const a = answer(words, cut, mine);
  demand(a.sent.empty() || std::ranges::equal(a.sent, handshake::encode(mine)),
         "we say our handshake or nothing");
  bool const fits = theirs && theirs->hash == mine.hash && theirs->id != mine.id;
  demand(a.theirs.has_value() == fits, "who asks for our torrent is let in, nobody else");
  if (fits) demand(*a.theirs == *theirs && !a.sent.empty(), "and heard correctly");
}

} // namespace cotorra::fuzz
