// Tries out a new .torrent before its pieces are hashed.
#pragma once
#include "metainfo/create_wire.hpp"

namespace cotorra::metainfo {

// Writes the .torrent with zeros for hashes and reads it back, so that the reader's rules
// for names hold for create, verify, seed and download. Throws input_error, one sentence,
// when the reader would refuse the .torrent, or would look for a file under another name
// than the disk has: because the name is not UTF-8, has a character that hides something,
// or equals another one on many disks.
void rehearse(create_options const&, std::span<created_file const>);

} // namespace cotorra::metainfo
