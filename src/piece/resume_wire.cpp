#include "piece/resume_wire.hpp"
#include "base/error.hpp"
#include "bencode/decode_wire.hpp"
#include "bencode/encode_wire.hpp"
#include <limits>

namespace cotorra::piece {
namespace {

constexpr std::int64_t version = 2;

// Thrown and caught in this file only.
void require(bool right) {
  if (!right) throw protocol_error(errc::malformed_bencode, "not a resume state");
}

template <class Unsigned> Unsigned number(bencode::value v) {
  std::int64_t const n = v.integer();
  require(n >= 0 &&
          static_cast<std::uint64_t>(n) <= std::numeric_limits<Unsigned>::max());
  return static_cast<Unsigned>(n);
}

file_stamps stamps(bencode::value list) {
  file_stamps all;
  for (bencode::value const file : list.elements()) {
    std::size_t const size = file.size();
    require(file.is_list() && (size == 0 || size == 4));
    all.emplace_back();
    if (size == 0) continue;
    auto at = file.elements().begin();
    file_stamp stamp;
    stamp.size = number<std::uint64_t>(*at);
    stamp.mtime = (*++at).integer();
    stamp.ctime = (*++at).integer();
    stamp.inode = static_cast<std::uint64_t>((*++at).integer()); // all 64 bits are used
    all.back() = stamp;
  }
  return all;
}

resume_state read(bytes in) {
  bencode::limits bounds; // a state grows with the number of files
  bounds.total_bytes = bounds.items = in.size();
  bencode::document const document = bencode::decode(in, bounds);
  document.require_order();
  bencode::value const root = document.root();
  require(root.at("version").integer() == version);
  resume_state s;
  bytes const hash = root.at("info hash").string();
  require(hash.size() == info_hash::size);
  s.hash = info_hash::from(hash);
  s.piece_length = number<std::uint32_t>(root.at("piece length"));
  auto const count = number<piece_index>(root.at("piece count"));
  auto pieces = bitfield::decode(root.at("pieces").string(), count);
  require(pieces.has_value());
  s.pieces = std::move(*pieces);
  s.files = stamps(root.at("files"));
  auto const settled = number<std::uint32_t>(root.at("settled"));
  require(settled <= 1);
  s.settled = settled == 1;
  return s;
}

} // namespace

buffer encode(resume_state const& s) {
  buffer out;
  bencode::writer w(out);
  w.dictionary();
  w.key("files");
  w.list();
  for (auto const& stamp : s.files) {
    w.list();
    if (stamp) {
      w.integer(static_cast<std::int64_t>(stamp->size));
      w.integer(stamp->mtime);
      w.integer(stamp->ctime);
      w.integer(static_cast<std::int64_t>(stamp->inode));
    }
    w.end();
  }
  w.end();
  w.key("info hash");
  w.string(s.hash.view());
  w.key("piece count");
  w.integer(static_cast<std::int64_t>(s.pieces.size()));
  w.key("piece length");
  w.integer(s.piece_length);
  w.key("pieces");
  w.string(s.pieces.encode());
  w.key("settled");
  w.integer(s.settled ? 1 : 0);
  w.key("version");
  w.integer(version);
  w.end();
  return out;
}

std::optional<resume_state> decode_resume(bytes in) {
  try {
    return read(in);
  } catch (protocol_error const&) {
    return std::nullopt;
  }
}

} // namespace cotorra::piece
