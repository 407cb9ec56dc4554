#include "piece/finish_talk.hpp"
#include <cassert>

namespace cotorra::piece {
namespace {
constexpr std::size_t most_left = 512 << 10; // bytes to hash in the network's thread
}

io::task<piece_result> finish_piece(disk_lane& lane, storage& files,
                                    std::shared_ptr<open_piece> piece,
                                    piece_hashes const& hashes) {
  assert(piece->complete());
  auto work = [&] {
    piece_result r;
    r.verified = hashes.prove(piece->index(), piece->digest());
    if (r.verified) r.error = files.write(piece->offset(), piece->data());
    return r;
  };
  std::size_t const left = piece->data().size() - piece->hashed();
  auto const how =
      left > most_left ? disk_lane::kind::long_anyway : disk_lane::kind::brief;
  co_return co_await lane.run(std::ref(work), how);
}

} // namespace cotorra::piece
