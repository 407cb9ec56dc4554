#include "piece/blame.hpp"
#include "base/sha.hpp"
#include <algorithm>
#include <cassert>

namespace cotorra::piece {

std::vector<offender> blame::failed(open_piece const& piece) {
  assert(piece.complete());
  if (piece.contributors().size() == 1) return piece.contributors();
  attempt a{piece.index(), {}};
  a.blocks.reserve(piece.block_count());
  for (std::uint32_t n = 0; n < piece.block_count(); ++n)
    a.blocks.push_back({sha1(piece.data_of(n)), piece.sender_of(n)});
  blocks_ += a.blocks.size();
  attempts_.push_back(std::move(a));
  while (blocks_ > max_blocks_) {
    blocks_ -= attempts_.front().blocks.size();
    attempts_.pop_front();
  }
  return {};
}

std::vector<offender> blame::verified(open_piece const& piece) {
  assert(piece.complete());
  auto const of_piece = [&](attempt const& a) { return a.piece == piece.index(); };
  std::vector<offender> guilty;
  if (std::none_of(attempts_.begin(), attempts_.end(), of_piece)) return guilty;
  // hole 7.5: whose block differs
  for (std::uint32_t n = 0; n < piece.block_count(); ++n) {
    sha1_digest const right = sha1(piece.data_of(n));
    for (attempt const& a : attempts_)
      if (of_piece(a) && a.blocks[n].hash != right) guilty.push_back(a.blocks[n].sender);
  }
  // end hole 7.5
  for (attempt const& a : attempts_)
    if (of_piece(a)) blocks_ -= a.blocks.size();
  std::erase_if(attempts_, of_piece);
  std::sort(guilty.begin(), guilty.end());
  guilty.erase(std::unique(guilty.begin(), guilty.end()), guilty.end());
  return guilty;
}

} // namespace cotorra::piece
