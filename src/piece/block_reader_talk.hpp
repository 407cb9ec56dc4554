// Reads blocks from the disk for upload: once for a run of blocks, which are then sent
// without copying.
#pragma once
#include "piece/buffer_pool.hpp"
#include "piece/disk_lane_talk.hpp"
#include "piece/storage.hpp"
#include <memory>

namespace cotorra::piece {

// Reads bytes at this offset of the torrent. Throws std::system_error, whose what() names
// the file.
io::task<std::shared_ptr<buffer_pool::loan const>>
read_blocks(disk_lane&, buffer_pool&, storage&, std::uint64_t offset, std::size_t length);

} // namespace cotorra::piece
