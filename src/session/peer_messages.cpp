// What each message does: the rules of BEP 3 and BEP 6, one function for each.
#include "session/peer_connection.hpp"
#include <algorithm>
#include <utility>

namespace cotorra::session {
namespace {

constexpr std::uint32_t largest_request =
    128 * 1024; // more is a breach, by custom; BEP 3 itself says 16 KiB
} // namespace

void peer_connection::bear(bool changed) {
  if (!changed && !nuisance_.bear(talk_.now()))
    throw protocol_error(errc::flooding,
                         "the peer sends thousands of messages that change nothing");
}

piece::block peer_connection::checked(piece_index piece, std::uint32_t begin,
                                      std::uint32_t length) const {
  piece::block const b{piece, begin, length};
  if (!content_.layout().valid(b))
    throw protocol_error(errc::bad_index,
                         "the peer names piece " + std::to_string(piece) + ", bytes " +
                             std::to_string(begin) + " + " + std::to_string(length) +
                             ", which is outside the torrent");
  return b;
}

void peer_connection::on(message::choke const&) {
  bear(false); // it costs us a look at all open pieces, and may come again and again
  if (!state_.apply(choke::side::peer, choke::choke_move::choke)) return;
  content_.pieces().picker().forget(key());
  // with the fast extension each request is refused by name instead
  if (fast_) return;
  std::vector<piece::block> const asked = requests_.take_all();
  patience_ += asked.size(); // some may be on their way
  give_back(asked);
}

void peer_connection::on(message::unchoke const&) {
  state_.apply(choke::side::peer, choke::choke_move::unchoke);
  rejects_ = false;
}

void peer_connection::on(message::interested const&) {
  bear(false); // it costs us a look at all peers, and may come again and again
  if (state_.apply(choke::side::peer, choke::choke_move::interested))
    host_.interest_changed();
}

void peer_connection::on(message::not_interested const&) {
  bear(false);
  if (state_.apply(choke::side::peer, choke::choke_move::not_interested))
    host_.interest_changed();
}

template <class Pieces> void peer_connection::has(Pieces more) {
  theirs_.add(std::move(more));
  update_interest();
  host_.pieces_changed(*this);
}

void peer_connection::on(message::have const& m) {
  if (m.piece >= count())
    throw protocol_error(errc::bad_index, "the peer claims piece " +
                                              std::to_string(m.piece) + " of " +
                                              std::to_string(count()));
  has(m.piece);
}

// BEP 3 wants it first or never, but aria2 says many HAVEs at once with a bitfield.
void peer_connection::on(message::bitfield const& m) {
  auto all = bitfield::decode(m.bits, count());
  if (!all)
    throw protocol_error(errc::bad_bitfield,
                         "the peer's bitfield has the wrong length or spare bits set");
  has(std::move(*all));
}

// Instead of a bitfield (BEP 6); aria2 says it in the middle too, when it is complete.
void peer_connection::on(message::have_all const&) {
  if (!fast_)
    throw protocol_error(errc::unexpected_message, "the peer sent an unagreed have all");
  if (!knows_pieces() || !pieces().all()) has(bitfield(count(), true));
}

void peer_connection::on(message::have_none const&) {
  if (!fast_ || knows_pieces())
    throw protocol_error(errc::unexpected_message,
                         "the peer sent have none late or unagreed");
  has(bitfield(count()));
}

void peer_connection::on(message::request const& m) {
  piece::block const b = checked(m.piece, m.begin, m.length);
  if (b.length > largest_request)
    throw protocol_error(errc::bad_index, "the peer asks for more than 128 KiB at once");
  // a request that our choke crossed on the wire is no offence: refused, that's all
  bool const heard = state_.judge(choke::side::peer, choke::choke_move::request) ==
                     choke::verdict::allowed;
  bool const served = (heard || grants_.allows(b.piece, pieces().count())) &&
                      content_.offered()[b.piece] && uploads_.push(b);
  bear(served);
  if (!served) return refuse(b);
  slot_.asked(talk_.now());
  upload_wake_.set();
}

void peer_connection::on(message::piece const& m) {
  piece::block const b =
      checked(m.piece, m.begin, static_cast<std::uint32_t>(m.block.size()));
  if (!requests_.arrived(b, talk_.now())) {
    if (patience_-- == 0)
      throw protocol_error(errc::unwanted_block,
                           "the peer keeps sending blocks that we did not request");
    return;
  }
  if (patience_ < usual_patience) ++patience_;
  late_ = false;
  last_block_ = talk_.now();
  down_.add(b.length, talk_.now());
  host_.block_arrived(*this, b, m.block);
}

void peer_connection::on(message::cancel const& m) {
  piece::block const b{m.piece, m.begin, m.length};
  bool const waited = uploads_.cancel(b);
  bear(waited);
  if (waited) refuse(b);
}

void peer_connection::on(message::port const& m) {
  bear(!named_node_);
  if (std::exchange(named_node_, true) || m.number == 0) return;
  host_.node_named({at().address, m.number});
}

void peer_connection::on(message::reject_request const& m) {
  if (!fast_)
    throw protocol_error(errc::unexpected_message, "the peer sent an unagreed reject");
  piece::block const b{m.piece, m.begin, m.length};
  bool const asked = requests_.rejected(b);
  bear(asked);
  if (!asked) return;
  give_back({b});
  if (!state_.peer_choking)
    rejects_ = true; // or we would ask for the same again at once, forever
  else
    hints_.disallow(b.piece);
}

void peer_connection::on(message::allowed_fast const& m) {
  hint(m.piece, &fast_hints::allow);
}
void peer_connection::on(message::suggest_piece const& m) {
  hint(m.piece, &fast_hints::suggest);
}

void peer_connection::hint(piece_index i, bool (fast_hints::*what)(piece_index)) {
  if (!fast_ || i >= count())
    throw protocol_error(errc::unexpected_message,
                         "the peer allowed or suggested a piece, unagreed or absurd");
  bear((hints_.*what)(i));
}

void peer_connection::on(message::extended const& m) {
  bear(extensions_.heard(m, talk_.now()));
}

void peer_connection::introduced(extension::extended_handshake const& h) {
  if (h.reqq) requests_.set_reqq(*h.reqq);
  if (listen_port_ == 0 && h.port) listen_port_ = *h.port; // the first one counts
}

} // namespace cotorra::session
