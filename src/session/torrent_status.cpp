#include "session/torrent_status.hpp"
#include "session/torrent.hpp"

namespace cotorra::session {

std::string_view name(torrent_status::state_t s) {
  switch (s) {
  case torrent_status::state_t::downloading_metadata:
    return "downloading metadata";
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

static void tell(extension::info_download const& learning, torrent_status& s) {
  auto const best = learning.best();
  s.total_wanted = best.size;
  s.total_wanted_done = best.done;
  if (best.size != 0)
    s.progress = static_cast<double>(best.done) / static_cast<double>(best.size);
}

// While we learn, one piece of metadata is what we know to be missing: no seed, anyway.
std::uint64_t torrent::left() const {
  return content_ ? content_->left() : extension::metadata_piece_size;
}

torrent_status torrent::status() const {
  time_point const now = world_.clock.now();
  rate_meter const &down = peers_.down(), &up = peers_.up();
  torrent_status s;
  s.name = params_.ti ? params_.ti->name : params_.name;
  s.info_hash = params_.hash();
  s.save_path = params_.save_path;
  s.state = state_;
  s.paused = life_.paused();
  s.error = error_;
  s.has_metadata = content_.has_value();
  if (content_)
    content_->tell(s);
  else if (auto const* learning = peers_.learning())
    tell(*learning, s);
  s.total_payload_download = down.total();
  s.total_payload_upload = up.total();
  s.download_rate = down.per_second(now);
  s.upload_rate = up.per_second(now);
  double const left = static_cast<double>(s.total_wanted - s.total_wanted_done);
  if (double const pace = down.smooth_per_second(now); left > 0 && pace > 0)
    s.eta = left / pace;
  s.num_peers = peers_.count();
  s.num_seeds = peers_.seeds();
  s.trackers = finders_.trackers();
  if (auto* node = around_.dht.node(); node && peers_.may_come_from(peer_source::dht))
    s.dht_nodes = node->good_nodes();
  return s;
}

} // namespace cotorra::session
