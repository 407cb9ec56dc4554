#include "extension/peer_extensions.hpp"

namespace cotorra::extension {

peer_extensions::peer_extensions(host& h, introduction ours, bool spoken)
    : host_(h), ours_(std::move(ours)), spoken_(spoken), server_(ours_.info) {}

void peer_extensions::greet() {
  if (!spoken_) return;
  extended_handshake h;
  if (ours_.metadata) h.ids.emplace(ut_metadata, our_metadata_id);
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
  if (m.extension == our_metadata_id && ours_.metadata) return metadata(m.payload, now);
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

bool peer_extensions::ask(std::uint32_t piece) {
  metadata_message m;
  m.piece = piece;
  return send(m);
}

// With the id that the peer chose. A peer that gave none gets no answer either.
bool peer_extensions::send(metadata_message const& m) {
  if (!gives_metadata()) return false;
  buffer const payload = encode(m);
  host_.send({theirs_.of(ut_metadata), payload});
  return true;
}

} // namespace cotorra::extension
