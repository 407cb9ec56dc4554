// The extensions in the conversation with one peer: both handshakes, the ids, and the
// metadata that it asks us for. A machine: what is to be sent goes to its host.
#pragma once
#include "extension/info_server.hpp"
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
    virtual void metadata_came(metadata_message const&) = 0;
  };

  struct introduction { // of ours
    std::string client;
    std::uint16_t port = 0; // where we listen; 0: nowhere
    std::uint32_t reqq = 0; // requests that a peer may have waiting with us
    ip_address peer;        // where we see the peer
    // The raw info dictionary, which must outlive this. Empty: we give none.
    bytes info{};
    bool metadata = true; // we want messages of ut_metadata at all
  };

  // spoken: both sides have set the bit of BEP 10. If not, nothing is said or heard.
  peer_extensions(host&, introduction, bool spoken);

  void greet(); // our extended handshake
  // False when the message was of no use. Throws protocol_error.
  bool heard(message::extended const&, time_point now);
  // Asks for a piece of the metadata; false when the peer does not want to be asked.
  bool ask(std::uint32_t piece);
  bool gives_metadata() const { return theirs_.of(ut_metadata) != 0; }

private:
  bool introduced(bytes payload);
  bool metadata(bytes payload, time_point now);
  bool send(metadata_message const&);

  static constexpr unsigned most_introductions = 50; // a peer need not change that often

  host& host_;
  introduction const ours_;
  bool const spoken_;
  their_ids theirs_;
  info_server server_;
  unsigned introductions_ = 0;
};

} // namespace cotorra::extension
