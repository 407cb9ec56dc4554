#include "base/error.hpp"
#include "base/hex.hpp"
#include "base/trimmed.hpp"
#include "explain/byte_map.hpp"
#include "explain/text.hpp"
#include "http/message_wire.hpp"
#include <algorithm>
#include <array>
#include <charconv>
#include <fmt/format.h>
#include <optional>

namespace cotorra::explain {
namespace {

struct meaning {
  std::string_view name;
  char const* words;
};

constexpr meaning of_parameters[]{{"info_hash", "which torrent: 20 bytes, percent-coded"},
                                  {"peer_id", "who asks: 20 bytes, percent-coded"},
                                  {"port", "where it listens"},
                                  {"uploaded", "bytes, since it started"},
                                  {"downloaded", "bytes, since it started"},
                                  {"left", "bytes that it lacks; 0: a seeder"},
                                  {"numwant", "how many peers it would like"},
                                  {"key", "stays the same when its address changes"},
                                  {"compact", "1: peers of 6 bytes, please (BEP 23)"},
                                  {"no_peer_id", "1: leave out the peer_ids"},
                                  {"event", "started, completed or stopped"},
                                  {"ip", "its address, should you see another"},
                                  {"trackerid", "what the tracker told it to repeat"}};

char const* words_on(std::string_view name) {
  auto const* const found =
      std::find_if(std::begin(of_parameters), std::end(of_parameters),
                   [name](meaning const& m) { return m.name == name; });
  return found == std::end(of_parameters) ? "" : found->words;
}

constexpr char const* end_of_head = "end of head";

// Goes through the head. Ends of lines belong to what is before them.
class head {
public:
  head(byte_map& map, bytes file, std::size_t size)
      : map_(map), text_(as_text(file).substr(0, size)) {}

  // Up to the first of these letters, or to the end of the head.
  std::string_view until(char const* letters) const {
    std::string_view const rest = text_.substr(map_.end());
    return rest.substr(0, rest.find_first_of(letters));
  }
  // With the space behind it, if there is one.
  std::string_view word() const {
    std::string_view const rest = text_.substr(map_.end());
    std::size_t const size = until(" \r\n").size();
    return rest.substr(0, size + (rest.substr(size).starts_with(' ') ? 1 : 0));
  }
  std::string_view line() const {
    std::string_view const rest = text_.substr(map_.end());
    auto const end = rest.find('\n');
    return rest.substr(0, end == rest.npos ? end : end + 1);
  }
  void add(std::string_view part, std::string name, std::string note) {
    map_.add(part.size(), 0, std::move(name), shown(part), std::move(note));
  }

  void parameters() {
    while (until("?&").empty() && map_.end() < text_.size()) {
      std::string_view const rest = text_.substr(map_.end());
      parameter(rest.substr(0, rest.find_first_of("& \r\n", 1)));
    }
  }

  void fields() {
    for (std::string_view l = line(); !l.empty() && !map_.full(); l = line()) {
      if (l == "\r\n" || l == "\n") return add(l, end_of_head, "an empty line");
      auto const colon = l.find(':');
      if (colon == l.npos) return; // no field: left over
      add(l, in_short(as_bytes(l.substr(0, colon)), 24), "");
      map_.rows.back().value = shown(l.substr(colon + 1));
    }
  }

private:
  static std::string shown(std::string_view s) { return in_short(as_bytes(trimmed(s))); }

  void parameter(std::string_view part) {
    auto const equals = std::min(part.find('='), part.size());
    std::string const name(part.substr(1, equals - 1));
    auto const coded = part.substr(std::min(equals + 1, part.size()));
    auto const value = percent_decode(coded);
    bool const hex = name == "info_hash" || name == "peer_id";
    std::string shown = in_short(value ? as_bytes(*value) : as_bytes(coded));
    std::string note = value ? words_on(name) : "not percent-coded as it should be";
    if (hex && value && value->size() == 20) shown = to_hex(as_bytes(*value));
    if (hex && value && value->size() != 20)
      note = fmt::format("{} bytes instead of 20", value->size());
    map_.add(part.size(), 1, in_short(as_bytes(name), 24), std::move(shown),
             std::move(note));
  }

  byte_map& map_;
  std::string_view const text_;
};

// The head's size; that of the whole file when the head has no end.
std::size_t head_size(byte_map& map, bytes file, std::size_t most) {
  try {
    if (auto const size = http::head_size(file, most)) return *size;
    map.trouble = "the head has no end: an empty line is missing";
  } catch (protocol_error const& e) {
    map.trouble = e.what();
  }
  return std::min(file.size(), most);
}

void add_body(byte_map& map, bytes file) {
  bencode_kind const kind = guess_kind(file.subspan(map.end()));
  if (kind == bencode_kind::other)
    return map.add(file.size() - map.end(), 0, "body", in_short(file.subspan(map.end())));
  add_with_rest(map, file, kind);
}

// The number; nullopt when other letters are among the digits, or it is too large.
std::optional<std::size_t> number(std::string_view digits, int base) {
  std::size_t n = 0;
  char const* const end = digits.data() + digits.size();
  auto const [stop, error] = std::from_chars(digits.data(), end, n, base);
  if (error != std::errc() || stop != end) return std::nullopt;
  return n;
}

// The next `size` bytes behind the map so far. When the file has fewer: all of them, and
// a trouble.
bytes bytes_of(byte_map& map, bytes file, std::size_t size, char const* what) {
  bytes const rest = file.subspan(map.end());
  if (size > rest.size() && map.trouble.empty())
    map.trouble =
        fmt::format("{} is cut, {} missing", what, count_of(size - rest.size(), "byte"));
  return rest.first(std::min(size, rest.size()));
}

// The end of a line, if it is here.
std::size_t line_end(std::string_view text) {
  return text.starts_with("\r\n") ? 2 : text.starts_with('\n') ? 1 : 0;
}

void add_trailer(byte_map& map, bytes file) {
  head(map, file, file.size()).fields();
  if (map.rows.back().name != end_of_head && map.trouble.empty())
    map.trouble = "the answer is cut: an empty line is missing behind the last chunk";
}

// Size line, data and line end (RFC 9112, section 7.1). True when another chunk follows.
bool add_chunk(byte_map& map, bytes file) {
  std::string_view const rest = as_text(file.subspan(map.end()));
  auto const line = rest.substr(0, std::min(rest.find('\n'), rest.size() - 1) + 1);
  auto const size = number(line.substr(0, line.find_first_of("; \t\r\n")), 16);
  if (!size) {
    map.trouble = fmt::format("byte {}: here a chunk should say its size", map.end());
    return false;
  }
  map.add(line.size(), 0, "chunk size",
          in_short(as_bytes(line.substr(0, line.find_first_of("\r\n")))),
          *size == 0 ? "the last one" : count_of(*size, "byte"));
  if (*size == 0) {
    add_trailer(map, file);
    return false;
  }
  bytes const data = bytes_of(map, file, *size, "the chunk");
  map.add(data.size(), 1, "chunk", in_short(data));
  std::size_t const end = line_end(as_text(file.subspan(map.end())));
  map.add(end, 1, "end of chunk");
  if (end == 0 && map.trouble.empty())
    map.trouble = fmt::format("byte {}: here the chunk should end", map.end());
  return end != 0;
}

void add_chunks(byte_map& map, bytes file) {
  do {
    if (map.end() == file.size()) map.trouble = "the answer is cut: no chunk is the last";
    if (map.end() == file.size() || map.full()) return;
  } while (add_chunk(map, file));
}

void add_body(byte_map& map, bytes file, http::header_fields const& fields) {
  if (fields.has_word("Transfer-Encoding", "chunked")) return add_chunks(map, file);
  auto const given = fields.find("Content-Length");
  if (!given || given->empty()) return add_body(map, file);
  auto const size = number(*given, 10);
  if (!size) {
    map.trouble =
        fmt::format("Content-Length is no size: {}", in_short(as_bytes(*given)));
    return add_body(map, file);
  }
  std::size_t const whole = bytes_of(map, file, *size, "the body").size();
  add_body(map, file.first(map.end() + whole));
}

} // namespace

byte_map map_of_request(bytes file) {
  byte_map map;
  map.kind = "an HTTP request";
  head h(map, file, head_size(map, file, http::largest_head));
  std::string_view const method = h.word();
  h.add(method, "method", method == "GET " ? "please give me" : "");
  h.add(h.until("? \r\n"), "path", "");
  h.parameters();
  h.add(h.line(), "version", "and the end of the line");
  h.fields();
  try {
    http::decode_request_head(file.first(map.end()));
  } catch (protocol_error const& e) {
    if (map.trouble.empty()) map.trouble = e.what();
  }
  map.leave_over(
      file, fmt::format("byte {}: the request has ended, but bytes follow", map.end()));
  return map;
}

byte_map map_of_response(bytes file) {
  byte_map map;
  map.kind = "an HTTP answer";
  head h(map, file, head_size(map, file, http::largest_answer_head));
  h.add(h.word(), "version", "");
  h.add(h.line(), "status", "");
  h.fields();
  try {
    auto const parsed = http::decode_response_head(file.first(map.end()));
    if (map.trouble.empty()) add_body(map, file, parsed.fields);
  } catch (protocol_error const& e) {
    if (map.trouble.empty()) map.trouble = e.what();
  }
  map.leave_over(
      file, fmt::format("byte {}: the answer has ended, but bytes follow", map.end()));
  return map;
}

} // namespace cotorra::explain
