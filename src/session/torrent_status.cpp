#include "session/torrent_status.hpp"
#include "session/session.hpp"
#include "session/torrent.hpp"

namespace cotorra {

std::string_view name(torrent_status::state_t s) {
  switch (s) {
  case torrent_status::state_t::checking_files:
    return "checking files";
  case torrent_status::state_t::downloading:
    return "downloading";
  case torrent_status::state_t::finished:
    return "finished";
  case torrent_status::state_t::seeding:
    return "seeding";
  }
  return "";
}

namespace {

// Without a walk over the pieces: people look four times a second, and there may be a
// million of them.
std::uint64_t bytes_of(bitfield const& pieces, piece_layout const& layout) {
  if (pieces.none()) return 0;
  std::uint64_t const all = std::uint64_t{layout.piece_length()} * pieces.count();
  piece_index const last = layout.piece_count() - 1;
  return pieces[last] ? all - (layout.piece_length() - layout.size(last)) : all;
}

} // namespace

torrent_status torrent::status() const {
  time_point const now = world().clock.now();
  auto const& picker = download_.picker();
  bitfield const& have = picker.have();
  torrent_status s;
  s.name = params_.ti->name;
  s.info_hash = params_.ti->hash;
  s.save_path = params_.save_path;
  s.state = state_;
  s.paused = paused_;
  s.error = error_;
  s.is_finished = is_complete();
  s.is_seeding = is_seeding();
  s.total_done = bytes_of(have, layout_);
  s.total_wanted = total_wanted_;
  s.total_wanted_done = total_wanted_ - bytes_of(picker.lacking(), layout_);
  s.total_payload_download = down_.total();
  s.total_payload_upload = up_.total();
  s.total_failed_bytes = download_.failed_bytes();
  s.total_redundant_bytes = download_.redundant_bytes();
  s.download_rate = down_.per_second(now);
  s.upload_rate = up_.per_second(now);
  double const left = static_cast<double>(s.total_wanted - s.total_wanted_done);
  if (double const pace = down_.smooth_per_second(now); left > 0 && pace > 0)
    s.eta = left / pace;
  if (state_ == torrent_status::state_t::checking_files)
    s.progress = checked_;
  else
    s.progress = s.total_wanted == 0 ? 1
                                     : static_cast<double>(s.total_wanted_done) /
                                           static_cast<double>(s.total_wanted);
  s.num_peers = peers_.size();
  for (auto const& p : peers_)
    s.num_seeds += p->knows_pieces() && p->pieces().all() ? 1 : 0;
  s.num_pieces = have.count();
  s.num_pieces_believed = believed_pieces_;
  s.num_pieces_checked = checked_pieces_;
  s.pieces = have;
  if (announcer_) s.trackers = announcer_->status();
  return s;
}

std::vector<peer_info> torrent::peers() const {
  std::vector<peer_info> all;
  for (auto const& p : peers_) all.push_back(p->info(world().clock.now()));
  return all;
}

tracker::announce_request torrent::figures() const {
  tracker::announce_request r;
  r.info_hash = params_.ti->hash;
  r.peer_id = session_.id();
  r.port = session_.listen_port();
  r.uploaded = up_.total();
  r.downloaded = down_.total();
  r.left = layout_.total_length() - bytes_of(offered(), layout_);
  return r;
}

} // namespace cotorra
