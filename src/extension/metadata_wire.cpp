#include "extension/metadata_wire.hpp"
#include "bencode/decode_wire.hpp"
#include "bencode/encode_wire.hpp"
#include <algorithm>
#include <fmt/format.h>

namespace cotorra::extension {
namespace {

using bencode::value;
using type = metadata_message::type;

[[noreturn]] void malformed(std::string const& what) {
  throw protocol_error(errc::malformed_message,
                       "the peer sent a message of ut_metadata " + what);
}

std::int64_t number_at(value root, char const* key) {
  value const v = root.find(key);
  if (!v.is_integer() || v.clamped() < 0)
    malformed(fmt::format("without a number '{}'", key));
  return v.clamped();
}

std::uint32_t piece_at(value root) {
  std::int64_t const n = number_at(root, "piece");
  if (n > std::int64_t{UINT32_MAX}) malformed(fmt::format("for piece {}", n));
  return static_cast<std::uint32_t>(n);
}

} // namespace

std::string_view name(type t) {
  switch (t) {
  case type::request:
    return "request";
  case type::data:
    return "data";
  case type::reject:
    return "reject";
  }
  return "";
}

std::optional<metadata_message> decode_metadata(bytes payload) {
  bencode::limits bounds;
  bounds.depth = 10;
  bounds.items = 200;
  bencode::document const doc =
      bencode::decode(payload, bounds, {.numbers = true, .rest = true});
  value const root = doc.root();
  if (!root.is_dictionary()) malformed("that is not a dictionary");
  std::int64_t const what = number_at(root, "msg_type");
  if (what > std::int64_t{static_cast<std::uint8_t>(type::reject)}) return std::nullopt;
  metadata_message m;
  m.msg_type = static_cast<type>(what);
  m.piece = piece_at(root);
  if (m.msg_type != type::data) return m;
  m.total_size = static_cast<std::uint64_t>(number_at(root, "total_size"));
  m.block = payload.subspan(doc.size());
  if (m.block.size() > metadata_piece_size)
    malformed(fmt::format("with {} bytes: a piece has no more than {}", m.block.size(),
                          metadata_piece_size));
  return m;
}

buffer encode(metadata_message const& m) {
  buffer out;
  bencode::writer to(out);
  to.dictionary();
  to.key("msg_type");
  to.integer(static_cast<std::int64_t>(m.msg_type));
  to.key("piece");
  to.integer(m.piece);
  if (m.msg_type == type::data) {
    to.key("total_size");
    to.integer(static_cast<std::int64_t>(m.total_size));
  }
  to.end();
  append(out, m.block);
  return out;
}

std::uint32_t metadata_pieces(std::uint64_t size) {
  return static_cast<std::uint32_t>((size + metadata_piece_size - 1) /
                                    metadata_piece_size);
}

std::uint32_t metadata_length(std::uint64_t size, std::uint32_t piece) {
  std::uint64_t const begin = std::uint64_t{piece} * metadata_piece_size;
  if (begin >= size) return 0;
  return static_cast<std::uint32_t>(
      std::min<std::uint64_t>(size - begin, metadata_piece_size));
}

} // namespace cotorra::extension
