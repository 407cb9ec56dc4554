#include "session/info_visit.hpp"
#include "handshake/peer_id.hpp"

namespace cotorra::session {

info_visit::info_visit(host& h, io::world const& w, settings const& s, connected_peer p,
                       extension::peer_extensions::introduction ours)
    : host_(h), talk_(w, s, std::move(p), message::limit_for(most_pieces)),
      extensions_(*this, std::move(ours), peer().theirs.reserved.supports_extensions()),
      useful_(talk_.began_at()), listen_port_(peer().we_dialled ? peer().at.port : 0) {}

task<> info_visit::run() {
  if (!peer().theirs.reserved.supports_extensions())
    disconnect(errc::unsupported, "the peer does not speak the extension protocol, so it "
                                  "cannot give the metadata");
  co_await talk_.run(*this);
}

// What it says of its pieces will be said again when we know how many there are.
void info_visit::heard(message::any const& m) {
  auto const* const said = std::get_if<message::extended>(&m);
  bool const useful = said != nullptr && extensions_.heard(*said, talk_.now());
  if (!useful && !nuisance_.bear(talk_.now()))
    throw protocol_error(errc::flooding,
                         "the peer sends thousands of messages that change nothing");
}

void info_visit::introduced(extension::extended_handshake const& h) {
  if (listen_port_ == 0 && h.port) listen_port_ = *h.port; // the first one counts
  offers_ = extensions_.gives_metadata() && h.metadata_size.value_or(0) != 0;
  if (offers_) host_.metadata_offered(*this, *h.metadata_size);
}

void info_visit::metadata_came(extension::metadata_message const& m) {
  if (m.msg_type == extension::metadata_message::type::data) useful_ = talk_.now();
  host_.metadata_came(*this, m);
}

void info_visit::ask(std::uint32_t piece) {
  if (!extensions_.ask(piece)) return; // it withdrew: the request will expire
  talk_.spoke(talk_.now());
}

void info_visit::tick(time_point now) {
  talk_.tick(now);
  if (!offers_ && now - talk_.began_at() > patience)
    disconnect(errc::timed_out, "the peer does not offer the metadata");
}

admission::member info_visit::as_member() const {
  return {key(), peer().as_visitor(), useful_, false};
}

peer_info info_visit::info() const {
  peer_info i;
  i.ip = peer().at;
  i.client = handshake::client_name(peer().theirs.id);
  i.pid = peer().theirs.id;
  i.we_dialled = peer().we_dialled;
  i.send_buffer_size = talk_.outbox().queued();
  i.ended = talk_.end();
  i.ended_because = talk_.because();
  return i;
}

} // namespace cotorra::session
