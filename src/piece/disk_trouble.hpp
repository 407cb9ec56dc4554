// A disk error as a sentence for the user: what failed, at which file, what to do.
#pragma once
#include <cstdint>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <system_error>

namespace cotorra::piece {

struct disk_trouble {
  std::string_view verb; // "use" (before the download), "read", "write", "flush" ...
  std::string path;
  std::uint64_t length = 0; // of the file, according to the torrent
  std::error_code error;
  std::string why = ""; // when the error's own text says too little

  std::string sentence() const;
};

// "a named pipe (FIFO)", "a folder", "a plain file" ...
std::string_view kind_of(mode_t);

} // namespace cotorra::piece
