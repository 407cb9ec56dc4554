// How much of a torrent is here, in numbers.
#include "session/content.hpp"

namespace cotorra::session {
namespace {

// Without a walk over the pieces: users look four times a second, and there may be a
// million pieces.
std::uint64_t bytes_of(bitfield const& pieces, piece::piece_layout const& layout) {
  if (pieces.none()) return 0;
  std::uint64_t const all = std::uint64_t{layout.piece_length()} * pieces.count();
  piece_index const last = layout.piece_count() - 1;
  return pieces[last] ? all - (layout.piece_length() - layout.size(last)) : all;
}

} // namespace

std::optional<std::string> content::never_settles() {
  if (times_changed_ <= most_times_changed) return std::nullopt;
  return storage_.who_was_touched();
}

std::uint64_t content::left() const {
  return layout_.total_length() - bytes_of(offered(), layout_);
}

torrent_status::state_t content::state() const {
  using enum torrent_status::state_t;
  if (is_seeding()) return seeding;
  return wanted_are_here() && settled_ ? finished : downloading;
}

void content::tell(torrent_status& s) const {
  bitfield const& have = picker().have();
  s.is_finished = is_complete();
  s.is_seeding = is_seeding();
  s.total_done = bytes_of(have, layout_);
  s.total_wanted = total_wanted_;
  s.total_wanted_done = total_wanted_ - bytes_of(picker().lacking(), layout_);
  s.total_failed_bytes = download_.failed_bytes();
  s.total_redundant_bytes = download_.redundant_bytes();
  if (s.state == torrent_status::state_t::checking_files)
    s.progress = checked_;
  else
    s.progress = s.total_wanted == 0 ? 1
                                     : static_cast<double>(s.total_wanted_done) /
                                           static_cast<double>(s.total_wanted);
  s.num_pieces = have.count();
  s.num_pieces_believed = believed_;
  s.num_pieces_checked = to_check_;
  s.pieces = have;
}

} // namespace cotorra::session
