#include "cli/byte_map.hpp"
#include "cli/text.hpp"
#include "handshake/handshake_wire.hpp"
#include "message/framing.hpp"
#include "message/message_wire.hpp"
#include "metainfo/safe_name.hpp"
#include <fmt/format.h>

namespace cotorra::cli {
namespace {

// Text in quotes when it is text, else hex; the start of it when it is long.
std::string content(std::string_view s) {
  constexpr std::size_t most = 48;
  bool const readable = is_utf8(s) && sanitise(s) == s;
  if (readable && s.size() <= most) return fmt::format("\"{}\"", s);
  if (readable) return fmt::format("\"{}\"...", repaired_utf8(s.substr(0, most)));
  std::string_view const start = s.substr(0, most / 2);
  return to_hex(as_bytes(start)) + (start.size() < s.size() ? "..." : "");
}

class bencode_map {
public:
  explicit bencode_map(bencode::value root) : base_(root.raw().data()) {
    add(root, 0, "");
  }
  std::vector<byte_row> rows;

private:
  void add(bencode::value v, unsigned depth, std::string_view before) {
    std::size_t const size = v.raw().size();
    if (v.is_dictionary()) {
      row(v.offset(), 1, depth, before,
          fmt::format("dictionary, {}", count_of(v.size(), "key")));
      for (auto [key, of] : v.entries()) add_entry(key, of, depth + 1);
    } else if (v.is_list()) {
      row(v.offset(), 1, depth, before, fmt::format("list of {}", v.size()));
      for (bencode::value one : v.elements()) add(one, depth + 1, "");
    } else if (v.is_integer()) {
      return row(v.offset(), size, depth, before, fmt::format("integer {}", v.integer()));
    } else {
      return row(v.offset(), size, depth, before,
                 fmt::format("string, {}: {}", count_of(v.string().size(), "byte"),
                             content(v.text())));
    }
    row(v.offset() + size - 1, 1, depth, "", "end");
  }

  void add_entry(std::string_view key, bencode::value of, unsigned depth) {
    auto const end = static_cast<std::size_t>(as_bytes(key).data() - base_) + key.size();
    std::size_t const size = std::to_string(key.size()).size() + 1 + key.size();
    row(end - size, size, depth, "", fmt::format("key {}", content(key)));
    add(of, depth, "= ");
  }

  void row(std::size_t offset, std::size_t length, unsigned depth,
           std::string_view before, std::string text) {
    rows.push_back({offset, length, depth, std::string(before) + text});
  }

  std::byte const* base_;
};

// The fields behind the length and the id.
struct add_fields {
  std::vector<byte_row>& rows;
  std::size_t at;

  void number(std::size_t size, char const* name, std::uint64_t n) {
    put(size, fmt::format("{} {}", name, n));
  }
  void put(std::size_t size, std::string text) {
    if (size != 0) rows.push_back({at, size, 1, std::move(text)});
    at += size;
  }

  template <class Message> void operator()(Message const& m) {
    if constexpr (requires { m.piece; }) number(4, "piece", m.piece);
    if constexpr (requires { m.begin; }) number(4, "begin", m.begin);
    if constexpr (requires { m.length; }) number(4, "length", m.length);
    if constexpr (requires { m.number; }) number(2, "port", m.number);
    if constexpr (requires { m.extension; }) number(1, "extension", m.extension);
    if constexpr (requires { m.bits; }) put(m.bits.size(), "bits");
    if constexpr (requires { m.block; }) put(m.block.size(), "block");
    if constexpr (requires { m.payload; })
      put(m.payload.size(), "payload " + content(as_text(m.payload)));
  }
};

void add_message(std::vector<byte_row>& rows, std::size_t at, bytes frame) {
  message::any const m = message::decode(frame);
  rows.push_back({at, 4, 0, fmt::format("length {}", frame.size())});
  if (frame.empty()) {
    rows.back().text += ": keep-alive";
    return;
  }
  rows.push_back(
      {at + 4, 1, 1,
       fmt::format("id {}: {}", std::to_integer<unsigned>(frame[0]), message::name(m))});
  std::visit(add_fields{rows, at + 5}, m);
}

} // namespace

std::vector<byte_row> map_of(bencode::value root) { return bencode_map(root).rows; }

std::vector<byte_row> map_of_handshake(bytes in) {
  handshake const h = decode_handshake(in);
  return {{0, 1, 0, fmt::format("pstrlen {}", pstr.size())},
          {1, 19, 0, fmt::format("pstr \"{}\"", pstr)},
          {20, 8, 0, "reserved " + to_hex(h.reserved.value)},
          {28, 20, 0, "info_hash " + h.hash.hex()},
          {48, 20, 0, "peer_id " + content(as_text(h.id.value))}};
}

std::vector<byte_row> map_of_messages(bytes all, std::size_t at) {
  std::vector<byte_row> rows;
  try {
    while (auto const frame = message::first_frame(all.subspan(at), all.size())) {
      add_message(rows, at, *frame);
      at += message::length_size + frame->size();
    }
  } catch (protocol_error const&) { // what comes from here on is left over
  }
  if (at < all.size())
    rows.push_back({at, all.size() - at, 0, "left over: no whole message"});
  return rows;
}

void tell(std::vector<byte_row> const& rows) {
  say("    byte    size");
  for (byte_row const& r : rows)
    say(fmt::format("{:>8} {:>7}  {:{}}{}", r.offset, r.length, "", 2 * r.depth, r.text));
}

json facts_of(std::vector<byte_row> const& rows) {
  json out = json::array();
  for (byte_row const& r : rows)
    out.push_back({{"offset", r.offset},
                   {"length", r.length},
                   {"depth", r.depth},
                   {"what", r.text}});
  return out;
}

} // namespace cotorra::cli
