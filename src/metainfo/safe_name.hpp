// Names that come from strangers and become names of files here. Nothing that a .torrent
// says may ever resolve outside the folder one downloads into, hide what it is, or be
// a name that the disk refuses. A name that is fine stays as it is.
#pragma once
#include <string>
#include <string_view>

namespace cotorra {

constexpr std::size_t longest_name = 255; // bytes, on every common file system

// One element of a path, made safe. Becomes '_': a slash or backslash, a control
// character, a Unicode control of writing direction ("exe.txt" that reads "txt.exe"); the
// whole name when it is empty or "."; each dot of "..". Bytes that are not UTF-8 become
// U+FFFD. More than 255 bytes are cut on a character's border, the extension stays.
std::string safe_name(std::string_view);

// Whether safe_name() would leave it as it is.
bool is_safe_name(std::string_view);

bool is_utf8(std::string_view);
// Bytes that are not UTF-8 become U+FFFD.
std::string repaired_utf8(std::string_view);

// Where the extension begins: "photo.jpg" -> 5; the size when there is none.
std::size_t extension_at(std::string_view name);

// name + suffix + extension, of at most 255 bytes: ("a.txt", " (2)") -> "a (2).txt".
std::string with_suffix(std::string_view name, std::string_view suffix);

} // namespace cotorra
