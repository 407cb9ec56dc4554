// Reads blocks from the disk for upload: one hop to a worker for a run of blocks, which
// are then sent without copying.
#pragma once
#include "base/bytes.hpp"
#include "io/task.hpp"
#include "io/workers.hpp"
#include "piece/storage.hpp"
#include <memory>

namespace cotorra::piece {

// Reads bytes at this offset of the torrent. Throws std::system_error, whose what() names
// the file.
io::task<std::shared_ptr<buffer const>>
read_blocks(io::workers&, storage&, std::uint64_t offset, std::size_t length);

} // namespace cotorra::piece
