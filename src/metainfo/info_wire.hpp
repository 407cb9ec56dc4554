// The info dictionary (BEP 3), the part of a .torrent that its info-hash names. Used by
// metainfo_wire.cpp only.
#pragma once
#include "bencode/value.hpp"
#include "metainfo/metainfo_wire.hpp"

namespace cotorra {

// input_error: "this is not a valid .torrent (byte 17: ...); get it again ...".
[[noreturn]] void refuse_metainfo(bencode::value at, std::string_view what);
// Without the blanks around it.
std::string_view trimmed(std::string_view);

// For a person; the same kind of thing is not told a thousand times.
void warn(metainfo&, std::string text);

// Fills in all that comes from the info dictionary.
void read_info_dictionary(metainfo&, bencode::value info, metainfo_limits const&);

// Any text; the one under "KEY.utf-8" goes before the one under KEY. Bytes that are not
// UTF-8 are replaced.
std::string text_of(bencode::value dictionary, std::string_view key);

} // namespace cotorra
