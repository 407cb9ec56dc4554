// What peers say after the handshake (BEP 3; 5: port; 6: the fast extension; 10:
// extended). A frame is the message without its 4-byte length: one byte of id, then the
// payload; the empty frame is a keep-alive.
//
// All of these are plain values. `bytes` members are views into the frame they came from.
#pragma once
#include "base/error.hpp"
#include "base/identifiers.hpp"
#include <variant>

namespace cotorra::message {

struct keep_alive {};
struct choke {
  static constexpr std::uint8_t id = 0;
};
struct unchoke {
  static constexpr std::uint8_t id = 1;
};
struct interested {
  static constexpr std::uint8_t id = 2;
};
struct not_interested {
  static constexpr std::uint8_t id = 3;
};
struct have {
  static constexpr std::uint8_t id = 4;
  piece_index piece = 0;
};
struct bitfield {
  static constexpr std::uint8_t id = 5;
  bytes bits; // cotorra::bitfield::decode() checks them
};
struct request {
  static constexpr std::uint8_t id = 6;
  piece_index piece = 0;
  std::uint32_t begin = 0, length = 0; // bytes
};
struct piece {
  static constexpr std::uint8_t id = 7;
  piece_index piece = 0;
  std::uint32_t begin = 0;
  bytes block;
};
struct cancel {
  static constexpr std::uint8_t id = 8;
  piece_index piece = 0;
  std::uint32_t begin = 0, length = 0;
};
struct port { // of the DHT node (BEP 5)
  static constexpr std::uint8_t id = 9;
  std::uint16_t number = 0;
};
struct suggest_piece { // 13-17: BEP 6
  static constexpr std::uint8_t id = 13;
  piece_index piece = 0;
};
struct have_all {
  static constexpr std::uint8_t id = 14;
};
struct have_none {
  static constexpr std::uint8_t id = 15;
};
struct reject_request {
  static constexpr std::uint8_t id = 16;
  piece_index piece = 0;
  std::uint32_t begin = 0, length = 0;
};
struct allowed_fast {
  static constexpr std::uint8_t id = 17;
  piece_index piece = 0;
};
struct extended { // BEP 10
  static constexpr std::uint8_t id = 20;
  std::uint8_t extension = 0; // 0: the extended handshake; else as agreed there
  bytes payload;
};
struct unknown { // not an error: a newer client may send it
  std::uint8_t id = 0;
  bytes payload;
};

using any = std::variant<keep_alive, choke, unchoke, interested, not_interested, have,
                         bitfield, request, piece, cancel, port, suggest_piece, have_all,
                         have_none, reject_request, allowed_fast, extended, unknown>;

// Throws protocol_error{malformed_message} that names the message, the length it must
// have and the one it has. Never copies: views refer to `frame`.
any decode(bytes frame);

std::string_view name(any const&);      // as in the BEPs: "not interested", "have all"
std::string_view name_of(std::uint8_t); // "unknown" when it is

// Messages of fixed size, as whole frames with their length, on the stack.
struct small_frame {
  std::array<std::byte, 17> data;
  std::size_t size;
  bytes view() const { return bytes(data).first(size); }
};
small_frame to_frame(keep_alive);
small_frame to_frame(choke);
small_frame to_frame(unchoke);
small_frame to_frame(interested);
small_frame to_frame(not_interested);
small_frame to_frame(have);
small_frame to_frame(request);
small_frame to_frame(cancel);
small_frame to_frame(port);
small_frame to_frame(suggest_piece);
small_frame to_frame(have_all);
small_frame to_frame(have_none);
small_frame to_frame(reject_request);
small_frame to_frame(allowed_fast);

// Appends the message with its length in front.
template <class Message> void encode(buffer& out, Message const& m) {
  append(out, to_frame(m).view());
}
void encode(buffer& out, bitfield const&);
void encode(buffer& out, piece const&);
void encode(buffer& out, extended const&);
void encode(buffer& out, unknown const&);
void encode(buffer& out, any const&);

// Length, id, piece and begin of a piece message: the block is sent from where it lies.
std::array<std::byte, 13> piece_header(piece_index, std::uint32_t begin,
                                       std::size_t block_length);

} // namespace cotorra::message
