// What can go wrong, and how it is reported.
//
// A protocol_error: the other side broke the protocol. It ends one conversation, and is
// recorded as the reason. An input_error: what the user gave us is wrong; one sentence
// says what, where, and what to do. A garbled datagram is no error: it is dropped. A bug
// of ours fails an assert.
#pragma once
#include <stdexcept>
#include <string>
#include <string_view>

namespace cotorra {

// Named, so that tests, counters and bans can tell one offence from another.
enum class errc {
  end_of_stream,      // the other side left in mid-conversation
  timed_out,          // the other side stayed silent too long
  not_bittorrent,     // handshake: another protocol string
  wrong_info_hash,    // handshake: another torrent
  own_peer_id,        // handshake: we dialled ourselves
  wrong_peer_id,      // handshake: another peer_id than the tracker gave
  duplicate_peer,     // handshake: already connected to this peer
  message_too_long,   // framing: past the limit
  malformed_message,  // message: the payload has the wrong length or value
  unexpected_message, // message: not allowed at this point (a late bitfield, say)
  bad_bitfield,       // bitfield: wrong length or spare bits set
  bad_index,          // piece index, block offset or length out of range
  illegal_move,       // choke: a move that the four bits forbid
  unwanted_block,     // piece: a block that was never asked for
  too_many_requests,  // message: more requests than the queue holds
  flooding,           // message: thousands that change nothing
  bad_piece,          // piece: the hash does not match
  both_complete,      // session: neither side needs anything from the other
  idle_for_long,      // session: nothing was sent or received for long
  malformed_bencode,  // bencode: not the one form that BEP 3 allows
  limit_exceeded,     // deeper, longer or more than we accept
  malformed_metainfo, // metainfo: a key is missing, or has the wrong type or value
  malformed_http,     // http: not a response we understand
  http_status,        // http: the server answered with an error status
  too_many_redirects, // http: more than we follow
  unsafe_redirect,    // http: to an address to which a stranger must not send us
  insecure,           // tls: the server could not prove its name, or broke the protocol
  tracker_failure,    // tracker: "failure reason"
  malformed_answer,   // tracker: this is not a tracker's answer
  unsupported,        // valid, but we do not support it
  cannot_connect,     // no answer from that address
  no_address,         // the name has no address of the family that was asked for
  shut_down,          // we are leaving
};

std::string_view name(errc); // "wrong_info_hash"

class protocol_error : public std::runtime_error {
public:
  // `what` is a clause about the other side: "the peer answers for another torrent".
  protocol_error(errc code, std::string const& what)
      : std::runtime_error(what), code_(code) {}
  errc code() const { return code_; }

private:
  errc code_;
};

class input_error : public std::runtime_error {
public:
  using std::runtime_error::runtime_error; // one sentence for the user
};

} // namespace cotorra
