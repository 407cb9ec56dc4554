#include "handshake/handshake_talk.hpp"
#include <algorithm>

namespace cotorra::handshake {
namespace {

constexpr std::size_t start_size = 1 + pstr.size();

// pstrlen and pstr. Looks at the bytes as they come: a program that speaks another
// protocol is refused at its first wrong byte, without waiting for more.
task<> read_start(io::reader& in) {
  check_handshake_start(in.buffered());
  while (in.buffered().size() < start_size) {
    bool const more = co_await in.fill();
    if (!more)
      throw protocol_error(errc::end_of_stream, "the peer left without a handshake");
    check_handshake_start(in.buffered());
  }
  in.consume(start_size);
}

task<reserved_bits> read_reserved(io::reader& in) {
  reserved_bits reserved;
  bytes const eight = co_await in.take(reserved_bits::size);
  std::ranges::copy(eight, reserved.value.begin());
  co_return reserved;
}

task<peer_id> read_peer_id(io::reader& in) {
  bytes const twenty = co_await in.take(peer_id::size);
  co_return peer_id::from(twenty);
}

void check_not_me(handshake const& theirs, handshake const& mine) {
  // hole 4.3: refuse yourself
  if (theirs.id == mine.id)
    throw protocol_error(errc::own_peer_id,
                         "the peer has our own peer_id: we dialled ourselves");
  // end hole 4.3
}

} // namespace

task<handshake> read_handshake(io::reader& in) {
  handshake h;
  co_await read_start(in);
  h.reserved = co_await read_reserved(in);
  bytes const hash = co_await in.take(info_hash::size);
  h.hash = info_hash::from(hash);
  h.id = co_await read_peer_id(in);
  co_return h;
}

task<handshake> exchange_handshakes(io::reader& in, io::stream& out, handshake mine) {
  auto const hello = encode(mine);
  co_await io::write(out, hello);
  handshake const theirs = co_await read_handshake(in);
  // hole 4.2: compare the answered info_hash
  if (theirs.hash != mine.hash)
    throw protocol_error(errc::wrong_info_hash,
                         "the peer answers for another torrent, " + theirs.hash.hex());
  // end hole 4.2
  check_not_me(theirs, mine);
  co_return theirs;
}

task<handshake> answer_handshake(io::reader& in, io::stream& out,
                                 torrent_lookup const& lookup) {
  handshake theirs;
  // hole 4.4: read as far as the info_hash
  co_await read_start(in);
  theirs.reserved = co_await read_reserved(in);
  bytes const hash = co_await in.take(info_hash::size);
  theirs.hash = info_hash::from(hash);
  // end hole 4.4
  std::optional<handshake> const mine = lookup(theirs.hash);
  // hole 4.5: answer, or leave without a byte
  if (!mine)
    throw protocol_error(errc::wrong_info_hash,
                         "the peer asks for a torrent that is not here, " +
                             theirs.hash.hex());
  auto const hello = encode(*mine);
  co_await io::write(out, hello);
  // end hole 4.5
  theirs.id = co_await read_peer_id(in);
  check_not_me(theirs, *mine);
  co_return theirs;
}

} // namespace cotorra::handshake
