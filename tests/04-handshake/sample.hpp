// A handshake of two made-up peers, and its 68 bytes written out by hand.
#pragma once
#include "handshake/handshake_wire.hpp"
#include "print.hpp"
#include "support/story.hpp"

namespace cotorra::test {

inline info_hash sample_hash() {
  return info_hash::from(*from_hex("1cad4a48798d952614c394eb15e75bec587fd08d"));
}
inline info_hash other_hash() {
  return info_hash::from(*from_hex("c77829d2a77d6516f88cd7a3de1a26abcbfab0db"));
}

inline handshake::reserved_bits reserved(std::string_view hex) {
  handshake::reserved_bits bits;
  buffer const eight = *from_hex(hex);
  std::copy_n(eight.begin(), eight.size(), bits.value.begin());
  return bits;
}

inline handshake::handshake
sample_handshake(std::string_view id = "-CO0100-abcdefghijkl") {
  handshake::handshake h;
  h.reserved = reserved("0000000000100005"); // BEP 10, 6 and 5
  h.hash = sample_hash();
  h.id = peer_id::from(as_bytes(id));
  return h;
}
// The peer is another program, and can do less.
inline handshake::handshake their_handshake() {
  handshake::handshake h = sample_handshake("-TR3000-0123456789ab");
  h.reserved = reserved("0000000000100004");
  return h;
}

inline buffer sample_bytes() {
  return *from_hex("13"
                   "426974546f7272656e742070726f746f636f6c"
                   "0000000000100005"
                   "1cad4a48798d952614c394eb15e75bec587fd08d"
                   "2d434f303130302d6162636465666768696a6b6c");
}

inline std::vector<field> handshake_fields() {
  return {
      {0, "pstrlen"}, {1, "pstr"}, {20, "reserved"}, {28, "info_hash"}, {48, "peer_id"}};
}

template <class Call> errc code_thrown_by(Call call) {
  try {
    call();
  } catch (protocol_error const& e) {
    return e.code();
  }
  throw std::logic_error("nothing was thrown");
}
template <class Call> std::string clause_thrown_by(Call call) {
  try {
    call();
  } catch (protocol_error const& e) {
    return e.what();
  }
  throw std::logic_error("nothing was thrown");
}

} // namespace cotorra::test
