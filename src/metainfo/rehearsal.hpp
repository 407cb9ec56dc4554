// What a .torrent will be, seen before its pieces are hashed.
#pragma once
#include "metainfo/create_wire.hpp"

namespace cotorra {

// Writes the .torrent with hashes of zeros and reads it back. So create, verify, seed and
// download have one rule for names: that of the reader. Throws input_error, one sentence,
// when the reader would refuse the .torrent, or look for a file under another name than
// the disk has: a name that is not UTF-8, has a character that hides something, or is the
// same as another one on many disks.
void rehearse(create_options const&, std::span<created_file const>);

} // namespace cotorra
