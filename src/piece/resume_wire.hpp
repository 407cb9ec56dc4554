// What a stopped download leaves behind, so that the next start need not read all of its
// files again: which pieces are on the disk, and how each file looked then.
//
// It is a bencoded dictionary: "files" (for each file its [size, mtime, ctime, inode], or
// [] when there is none), "info hash", "piece count", "piece length", "pieces" (a
// bitfield), "settled" (0 or 1), "version" (2).
#pragma once
#include "base/bitfield.hpp"
#include "base/identifiers.hpp"
#include "piece/file_stamp.hpp"

namespace cotorra {

struct resume_state {
  info_hash hash;
  std::uint32_t piece_length = 0;
  bitfield pieces; // verified, and flushed to the disk
  file_stamps files;
  // No worker wrote while it was taken: what is not in `pieces` is not in the files.
  bool settled = false;
  bool operator==(resume_state const&) const = default;
};

buffer write_resume(resume_state const&);
// nullopt when something that write_resume gives is missing or absurd: then the files
// have to be checked, no more. Keys that we do not know are passed over.
std::optional<resume_state> read_resume(bytes);

} // namespace cotorra
