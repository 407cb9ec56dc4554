// What is in bencoded dictionaries: the meaning of the keys, in a few words, and the
// strings that hold many things.
#pragma once
#include "explain/byte_map.hpp"

namespace cotorra::explain {

// nullptr: we do not know this key.
char const* meaning_of(bencode_kind, std::string_view key);

// A string of many things of one size; its prefix ("40:") gets a row of its own.
struct packed_string {
  std::string prefix;
  bytes content;
  std::string name;
  unsigned depth = 0;
};
// False when the last of them is not whole: then map.trouble says so.
bool add_hashes(byte_map&, packed_string const&);    // of pieces
bool add_addresses(byte_map&, packed_string const&); // "peers" and "peers6"
bool add_bits(byte_map&, packed_string const&);      // a bitfield

// Of KRPC. By its beginning, or by a transaction id and a type of message.
bool looks_like_krpc(std::string_view file);
// The name of the nth element of a list; "": it has no special one.
std::string element_of_krpc(std::string_view list, std::size_t n);
// "nodes", "nodes6", "values", what is in it, and "ip" contact by contact; any other
// string in one row, as `text`. Always true.
bool add_krpc_string(byte_map&, packed_string const&, std::string text);
// What an error's code means; "": nothing.
char const* words_of_error(std::int64_t code);
std::string version_text(bytes); // "LT 02 08": two letters name the client

} // namespace cotorra::explain
