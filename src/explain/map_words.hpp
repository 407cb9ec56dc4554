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

} // namespace cotorra::explain
