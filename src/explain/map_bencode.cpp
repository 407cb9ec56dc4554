#include "base/error.hpp"
#include "base/identifiers.hpp"
#include "base/sha.hpp"
#include "bencode/decode_wire.hpp"
#include "explain/map_words.hpp"
#include "explain/text.hpp"
#include "tracker/answer_wire.hpp"
#include <charconv>
#include <fmt/format.h>
#include <optional>

namespace cotorra::explain {
namespace {

constexpr std::size_t deepest = bencode::limits{}.depth;
constexpr std::size_t most_rows = bencode::limits{}.items;

bool is_read_leniently(bencode_kind kind) {
  return kind == bencode_kind::torrent || kind == bencode_kind::tracker_answer ||
         kind == bencode_kind::krpc;
}

// A list or dictionary that has not ended yet.
struct open_value {
  bool dictionary = false;
  std::string name;
  std::size_t row = 0; // its own, to be told how many it holds
  std::size_t count = 0;
  std::string key; // the latest
  bool awaits_value = false;
};

// The name of an element: "file 2" of "files".
std::string element_of(open_value const& list, bencode_kind kind) {
  std::size_t const n = list.count + 1;
  std::string const& in = list.name;
  bool const stamp = kind == bencode_kind::resume && in.starts_with("file ");
  constexpr char const* of_stamp[] = {"size", "mtime", "ctime", "inode"};
  if (stamp && n <= std::size(of_stamp)) return of_stamp[n - 1];
  if (in.starts_with("node ") && n <= 2) return n == 1 ? "host" : "port";
  if (kind == bencode_kind::krpc)
    if (auto const name = element_of_krpc(in, n); !name.empty()) return name;
  if (in == "path" || in == "symlink path") return "folder"; // the last is the file
  if (in == "url-list" || in == "httpseeds" || in.starts_with("tier ")) return "URL";
  if (in == "announce-list") return fmt::format("tier {}", n);
  if (in == "files" || in == "peers" || in == "nodes")
    return fmt::format("{} {}", in.substr(0, in.size() - 1), n);
  return fmt::format("item {}", n);
}

// Goes through the bytes as a reader would, so that what is right before an error is
// explained too. The bencode room judges each integer and string.
class walk {
public:
  walk(byte_map& map, bytes file, bencode_kind kind, unsigned depth)
      : map_(map), file_(file), kind_(kind), depth_(depth) {}

  bool to_the_end() {
    do {
      if (!step()) return false;
    } while (!open_.empty());
    return true;
  }

private:
  bool step() {
    std::size_t const at = map_.end();
    if (at >= file_.size() || map_.rows.size() >= most_rows) return false;
    char const c = as_text(file_)[at];
    if (c == 'e') return end();
    bool const is_key = !open_.empty() && open_.back().dictionary;
    if (is_key && !open_.back().awaits_value) return key();
    if (c == 'd' || c == 'l') return begin(c == 'd');
    return c == 'i' ? integer() : string();
  }

  unsigned depth() const { return depth_ + static_cast<unsigned>(open_.size()); }

  char const* whole_name() const {
    constexpr char const* names[] = {"metainfo", "answer",  "resume state",
                                     "payload",  "message", "value"};
    return names[static_cast<std::size_t>(kind_)];
  }

  // What the value that comes next is called; counts it.
  std::string next_name() {
    if (open_.empty()) return whole_name();
    open_value& in = open_.back();
    std::string name =
        in.dictionary ? in_short(as_bytes(in.key), 24) : element_of(in, kind_);
    ++in.count;
    in.awaits_value = false;
    return name;
  }

  bool begin(bool dictionary) {
    if (open_.size() >= deepest) return false;
    unsigned const indent = depth();
    std::string name = next_name();
    map_.add(1, indent, name, dictionary ? "d" : "l");
    open_.push_back({dictionary, std::move(name), map_.rows.size() - 1, 0, "", false});
    return true;
  }

  bool end() {
    if (open_.empty() || open_.back().awaits_value) return false;
    open_value const closed = std::move(open_.back());
    open_.pop_back();
    if (closed.name == "path" && closed.count != 0) map_.rows.back().name = "file name";
    map_.add(1, depth(), "end", "e", "of " + closed.name);
    byte_row& whole = map_.rows[closed.row];
    whole.note = closed.dictionary
                     ? fmt::format("dictionary, {}", count_of(closed.count, "key"))
                     : fmt::format("list of {}", human_count(closed.count));
    bool const named =
        kind_ == bencode_kind::torrent && open_.size() == 1 && closed.name == "info";
    if (named) name_torrent(whole);
    return true;
  }

  void name_torrent(byte_row& info) {
    std::size_t const end = map_.end();
    bytes const raw = file_.subspan(info.offset, end - info.offset);
    info.note += "; info_hash " + sha1(raw).hex();
    map_.rows.back().note +=
        fmt::format("; the info_hash is the SHA-1 of bytes {}-{}", info.offset, end - 1);
  }

  // The bytes of an integer, or of a string; judged by the decoder.
  std::optional<bytes> scalar(std::size_t size) const {
    bytes const rest = file_.subspan(map_.end());
    if (size > rest.size()) return std::nullopt;
    try {
      bencode::limits whole;
      whole.total_bytes = file_.size();
      bencode::decode(rest.first(size), whole,
                      {.numbers = is_read_leniently(kind_), .rest = false});
      return rest.first(size);
    } catch (protocol_error const&) {
      return std::nullopt;
    }
  }

  bool integer() {
    std::string_view const rest = as_text(file_.subspan(map_.end()));
    auto const token = scalar(std::min(rest.find('e'), rest.size() - 1) + 1);
    if (!token) return false;
    unsigned const indent = depth();
    std::string const name = next_name();
    std::int64_t n = 0;
    char const* const end = rest.data() + token->size() - 1;
    bool const fits = std::from_chars(rest.data() + 1, end, n).ec == std::errc();
    map_.add(token->size(), indent, name, in_short(*token), fits ? note_of(name, n) : "");
    map_.rows.back().alike = name.starts_with("item ");
    return true;
  }

  std::string note_of(std::string const& name, std::int64_t n) const {
    if (name == "creation date") return human_date(n);
    if (name == "mtime" || name == "ctime") return human_date(n / 1'000'000'000);
    if (kind_ == bencode_kind::krpc && name == "code") return words_of_error(n);
    bool const size = name == "length" || name == "piece length" || name == "size";
    if (size && n >= 1024) return human_size(static_cast<std::uint64_t>(n));
    if (name.ends_with("interval") && n > 60)
      return human_duration(static_cast<double>(n));
    return "";
  }

  struct string_token {
    bytes whole, content;
    std::string prefix; // "20:"
  };

  std::optional<string_token> take_string() const {
    std::string_view const rest = as_text(file_.subspan(map_.end()));
    std::size_t const colon = rest.find_first_not_of("0123456789");
    std::size_t size = 0;
    if (colon == rest.npos || colon == 0 || rest[colon] != ':') return std::nullopt;
    auto const [end, error] = std::from_chars(rest.data(), rest.data() + colon, size);
    if (error != std::errc() || size > rest.size()) return std::nullopt;
    auto const token = scalar(colon + 1 + size);
    if (!token) return std::nullopt;
    return string_token{*token, token->subspan(colon + 1),
                        std::string(rest.substr(0, colon + 1))};
  }

  static std::string text_of(string_token const& s) {
    std::string const content = in_short(s.content);
    bool const as_it_is = as_text(s.content).starts_with(content.substr(0, 20));
    return s.prefix + (as_it_is ? "" : " ") + content;
  }

  bool key() {
    auto const s = take_string();
    if (!s) return false;
    open_value& in = open_.back();
    std::string const name(as_text(s->content));
    std::string note;
    if (char const* const words = meaning_of(kind_, name)) note = words;
    bool const arguments =
        kind_ == bencode_kind::krpc && (in.name == "a" || in.name == "r");
    bool const top = open_.size() == 1 || in.name == "info" || arguments;
    if (note.empty() && top && kind_ != bencode_kind::other)
      note = "we do not know this key";
    if (in.count != 0 && name < in.key) note = "out of order: keys must be sorted";
    if (in.count != 0 && name == in.key) note = "a second time: keys must be unique";
    map_.add(s->whole.size(), depth(), "key", text_of(*s), std::move(note));
    in.key = name;
    in.awaits_value = true;
    return true;
  }

  bool string() {
    auto const s = take_string();
    if (!s) return false;
    unsigned const indent = depth();
    std::string const name = next_name();
    packed_string const packed{s->prefix, s->content, name, indent};
    bool const addresses = name == "peers" || name == "peers6";
    if (kind_ == bencode_kind::torrent && name == "pieces")
      return add_hashes(map_, packed);
    if (kind_ == bencode_kind::tracker_answer && addresses)
      return add_addresses(map_, packed);
    if (kind_ == bencode_kind::resume && name == "pieces") return add_bits(map_, packed);
    if (kind_ == bencode_kind::krpc) return add_krpc_string(map_, packed, text_of(*s));
    map_.add(s->whole.size(), indent, name, text_of(*s));
    map_.rows.back().alike = name.starts_with("item ");
    return true;
  }

  byte_map& map_;
  bytes const file_;
  bencode_kind const kind_;
  unsigned const depth_;
  std::vector<open_value> open_;
};

} // namespace

bencode_kind guess_kind(bytes file) {
  std::string_view const s = as_text(file);
  auto const has = [&](std::string_view key) { return s.find(key) != s.npos; };
  if (has("4:infod")) return bencode_kind::torrent;
  if (looks_like_krpc(s)) return bencode_kind::krpc;
  if (has("11:piece count") && has("9:info hash")) return bencode_kind::resume;
  if (has("8:interval") || has("5:peers") || has("14:failure reason"))
    return bencode_kind::tracker_answer;
  return bencode_kind::other;
}

bool add_bencode(byte_map& map, bytes file, bencode_kind kind, unsigned depth) {
  std::size_t const begin = map.end();
  bool const whole = walk(map, file, kind, depth).to_the_end();
  if (whole || !map.trouble.empty()) return whole;
  try {
    bencode::limits limits;
    limits.total_bytes = std::max(limits.total_bytes, file.size());
    bencode::decode(file.subspan(begin), limits,
                    {.numbers = is_read_leniently(kind), .rest = true});
    map.trouble = fmt::format("byte {}: this is no bencode", map.end());
  } catch (protocol_error const& e) {
    map.trouble =
        begin == 0 ? e.what()
                   : fmt::format("in the bencode from byte {} on, {}", begin, e.what());
  }
  return false;
}

bool add_with_rest(byte_map& map, bytes file, bencode_kind kind) {
  if (kind == bencode_kind::tracker_answer) {
    bytes const body = file.subspan(map.end());
    bytes const before = body.first(tracker::begin_of_answer(body));
    map.add(before.size(), 0, "beginning", in_short(before),
            "before the answer: it does not count");
  }
  if (!add_bencode(map, file, kind, 0)) return false;
  bytes const rest = file.subspan(map.end());
  if (is_read_leniently(kind))
    map.add(rest.size(), 0, "rest", in_short(rest), "after the end: it does not count");
  return true;
}

byte_map map_of_bencode(bytes file) {
  bencode_kind const kind = guess_kind(file);
  constexpr char const* names[] = {
      "a .torrent", "a tracker's answer",          "a resume file",
      "bencode",    "a message of the DHT (KRPC)", "bencode"};
  byte_map map;
  map.kind = names[static_cast<std::size_t>(kind)];
  add_with_rest(map, file, kind);
  map.leave_over(
      file, fmt::format("byte {}: the value has ended, but bytes follow", map.end()));
  return map;
}

} // namespace cotorra::explain
