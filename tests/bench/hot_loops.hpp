// The hot loops that instructions_test.py counts the instructions of. Each does the same
// in each run: the network is a pipe in memory, time is virtual, chance has a seed.
#pragma once
#include <cstdint>

namespace cotorra::bench {

void receive_blocks(std::uint32_t count);   // of 16 KiB, from the stream to the disk
void answer_announces(std::uint32_t count); // of a tracker, each with 50 peers
void read_torrents(std::uint32_t count);    // each of 20,000 files

} // namespace cotorra::bench
