#include "base/error.hpp"
#include "base/hex.hpp"
#include "explain/byte_map.hpp"
#include "explain/facts.hpp"
#include "explain/text.hpp"
#include "extension/metadata_wire.hpp"
#include "handshake/handshake_wire.hpp"
#include "handshake/peer_id.hpp"
#include "message/framing.hpp"
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace cotorra::explain {
namespace {

char const* meaning_of(std::uint8_t id) {
  constexpr char const* words[] = {"I shall answer no requests",
                                   "I answer your requests from now on",
                                   "you have something that I want",
                                   "you have nothing that I want",
                                   "I have one more piece",
                                   "the pieces that I have",
                                   "please send this block",
                                   "here is a block",
                                   "do not send that block any more",
                                   "my DHT node's port (BEP 5)",
                                   "",
                                   "",
                                   "",
                                   "please take this piece from me (BEP 6)",
                                   "I have every piece (BEP 6)",
                                   "I have no piece yet (BEP 6)",
                                   "I shall not send that block (BEP 6)",
                                   "you may ask for it though choked (BEP 6)",
                                   "",
                                   "",
                                   "a message of an extension (BEP 10)"};
  return id < std::size(words) ? words[id] : "";
}

// The payload byte by byte as text where it can be read, else nothing.
std::string visible(bytes in) {
  std::string out;
  for (std::byte b : in) {
    auto const c = std::to_integer<unsigned char>(b);
    out += c > 0x20 && c < 0x7F ? std::string(1, static_cast<char>(c)) : "\u00B7";
  }
  return out;
}

// Of a message of ut_metadata that brings data, which piece: any id may stand before it,
// since each side chooses its own.
std::optional<std::uint32_t> metadata_piece(bytes payload) {
  try {
    auto const m = extension::decode_metadata(payload);
    if (m && m->msg_type == extension::metadata_message::type::data) return m->piece;
  } catch (protocol_error const&) {
    // of another extension
  }
  return std::nullopt;
}

// The fields behind the length and the id.
struct add_fields {
  byte_map& map;
  bytes file;

  void number(std::size_t size, char const* name, std::uint64_t n, char const* note) {
    map.add(size, 1, name, std::to_string(n), note);
  }
  void payload(bytes of, char const* name, std::string note) {
    map.add(of.size(), 1, name, in_short(of, 24), std::move(note));
  }

  template <class Message> void operator()(Message const& m) {
    if constexpr (requires { m.piece; })
      number(4, "piece", m.piece, "its index, counted from 0");
    if constexpr (requires { m.begin; })
      number(4, "begin", m.begin, "where the block begins in the piece");
    if constexpr (requires { m.length; })
      number(4, "length", m.length, "of the block, in bytes");
    if constexpr (requires { m.number; }) number(2, "port", m.number, "of UDP");
    if constexpr (requires { m.bits; }) bits(m.bits);
    if constexpr (requires { m.block; })
      payload(m.block, "block", count_of(m.block.size(), "byte") + " of the content");
    if constexpr (requires { m.extension; }) {
      number(1, "extension", m.extension,
             m.extension == 0 ? "0: the extended handshake" : "as agreed in \"m\"");
      extended(m.payload);
    } else if constexpr (requires { m.payload; }) {
      payload(m.payload, "payload", "we do not know this message");
    }
  }

  void bits(bytes of) {
    std::string const pieces = pieces_in(of);
    map.add(of.size(), 1, "bits", in_binary(of),
            pieces.empty() ? fmt::format("of up to {} pieces", 8 * of.size())
                           : "pieces " + pieces);
  }

  // Bencode, and behind it perhaps a block of metadata (BEP 9).
  void extended(bytes of) {
    std::size_t const end = map.end() + of.size();
    if (of.empty() || as_text(of)[0] != 'd')
      return payload(of, "payload", "of the extension");
    std::size_t const rows = map.rows.size();
    if (!add_bencode(map, file.first(end), bencode_kind::extension, 1)) {
      map.rows.resize(rows); // then the payload is not bencode, and may be what it likes
      map.trouble.clear();
    }
    bytes const rest = file.subspan(map.end(), end - map.end());
    if (auto const piece = metadata_piece(of))
      return payload(rest, "block",
                     fmt::format("piece {} of the metadata: {}", *piece,
                                 count_of(rest.size(), "byte")));
    payload(rest, "payload", "of the extension");
  }
};

void add_message(byte_map& map, bytes file, bytes frame) {
  message::any const m = message::decode(frame);
  std::string_view const name = message::name(m);
  if (frame.empty()) return map.add(4, 0, "length", "0", "keep-alive: I am still here");
  auto const id = std::to_integer<std::uint8_t>(frame[0]);
  map.add(4, 0, "length", std::to_string(frame.size()),
          fmt::format("{}: {} to come", name, count_of(frame.size(), "byte")));
  map.add(1, 1, "id", std::to_string(id), meaning_of(id));
  std::visit(add_fields{map, file}, m);
}

void add_messages(byte_map& map, bytes file) {
  try {
    while (auto const frame =
               message::first_frame(file.subspan(map.end()), message::default_limit)) {
      if (map.full()) break;
      add_message(map, file, *frame);
    }
    std::size_t const at = map.end();
    if (at < file.size())
      map.leave_over(
          file, fmt::format("byte {}: the last message is cut, {} missing", at,
                            count_of(message::missing_bytes(file.subspan(at)), "byte")));
  } catch (protocol_error const& e) {
    map.leave_over(file, fmt::format("byte {}: {}", map.end(), e.what()));
  }
}

std::string note_on(handshake::reserved_bits const& reserved) {
  auto const names = names_of(reserved);
  if (names.empty()) return "no extension";
  return fmt::format("{}", fmt::join(names, ", "));
}

void add_handshake(byte_map& map, handshake::handshake const& h) {
  map.add(1, 0, "pstrlen", std::to_string(handshake::pstr.size()),
          "length of pstr: one byte, not two digits");
  map.add(handshake::pstr.size(), 0, "pstr", std::string(handshake::pstr),
          "the name of the protocol");
  map.add(handshake::reserved_bits::size, 0, "reserved", to_hex(h.reserved.value),
          note_on(h.reserved));
  map.add(info_hash::size, 0, "info_hash", h.hash.hex(), "which torrent");
  map.add(peer_id::size, 0, "peer_id", visible(h.id.value),
          "who speaks: " + sanitise(handshake::client_name(h.id)));
}

// Of a handshake that is cut, the fields that are whole.
void add_cut_handshake(byte_map& map, bytes file) {
  buffer padded(file.begin(), file.end());
  padded.resize(handshake::handshake_size);
  byte_map whole;
  add_handshake(whole, handshake::decode(padded));
  for (byte_row& r : whole.rows)
    if (r.offset + r.length <= file.size()) map.rows.push_back(std::move(r));
}

} // namespace

byte_map map_of_handshake(bytes file) {
  byte_map map;
  map.kind = "a handshake between peers";
  try {
    add_handshake(map, handshake::decode(file));
    if (file.size() > handshake::handshake_size) map.kind += ", and messages";
    add_messages(map, file);
  } catch (protocol_error const& e) {
    if (e.code() == errc::end_of_stream && file.size() > handshake::pstr.size())
      add_cut_handshake(map, file);
    map.leave_over(file, e.what());
  }
  return map;
}

byte_map map_of_messages(bytes file) {
  byte_map map;
  map.kind = "messages between peers";
  add_messages(map, file);
  return map;
}

} // namespace cotorra::explain
