#include "extension/peer_extensions.hpp"

namespace cotorra::extension {

peer_extensions::peer_extensions(host& h, introduction ours, bool spoken)
    : host_(h), ours_(std::move(ours)), spoken_(spoken), server_(ours_.info) {}

void peer_extensions::greet() {
  if (!spoken_) return;
  extended_handshake h;
  if (!ours_.is_private)
    h.ids = {{std::string(ut_metadata), our_metadata_id},
             {std::string(ut_pex), our_pex_id}};
  if (server_.size() != 0) h.metadata_size = server_.size();
  if (ours_.port != 0) h.port = ours_.port;
  if (ours_.reqq != 0) h.reqq = ours_.reqq;
  h.client = ours_.client;
  h.your_ip = ours_.peer;
  buffer const payload = encode(h);
  host_.send({handshake_id, payload});
}

bool peer_extensions::heard(message::extended const& m, time_point now) {
  if (!spoken_) return false;
  if (m.extension == handshake_id) return introduced(m.payload);
  if (ours_.is_private) return false;
  if (m.extension == our_metadata_id) return metadata(m.payload, now);
  if (m.extension == our_pex_id) return peers(m.payload, now);
  return false; // an id that we never gave
}

// It may come again at any time: only what it names changes (BEP 10).
bool peer_extensions::introduced(bytes payload) {
  if (introductions_ == most_introductions) return false;
  ++introductions_;
  extended_handshake const h = decode_handshake(payload);
  theirs_.learn(h.ids);
  host_.introduced(h);
  return true;
}

bool peer_extensions::metadata(bytes payload, time_point now) {
  auto const m = decode_metadata(payload);
  if (!m) return false;
  if (m->msg_type != metadata_message::type::request) {
    host_.metadata_came(*m);
    return true;
  }
  metadata_message const answer = server_.answer(m->piece, now);
  return send(answer) && answer.msg_type == metadata_message::type::data;
}

bool peer_extensions::peers(bytes payload, time_point now) {
  if (named_at_ && now - *named_at_ < between_theirs) return false;
  named_at_ = now;
  pex_message const m = decode_pex(payload);
  if (m.empty()) return false;
  host_.peers_named(m);
  return true;
}

// Nothing is said when nothing is new: some clients take an empty message for an error.
void peer_extensions::tell_peers(pex_log const& log, endpoint listens_at,
                                 time_point now) {
  std::uint8_t const id = theirs_.of(ut_pex);
  if (id == 0 || ours_.is_private || (told_at_ && now - *told_at_ < between)) return;
  pex_message const m = log.since(told_, listens_at);
  if (m.empty()) return;
  told_at_ = now;
  buffer const payload = encode(m);
  host_.send({id, payload});
}

bool peer_extensions::ask(std::uint32_t piece) {
  metadata_message m;
  m.piece = piece;
  return send(m);
}

// With the id that the peer chose. A peer that gave none gets no answer either.
bool peer_extensions::send(metadata_message const& m) {
  // hole 8.2: send with the id that the peer chose
  if (!gives_metadata()) return false;
  buffer const payload = encode(m);
  host_.send({theirs_.of(ut_metadata), payload});
  return true;
  // end hole 8.2
}

} // namespace cotorra::extension
