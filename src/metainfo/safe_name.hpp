// Makes names from strangers safe as file names. Nothing in a .torrent may resolve
// outside the download folder, hide what it is, or be a name that the disk refuses. A
// name that is fine stays as it is.
#pragma once
#include <string>
#include <string_view>

namespace cotorra::metainfo {

constexpr std::size_t longest_name = 255; // bytes, on every common file system

// One element of a path, made safe. '_' replaces slashes, backslashes, control
// characters, Unicode controls of the writing direction ("exe.txt" that reads "txt.exe"),
// an empty name, the name ".", and each dot of "..". Bytes that are not UTF-8 become
// U+FFFD. Names over 255 bytes are cut between two characters, and keep the extension.
std::string safe_name(std::string_view);

// Would safe_name() leave it as it is?
bool is_safe_name(std::string_view);

bool is_utf8(std::string_view);
// Bytes that are not UTF-8 become U+FFFD.
std::string repaired_utf8(std::string_view);

// Where the extension begins: "photo.jpg" -> 5; the size when there is none.
std::size_t extension_at(std::string_view name);

// name + suffix + extension, of at most 255 bytes: ("a.txt", " (2)") -> "a (2).txt".
std::string with_suffix(std::string_view name, std::string_view suffix);

} // namespace cotorra::metainfo
