// Each byte of a file belongs to a field with a name. The rows follow each other without
// a gap, since each begins where the one before it ends.
#pragma once
#include "base/bytes.hpp"
#include "explain/json.hpp"
#include <string>
#include <string_view>
#include <vector>

namespace cotorra::explain {

struct byte_row {
  std::size_t offset = 0, length = 0;
  unsigned depth = 0; // how far to indent
  std::string name;   // the field, in the specification's words
  std::string value;  // safe for a terminal
  std::string note;   // what it means, in a few words
  bool alike = false; // one of many that a person need not see all of
};

struct byte_map {
  std::string kind; // "a .torrent"
  std::vector<byte_row> rows;
  std::string trouble; // one sentence: why bytes are left over

  std::size_t end() const {
    return rows.empty() ? 0 : rows.back().offset + rows.back().length;
  }
  // The next bytes; nothing happens when there are none.
  void add(std::size_t length, unsigned depth, std::string name, std::string value = {},
           std::string note = {});
  // Whether it has as many rows as it may have; then trouble says so.
  bool full();
  // The bytes that belong to no field, up to the end of the file. The first trouble
  // counts.
  void leave_over(bytes file, std::string why);
};

// The most rows, where a file may repeat a kind without end. Bencode has its own limit.
constexpr std::size_t most_named = 200'000;
constexpr std::string_view left_over = "left over"; // the name of such a row

enum class bencode_kind { torrent, tracker_answer, resume, extension, krpc, other };
// What these bytes are meant to be, also when they are damaged.
bencode_kind guess_kind(bytes);
// One value, at the end of the map so far; `file` may go on behind it. False when it is
// no whole value: map.trouble says why.
bool add_bencode(byte_map&, bytes file, bencode_kind, unsigned depth);
// The same, with what the reader of a .torrent, of a tracker's answer or of KRPC passes
// over before and behind it, up to the end of `file`.
bool add_with_rest(byte_map&, bytes file, bencode_kind);

byte_map map_of_bencode(bytes);
byte_map map_of_handshake(bytes); // with the messages behind it
byte_map map_of_messages(bytes);
byte_map map_of_request(bytes);  // HTTP
byte_map map_of_response(bytes); // HTTP
byte_map map_of_udp(bytes);      // a packet of a UDP tracker or to one
byte_map map_of_udp6(bytes);     // the same over IPv6, where peers have 18 bytes
byte_map map_of_trace(bytes);    // of `cotorra download --trace`

// A stranger's bytes in few letters: as text when they are text, else in hex.
std::string in_short(bytes, std::size_t most = 48);
// "64 38 3a", at most 8 bytes.
std::string hex_start(bytes);
// "0, 2-4" for 10111000; empty when that would be long.
std::string pieces_in(bytes bits);
std::string in_binary(bytes bits); // "10111000"; of long ones the start

// For people: of many rows that are alike, the first and the last ones. The row in
// between stands for all others; its length is theirs, its name is empty.
std::vector<byte_row> shortened(std::vector<byte_row> const&);

std::vector<std::string> lines_of(byte_map const&, bytes file);
json facts_of(byte_map const&);
// A page that needs nothing but a browser. `name` is the file's.
std::string html_of(byte_map const&, bytes file, std::string_view name);

} // namespace cotorra::explain
