// Reads blocks from the disk for upload: once for a run of blocks, which are then sent
// without copying.
#pragma once
#include "piece/buffer_pool.hpp"
#include "piece/disk_lane_talk.hpp"
#include "piece/storage.hpp"
#include <memory>

namespace cotorra::piece {

// Only for the network's thread.
class block_reader {
public:
  block_reader(io::workers& pool, storage& files) : lane_(pool), files_(files) {}

  // Reads bytes at this offset of the torrent. Throws std::system_error, whose what()
  // names the file.
  io::task<std::shared_ptr<buffer_pool::loan const>> read(std::uint64_t offset,
                                                          std::size_t length);

private:
  static constexpr std::size_t keep = 4 << 20; // bytes of memory, for the next runs
  disk_lane lane_;
  storage& files_;
  buffer_pool memory_{keep};
};

} // namespace cotorra::piece
