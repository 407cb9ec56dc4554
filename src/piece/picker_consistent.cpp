// Checks all of the picker's lists against each other, for tests.
#include "piece/picker.hpp"
#include <algorithm>
#include <map>

namespace cotorra::piece {

bool piece_picker::consistent() const {
  std::size_t queued = 0, opened = 0, requested_blocks = 0;
  std::map<peer_key, std::uint32_t> asked;
  for (piece_index i = 0; i < pieces_.size(); ++i) {
    piece_info const& info = pieces_[i];
    bool const have = info.state == piece_state::have;
    if (have_[i] != have || lacking_[i] != (info.wanted && !have)) return false;
    if (missing_[i] != (info.state == piece_state::missing)) return false;
    if (missing_[i] != swarm_.contains(i)) return false;
    if (!have && !is_open(i) && info.state != idle_state(i)) return false;
    if (!is_open(i)) continue;
    ++opened;
    block_table const& blocks = table(i);
    if (open_[info.spot] != i || blocks.piece() != i) return false;
    if ((info.state == piece_state::queued) != (blocks.free() > 0)) return false;
    if (blocks.free() == blocks.size()) return false; // should have been closed
    if (blocks.free() > 0 && (++queued, queued_[info.queue] != i)) return false;
    requested_blocks += blocks.requested();
    for (std::uint32_t n = 0; n < blocks.size(); ++n)
      if (blocks.is_requested(n)) {
        if (blocks.askers(n) == 0) return false;
        blocks.for_each_asker(n, [&](peer_key p) { ++asked[p]; });
      }
  }
  return queued == queued_.size() && opened == open_.size() &&
         requested_blocks == requested_ && asked.size() == asked_.size() &&
         std::all_of(asked.begin(), asked.end(), [this](auto const& one) {
           return requested(one.first) == one.second;
         });
}

} // namespace cotorra::piece
