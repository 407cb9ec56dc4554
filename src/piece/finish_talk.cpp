#include "piece/finish_talk.hpp"
#include <cassert>

namespace cotorra::piece {
namespace {

// So much the network's thread does at a time, a millisecond's work; the peers wait for
// it.
constexpr std::size_t most_to_hash = 512 << 10, most_to_write = 4 << 20; // bytes
constexpr std::size_t most_files = 16; // each is looked for, opened and looked at again

effort effort_for(open_piece const& piece, file_map const& files) {
  std::size_t const size = piece.data().size();
  bool const is_brief = size - piece.hashed() <= most_to_hash && size <= most_to_write &&
                        files.slices(piece.offset(), size).size() <= most_files;
  return is_brief ? effort::brief : effort::lengthy;
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
