// Reading from the disk for upload: one hop for a run of blocks, which then are sent from
// where they lie.
#pragma once
#include "base/bytes.hpp"
#include "io/task.hpp"
#include "io/workers.hpp"
#include "piece/storage.hpp"
#include <memory>

namespace cotorra {

// Bytes at this offset of the torrent. Throws std::system_error when they cannot be read;
// its what() names the file.
io::task<std::shared_ptr<buffer const>>
read_blocks(io::workers&, storage&, std::uint64_t offset, std::size_t length);

} // namespace cotorra
