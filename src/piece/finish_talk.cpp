#include "piece/finish_talk.hpp"
#include <cassert>

namespace cotorra::piece {
namespace {
constexpr std::size_t most_to_hash = 512 << 10; // bytes, in the network's thread
}

io::task<piece_result> finish_piece(disk_lane& lane, storage& files,
                                    std::shared_ptr<open_piece> piece,
                                    piece_hashes const& hashes) {
  assert(piece->complete());
  auto work = [&] {
    piece_result r;
    r.verified = hashes.matches(piece->index(), piece->digest());
    if (r.verified) r.error = files.write(piece->offset(), piece->data());
    return r;
  };
  std::size_t const to_hash = piece->data().size() - piece->hashed();
  using effort = disk_lane::effort;
  auto const how = to_hash > most_to_hash ? effort::long_anyway : effort::brief;
  co_return co_await lane.run(std::ref(work), how);
}

} // namespace cotorra::piece
