// What the torrents of a session share of the machine: the way to the disk, since a slow
// one is slow for all of them, and the memory for pieces and for blocks to upload.
#pragma once
#include "io/world.hpp"
#include "piece/buffer_pool.hpp"
#include "piece/disk_lane_talk.hpp"

namespace cotorra::session {

struct shared_disk {
  // keep: bytes of unused memory that stay for the next piece.
  shared_disk(io::world const& w, std::size_t keep) : lane(w.workers), memory(keep) {}

  piece::disk_lane lane;
  piece::buffer_pool memory;
};

} // namespace cotorra::session
