// Which names a disk may take for one: many do not tell "Straße" from "STRASSE", or "é"
// in one character from "e" with an accent behind it.
#pragma once
#include <string>
#include <string_view>

namespace cotorra {

// Names with the same folded name may be one file on some disk. Unicode's case folding
// and canonical decomposition, without the characters that are never shown: what ext4
// compares in its case-insensitive folders, and no disk we know of takes more for one.
// The dots and blanks at the end go too, since FAT and NTFS drop them. `name` is UTF-8.
std::string folded_name(std::string_view name);

} // namespace cotorra
