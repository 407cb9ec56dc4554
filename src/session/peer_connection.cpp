#include "session/peer_connection.hpp"
#include "handshake/peer_id.hpp"
#include <algorithm>

namespace cotorra::session {

peer_connection::peer_connection(host& h, io::world const& w, settings const& s,
                                 content& c, connected_peer p,
                                 extension::peer_extensions::introduction ours)
    : host_(h), world_(w), settings_(s), content_(c),
      talk_(w, s, std::move(p), message::limit_for(c.layout().piece_count())),
      fast_(talk_.peer().theirs.reserved.supports_fast()), // as we do
      extensions_(*this, std::move(ours),
                  talk_.peer().theirs.reserved.supports_extensions()),
      theirs_(c), uploads_(s.max_in_request_queue), upload_wake_(w.executor),
      last_block_(talk_.began_at()), patience_(usual_patience) {
  requests_.fix_depth(s.request_depth);
  if (we_dialled()) listen_port_ = at().port;
}

task<> peer_connection::run() {
  co_await talk_.run(*this);
  give_back(requests_.take_all());
}

void peer_connection::heard(message::any const& m) {
  std::visit([this](auto const& each) { on(each); }, m);
}

task<> peer_connection::caught_up() {
  request_blocks();
  disk_gate& gate = content_.pieces().gate();
  if (gate.closed()) co_await gate.opened();
}

// First of all, what we have (BEP 3 "bitfield"; BEP 6 has shorter messages for all and
// none).
void peer_connection::greet() {
  tell_pieces();
  extensions_.greet();
  std::uint16_t const node = host_.dht_port();
  if (node != 0 && talk_.peer().theirs.reserved.supports_dht())
    talk_.out().send(message::port{node});
  if (!fast_) return;
  for (piece_index const i :
       grants_.choose(at().address, content_.hash(), content_.offered()))
    talk_.out().send(message::allowed_fast{i});
}

void peer_connection::tell_pieces() {
  bitfield const& ours = content_.offered();
  if (fast_ && ours.all()) return talk_.out().send(message::have_all{});
  if (fast_ && ours.none()) return talk_.out().send(message::have_none{});
  if (!ours.none()) talk_.out().send(message::bitfield{ours.encode()});
}

void peer_connection::verified(piece_index i) {
  // also to a peer that has it: a super-seeder shows the next piece when it hears this
  if (content_.offered()[i]) talk_.out().send(message::have{i});
  theirs_.verified(i);
  update_interest();
}

void peer_connection::update_interest() {
  if (theirs_.are_of_interest()) {
    if (state_.apply(choke::side::we, choke::choke_move::interested))
      talk_.out().send(message::interested{});
  } else {
    if (state_.apply(choke::side::we, choke::choke_move::not_interested))
      talk_.out().send(message::not_interested{});
  }
}

// Keeps the line busy: as many requests under way as rate times round-trip time asks for.
void peer_connection::request_blocks() {
  if (!state_.am_interested || ended() || !knows_pieces() || rejects_) return;
  std::size_t const room = requests_.room(talk_.now());
  if (room == 0) return;
  bool const choked = state_.peer_choking;
  auto const wanted = [this](piece_index i) { return content_.wants(i); };
  bitfield const first = hints_.first(choked, pieces(), wanted);
  if (choked && first.size() == 0) return;
  picked_.clear();
  if (first.size() != 0) content_.pieces().pick(key(), first, room, picked_);
  if (!choked && picked_.size() < room)
    content_.pieces().pick(key(), pieces(), room - picked_.size(), picked_);
  for (piece::block const& b : picked_) {
    requests_.sent(b, talk_.now());
    talk_.out().send(message::request{b.piece, b.begin, b.length});
  }
  if (!picked_.empty()) talk_.spoke(talk_.now());
}

void peer_connection::give_back(std::vector<piece::block> const& blocks) {
  for (piece::block const& b : blocks) content_.pieces().picker().give_back(key(), b);
}

void peer_connection::cancel_request(piece::block b) {
  if (!requests_.cancelled(b)) return;
  ++patience_; // it may be on its way
  talk_.out().send(message::cancel{b.piece, b.begin, b.length});
}

void peer_connection::cancel_requests_of(piece_index i) {
  for (piece::block const& b : requests_.blocks_of(i)) cancel_request(b);
}

void peer_connection::tick(time_point now) {
  talk_.tick(now);
  if (ended()) return;
  if (talk_.outbox().queued() != 0) slot_.still_sending(now);
  bool const hurry = late_ || content_.pieces().picker().in_endgame();
  std::vector<piece::block> const late =
      requests_.late(now, hurry ? piece::request_queue::endgame_timeout
                                : piece::request_queue::request_timeout);
  for (piece::block const& b : late) content_.pieces().picker().late(key(), b);
  if (!late.empty()) late_ = true;
  std::vector<piece::block> const lost = requests_.lost(now);
  for (piece::block const& b : lost)
    talk_.out().send(message::cancel{b.piece, b.begin, b.length});
  give_back(lost);
  patience_ += lost.size(); // they may still come
  rejects_ = false;
}

bool peer_connection::is_idle_for(piece_index i) const {
  return knows_pieces() && pieces()[i] && state_.may_request() && !ended() &&
         requests_.outstanding() == 0;
}

peer_info peer_connection::info(time_point now) const {
  peer_info i;
  i.ip = at();
  i.client = handshake::client_name(id());
  i.pid = id();
  i.we_dialled = we_dialled();
  i.seed = is_complete();
  i.am_interested = state_.am_interested;
  i.am_choking = state_.am_choking;
  i.peer_interested = state_.peer_interested;
  i.peer_choking = state_.peer_choking;
  i.snubbed = requests_.snubbed();
  i.down_speed = down_.per_second(now);
  i.up_speed = up_.per_second(now);
  i.total_download = down_.total();
  i.total_upload = up_.total();
  i.send_buffer_size = talk_.outbox().queued();
  i.download_queue_length = requests_.outstanding();
  i.ended = talk_.end();
  i.ended_because = talk_.because();
  return i;
}

} // namespace cotorra::session
