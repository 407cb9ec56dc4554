// Finds names that a disk may treat as equal: many do not distinguish "Straße" from
// "STRASSE", or "é" as one character from "e" followed by an accent.
#pragma once
#include <string>
#include <string_view>

namespace cotorra::metainfo {

// Names with the same folded name may be one file on some disk. Unicode's case folding
// and canonical decomposition, without invisible characters: what ext4 compares in its
// case-insensitive folders; we know of no disk that treats more names as equal. Also
// without dots and blanks at the end, which FAT and NTFS drop. `name` is UTF-8.
std::string folded_name(std::string_view name);

} // namespace cotorra::metainfo
