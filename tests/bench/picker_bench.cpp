// What the picker and the request queue cost for each block, and a HAVE: one seed, 1 GiB
// in pieces of 256 KiB, then a torrent of 100000 pieces.
#include "piece/picker.hpp"
#include "piece/request_queue.hpp"
#include <chrono>
#include <fmt/format.h>

using namespace cotorra;

namespace {

double nanoseconds_since(time_point start, std::uint64_t steps) {
  return 1e9 * seconds(std::chrono::steady_clock::now() - start) /
         static_cast<double>(steps);
}

void download() {
  random_source random(1);
  piece::piece_layout const layout(std::uint64_t{4} << 30, 1 << 18);
  piece::piece_picker picker(layout, random);
  piece::request_queue queue(500);
  bitfield const all(layout.piece_count(), true);
  picker.add_peer(all);
  std::vector<piece::block> out, line;
  std::uint64_t blocks = 0;
  std::size_t next = 0;
  time_point const start = std::chrono::steady_clock::now();
  while (picker.wanted_left() > 0) {
    time_point const now = start + blocks * 10us;
    if (std::size_t const room = queue.room(now)) {
      out.clear();
      picker.pick(1, all, room, out);
      for (piece::block const& b : out) queue.sent(b, now);
      line.insert(line.end(), out.begin(), out.end());
    }
    piece::block const b = line[next++];
    queue.arrived(b, now);
    picker.arrived(1, b);
    if (picker.complete(b.piece)) picker.verified(b.piece);
    ++blocks;
  }
  fmt::print("pick, queue and arrive: {:.0f} ns a block\n",
             nanoseconds_since(start, blocks));
}

void haves() {
  random_source random(1);
  piece_index const pieces = 100000;
  piece::piece_picker picker(piece::piece_layout(std::uint64_t{pieces} << 18, 1 << 18),
                             random);
  time_point const start = std::chrono::steady_clock::now();
  constexpr std::uint64_t count = 2000000;
  for (std::uint64_t i = 0; i < count; ++i)
    picker.peer_got(static_cast<piece_index>(random.below(pieces)));
  fmt::print("HAVE: {:.0f} ns\n", nanoseconds_since(start, count));
}

} // namespace

int main() {
  download();
  haves();
}
