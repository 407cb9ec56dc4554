// What a stopped download saves so that the next start need not read all its files: which
// pieces are on the disk, and what each file looked like.
//
// It is a bencoded dictionary: "files" (per file [size, mtime, ctime, inode], or [] if it
// does not exist), "info hash", "piece count", "piece length", "pieces" (a bitfield),
// "settled" (0 or 1), "version" (2).
#pragma once
#include "base/bitfield.hpp"
#include "base/identifiers.hpp"
#include "piece/file_stamp.hpp"

namespace cotorra::piece {

struct resume_state {
  info_hash hash;
  std::uint32_t piece_length = 0;
  bitfield pieces; // verified, and flushed to the disk
  file_stamps files;
  // No worker wrote meanwhile: a piece that is not in `pieces` is not in the files.
  bool settled = false;
  bool operator==(resume_state const&) const = default;
};

buffer encode(resume_state const&);
// nullopt when a value is missing or absurd: then the files are simply checked. Ignores
// unknown keys.
std::optional<resume_state> decode_resume(bytes);

} // namespace cotorra::piece
