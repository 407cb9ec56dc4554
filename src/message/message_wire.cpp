#include "message/message_wire.hpp"
#include <algorithm>
#include <fmt/format.h>

namespace cotorra::message {
namespace {

[[noreturn]] void malformed(bytes frame, std::string_view wanted) {
  auto const id = std::to_integer<std::uint8_t>(frame[0]);
  throw protocol_error(errc::malformed_message,
                       fmt::format("the peer sent a message \"{}\" (id {}) of {} bytes "
                                   "instead of {}",
                                   name_of(id), id, frame.size(), wanted));
}

// Sizes include the byte of the id.
void needs(bytes frame, std::size_t size) {
  if (frame.size() != size) malformed(frame, std::to_string(size));
}
void needs_at_least(bytes frame, std::size_t size) {
  if (frame.size() < size) malformed(frame, fmt::format("at least {}", size));
}

std::uint32_t number(bytes frame, std::size_t at) { return get_u32(frame.subspan(at)); }

template <class Message> any bare(bytes frame) {
  needs(frame, 1);
  return Message{};
}
template <class Message> any with_piece(bytes frame) {
  needs(frame, 5);
  return Message{number(frame, 1)};
}
template <class Message> any with_block(bytes frame) {
  needs(frame, 13);
  return Message{number(frame, 1), number(frame, 5), number(frame, 9)};
}
any decode_piece(bytes frame) {
  // hole 6.3: take a piece message apart
  needs_at_least(frame, 9);
  return piece{number(frame, 1), number(frame, 5), frame.subspan(9)};
  // end hole 6.3
}
any decode_port(bytes frame) {
  needs(frame, 3);
  return port{get_u16(frame.subspan(1))};
}
any decode_extended(bytes frame) {
  needs_at_least(frame, 2);
  return extended{std::to_integer<std::uint8_t>(frame[1]), frame.subspan(2)};
}

small_frame start(std::uint8_t id, std::size_t length) {
  small_frame f;
  f.size = 4 + length;
  f.data[0] = f.data[1] = f.data[2] = std::byte{0};
  f.data[3] = static_cast<std::byte>(length);
  f.data[4] = std::byte{id};
  return f;
}

void put_at(std::byte* to, std::uint32_t n) {
  // hole 6.2: write a number, big-endian
  for (int shift = 24; shift >= 0; shift -= 8) *to++ = static_cast<std::byte>(n >> shift);
  // end hole 6.2
}

small_frame piece_frame(std::uint8_t id, piece_index p) {
  small_frame f = start(id, 5);
  put_at(&f.data[5], p);
  return f;
}

small_frame block_frame(std::uint8_t id, piece_index p, std::uint32_t begin,
                        std::uint32_t length) {
  small_frame f = start(id, 13);
  put_at(&f.data[5], p);
  put_at(&f.data[9], begin);
  put_at(&f.data[13], length);
  return f;
}

void start(buffer& out, std::size_t length, std::uint8_t id) {
  put_u32(out, static_cast<std::uint32_t>(length));
  put_u8(out, id);
}

} // namespace

any decode(bytes frame) {
  if (frame.empty()) return keep_alive{};
  switch (auto const id = std::to_integer<std::uint8_t>(frame[0]); id) {
  case choke::id:
    return bare<choke>(frame);
  case unchoke::id:
    return bare<unchoke>(frame);
  case interested::id:
    return bare<interested>(frame);
  case not_interested::id:
    return bare<not_interested>(frame);
  case have::id:
    return with_piece<have>(frame);
  case bitfield::id:
    return bitfield{frame.subspan(1)};
  case request::id:
    return with_block<request>(frame);
  case piece::id:
    return decode_piece(frame);
  case cancel::id:
    return with_block<cancel>(frame);
  case port::id:
    return decode_port(frame);
  case suggest_piece::id:
    return with_piece<suggest_piece>(frame);
  case have_all::id:
    return bare<have_all>(frame);
  case have_none::id:
    return bare<have_none>(frame);
  case reject_request::id:
    return with_block<reject_request>(frame);
  case allowed_fast::id:
    return with_piece<allowed_fast>(frame);
  case extended::id:
    return decode_extended(frame);
  default:
    return unknown{id, frame.subspan(1)};
  }
}

std::string_view name_of(std::uint8_t id) {
  constexpr std::string_view names[] = {"choke",
                                        "unchoke",
                                        "interested",
                                        "not interested",
                                        "have",
                                        "bitfield",
                                        "request",
                                        "piece",
                                        "cancel",
                                        "port",
                                        "",
                                        "",
                                        "",
                                        "suggest piece",
                                        "have all",
                                        "have none",
                                        "reject request",
                                        "allowed fast",
                                        "",
                                        "",
                                        "extended"};
  bool const known = id < std::size(names) && !names[id].empty();
  return known ? names[id] : "unknown";
}

std::string_view name(any const& m) {
  return std::visit(
      [](auto const& x) -> std::string_view {
        if constexpr (requires { x.id; })
          return name_of(x.id);
        else
          return "keep-alive";
      },
      m);
}

small_frame to_frame(keep_alive) { return {{}, 4}; }
small_frame to_frame(choke m) { return start(m.id, 1); }
small_frame to_frame(unchoke m) { return start(m.id, 1); }
small_frame to_frame(interested m) { return start(m.id, 1); }
small_frame to_frame(not_interested m) { return start(m.id, 1); }
small_frame to_frame(have m) { return piece_frame(m.id, m.piece); }
small_frame to_frame(request m) { return block_frame(m.id, m.piece, m.begin, m.length); }
small_frame to_frame(cancel m) { return block_frame(m.id, m.piece, m.begin, m.length); }
small_frame to_frame(port m) {
  small_frame f = start(m.id, 3);
  f.data[5] = static_cast<std::byte>(m.number >> 8);
  f.data[6] = static_cast<std::byte>(m.number & 0xff);
  return f;
}
small_frame to_frame(suggest_piece m) { return piece_frame(m.id, m.piece); }
small_frame to_frame(have_all m) { return start(m.id, 1); }
small_frame to_frame(have_none m) { return start(m.id, 1); }
small_frame to_frame(reject_request m) {
  return block_frame(m.id, m.piece, m.begin, m.length);
}
small_frame to_frame(allowed_fast m) { return piece_frame(m.id, m.piece); }

void encode(buffer& out, bitfield const& m) {
  start(out, 1 + m.bits.size(), m.id);
  append(out, m.bits);
}
void encode(buffer& out, piece const& m) {
  append(out, piece_header(m.piece, m.begin, m.block.size()));
  append(out, m.block);
}
void encode(buffer& out, extended const& m) {
  start(out, 2 + m.payload.size(), m.id);
  put_u8(out, m.extension);
  append(out, m.payload);
}
void encode(buffer& out, unknown const& m) {
  start(out, 1 + m.payload.size(), m.id);
  append(out, m.payload);
}
void encode(buffer& out, any const& m) {
  std::visit([&](auto const& x) { encode(out, x); }, m);
}

std::array<std::byte, 13> piece_header(piece_index p, std::uint32_t begin,
                                       std::size_t block_length) {
  std::array<std::byte, 13> out;
  put_at(&out[0], static_cast<std::uint32_t>(9 + block_length));
  out[4] = std::byte{piece::id};
  put_at(&out[5], p);
  put_at(&out[9], begin);
  return out;
}

} // namespace cotorra::message
