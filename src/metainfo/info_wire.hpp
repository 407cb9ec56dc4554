// The info dictionary (BEP 3), the part of a .torrent that the info_hash identifies. Used
// only by metainfo_wire.cpp.
#pragma once
#include "bencode/value.hpp"
#include "metainfo/metainfo_wire.hpp"

namespace cotorra::metainfo {

// input_error: "this is not a valid .torrent (byte 17: ...); get it again ...".
[[noreturn]] void refuse_metainfo(bencode::value at, std::string_view what);

// Adds a warning for the user, up to a limit.
void warn(metainfo&, std::string text);

// Fills in everything that comes from the info dictionary.
void decode_info_dictionary(metainfo&, bencode::value info, limits const&);

// The text under "KEY.utf-8", or else under KEY. Bytes that are not UTF-8 are replaced.
std::string text_of(bencode::value dictionary, std::string_view key);

} // namespace cotorra::metainfo
