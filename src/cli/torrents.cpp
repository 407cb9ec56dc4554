#include "cli/torrents.hpp"
#include <algorithm>

namespace cotorra::cli {
namespace {

using state_t = session::torrent_status::state_t;

void add_to(session::torrent_status& sum, session::torrent_status const& s) {
  sum.state = std::min(sum.state, s.state); // the least advanced
  sum.paused = sum.paused && s.paused;
  sum.is_finished = sum.is_finished && s.is_finished;
  sum.is_seeding = sum.is_seeding && s.is_seeding;
  sum.total_done += s.total_done;
  sum.total_wanted += s.total_wanted;
  sum.total_wanted_done += s.total_wanted_done;
  sum.total_payload_download += s.total_payload_download;
  sum.total_payload_upload += s.total_payload_upload;
  sum.total_failed_bytes += s.total_failed_bytes;
  sum.total_redundant_bytes += s.total_redundant_bytes;
  sum.download_rate += s.download_rate;
  sum.upload_rate += s.upload_rate;
  sum.num_peers += s.num_peers;
  sum.num_seeds += s.num_seeds;
  sum.num_pieces += s.num_pieces;
  sum.num_pieces_believed += s.num_pieces_believed;
  sum.num_pieces_checked += s.num_pieces_checked;
  sum.trackers.insert(sum.trackers.end(), s.trackers.begin(), s.trackers.end());
}

// Progress of the downloads, or of the check while any torrent is still being checked.
double progress_of(std::vector<session::torrent_status> const& all,
                   session::torrent_status const& sum) {
  double weight = 0, done = 0;
  for (session::torrent_status const& s : all) {
    if (s.state != sum.state) continue;
    double const size = std::max(1.0, static_cast<double>(s.total_wanted));
    weight += size;
    done += size * s.progress;
  }
  return weight == 0 ? 1 : done / weight;
}

} // namespace

// A torrent that was cancelled may come again: its old handle is then valid, too.
void torrents::add(session::torrent_handle const& t) {
  std::erase(all_, t);
  all_.push_back(t);
}

session::torrent_status torrents::status() const {
  std::vector<session::torrent_status> each;
  for (session::torrent_handle const& t : all_)
    if (t.is_valid()) each.push_back(t.status());
  if (each.size() == 1) return each.front();
  session::torrent_status sum;
  sum.state = state_t::seeding;
  sum.paused = sum.is_finished = sum.is_seeding = !each.empty();
  for (session::torrent_status const& s : each) add_to(sum, s);
  sum.name = std::to_string(each.size()) + " torrents";
  sum.progress = progress_of(each, sum);
  double const left = static_cast<double>(sum.total_wanted - sum.total_wanted_done);
  if (left > 0 && sum.download_rate > 0) sum.eta = left / sum.download_rate;
  auto const failed = [](session::torrent_status const& s) { return !s.error.empty(); };
  if (!each.empty() && std::ranges::all_of(each, failed)) sum.error = each.front().error;
  return sum;
}

void torrents::pause() const {
  for (session::torrent_handle const& t : all_)
    if (t.is_valid()) t.pause();
}

void torrents::resume() const {
  for (session::torrent_handle const& t : all_)
    if (t.is_valid() && std::ranges::find(retired_, t) == retired_.end()) t.resume();
}

void torrents::retire(session::torrent_handle const& t) {
  retired_.push_back(t);
  t.pause();
}

} // namespace cotorra::cli
