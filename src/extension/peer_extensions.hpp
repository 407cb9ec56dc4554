// The extensions in the conversation with one peer: both handshakes, the ids, the
// metadata that it asks us for, and the peers that each side names. A machine: what is to
// be sent goes to its host.
#pragma once
#include "extension/info_server.hpp"
#include "extension/pex_log.hpp"
#include "extension/their_ids.hpp"
#include "message/message_wire.hpp"

namespace cotorra::extension {

class peer_extensions {
public:
  class host {
  public:
    virtual ~host() = default;
    virtual void send(message::extended const&) = 0;
    // The peer said, for the first time or again, what it can do.
    virtual void introduced(extended_handshake const&) = 0;
    // A piece of the metadata came, or was refused.
    virtual void metadata_came(metadata_message const&) {}
    virtual void peers_named(pex_message const&) = 0; // by the peer (BEP 11)
  };

  struct introduction { // of ours
    std::string client;
    std::uint16_t port = 0; // where we listen; 0: nowhere
    std::uint32_t reqq = 0; // requests that a peer may have waiting with us
    ip_address peer;        // where we see the peer
    // The raw info dictionary, which must outlive this. Empty: we give none.
    bytes info{};
    // BEP 27: then the peer hears and tells of nothing but pieces.
    bool is_private = false;
  };

  // spoken: both sides have set the bit of BEP 10. If not, nothing is said or heard.
  peer_extensions(host&, introduction, bool spoken);

  void greet(); // our extended handshake
  // False when the message was of no use. Throws protocol_error.
  bool heard(message::extended const&, time_point now);
  // Asks for a piece of the metadata; false when the peer does not want to be asked.
  bool ask(std::uint32_t piece);
  bool gives_metadata() const { return theirs_.of(ut_metadata) != 0; }
  // Which peers came and went, if it wants to know, and once a minute at most (BEP 11).
  // `listens_at`: the peer itself.
  void tell_peers(pex_log const&, endpoint listens_at, time_point now);

private:
  bool introduced(bytes payload);
  bool metadata(bytes payload, time_point now);
  bool peers(bytes payload, time_point now);
  bool send(metadata_message const&);

  static constexpr unsigned most_introductions = 50; // a peer need not change that often
  // Of ut_pex: ours keep BEP 11, theirs may come a little early.
  static constexpr duration between = 60s, between_theirs = 45s;

  host& host_;
  introduction const ours_;
  bool const spoken_;
  their_ids theirs_;
  info_server server_;
  unsigned introductions_ = 0;
  pex_log::mark told_ = 0;                       // what the peer has heard of our log
  std::optional<time_point> told_at_, named_at_; // the last ut_pex, of ours and theirs
};

} // namespace cotorra::extension
