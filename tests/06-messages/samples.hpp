// Each message once, with its bytes written out by hand.
#pragma once
#include "message/message_wire.hpp"

namespace cotorra::test {

struct sample {
  message::any value;
  std::string_view name;
  buffer wire; // with the length in front
  bytes frame() const { return bytes(wire).subspan(4); }
};

inline std::vector<sample> samples() {
  using namespace message;
  auto const hex = [](std::string_view text) { return *from_hex(text); };
  return {
      {keep_alive{}, "keep-alive", hex("00000000")},
      {choke{}, "choke", hex("0000000100")},
      {unchoke{}, "unchoke", hex("0000000101")},
      {interested{}, "interested", hex("0000000102")},
      {not_interested{}, "not interested", hex("0000000103")},
      {have{0x01020304}, "have", hex("000000050401020304")},
      {message::bitfield{as_bytes("\xaa\x80")}, "bitfield", hex("0000000305aa80")},
      {request{1, 0x4000, 0x4000}, "request", hex("0000000d06000000010000400000004000")},
      {piece{1, 0x4000, as_bytes("abc")}, "piece",
       hex("0000000c070000000100004000616263")},
      {cancel{1, 0x4000, 0x4000}, "cancel", hex("0000000d08000000010000400000004000")},
      {port{6881}, "port", hex("00000003091ae1")},
      {suggest_piece{7}, "suggest piece", hex("000000050d00000007")},
      {have_all{}, "have all", hex("000000010e")},
      {have_none{}, "have none", hex("000000010f")},
      {reject_request{0xfffffffe, 0x8000, 0x1234}, "reject request",
       hex("0000000d10fffffffe0000800000001234")},
      {allowed_fast{9}, "allowed fast", hex("000000051100000009")},
      {extended{0, as_bytes("de")}, "extended", hex("0000000414006465")},
      {unknown{99, as_bytes("??")}, "unknown", hex("00000003633f3f")},
  };
}

inline buffer wire_of(message::any const& m) {
  buffer out;
  message::encode(out, m);
  return out;
}

// All of them in a row.
inline buffer whole_stream() {
  buffer all;
  for (sample const& s : samples()) append(all, s.wire);
  return all;
}

template <class Call> protocol_error thrown_by(Call call) {
  try {
    call();
  } catch (protocol_error const& e) {
    return e;
  }
  throw std::logic_error("no protocol_error was thrown");
}

} // namespace cotorra::test
