#include "piece/finish_talk.hpp"
#include <cassert>

namespace cotorra::piece {
namespace {

effort effort_for(open_piece const& piece, file_map const& files) {
  std::size_t const size = piece.data().size();
  if (size - piece.hashed() > open_piece::most_at_once) return effort::lengthy;
  return effort_for(files, piece.offset(), size);
}

} // namespace

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
  effort const how = effort_for(*piece, files.files());
  co_return co_await lane.run(std::ref(work), how);
}

} // namespace cotorra::piece
