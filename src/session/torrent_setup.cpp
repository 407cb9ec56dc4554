// From what was asked for to what the machines need.
#include "io/offload.hpp"
#include "piece/torrent_files.hpp"
#include "session/session.hpp"
#include "session/torrent.hpp"
#include <vector>

namespace cotorra {

file_map torrent::files_of(add_torrent_params const& params) {
  return file_map(params.files.empty() ? cotorra::files_of(*params.ti) : params.files);
}

void torrent::want_selected_files() {
  auto const& wanted = params_.wanted_files;
  total_wanted_ = layout_.total_length();
  if (wanted.empty()) return;
  bitfield const pieces = wanted_pieces(storage_.files(), layout_, wanted);
  for (piece_index i = 0; i < layout_.piece_count(); ++i) {
    download_.picker().set_wanted(i, pieces[i]);
    if (!pieces[i]) total_wanted_ -= layout_.size(i);
  }
  for (std::size_t f = 0; f < wanted.size(); ++f) storage_.set_wanted(f, wanted[f]);
}

// A piece that is not here cannot be offered; when it comes, it can.
void torrent::offer_share() {
  if (!params_.share) return;
  shared_ = *params_.share;
  for (piece_index i = 0; i < layout_.piece_count(); ++i)
    if (!download_.have()[i]) shared_.reset(i);
}

task<std::error_code> torrent::make_files() {
  auto make = [this] { return storage_.prepare(); };
  std::error_code error;
  if (!params_.upload_mode) error = co_await io::offload(world().workers, make);
  co_return error;
}

// Whoever cannot write hears it now, and not when the first piece has come.
task<std::error_code> torrent::try_what_lacks() {
  std::vector<bool> lacking(storage_.files().size());
  for (piece_index i = 0; i < layout_.piece_count(); ++i) {
    if (!wants(i)) continue;
    auto const files = storage_.files().files_of(i, layout_);
    for (std::size_t f = files.first; f != files.end; ++f) lacking[f] = true;
  }
  auto may_write = [this, &lacking] {
    for (std::size_t f = 0; f < lacking.size(); ++f)
      if (lacking[f])
        if (std::error_code const e = storage_.may_write(f)) return e;
    return std::error_code();
  };
  std::error_code const error = co_await io::offload(world().workers, may_write);
  co_return error;
}

void torrent::make_announcer() {
  if (params_.ti->trackers.empty() || !limits().announce) return;
  tracker::announcer_callbacks told;
  told.figures = [this] { return figures(); };
  told.on_answer = [this](std::string const& url,
                          tracker::announce_answer const& answer) {
    if (world().observer) world().observer->tracker(url, "answered");
    for (tracker::peer const& p : answer.peers)
      if (p.id != session_.id()) known_.add(p.address);
    connect_more();
  };
  told.on_error = [this](std::string const& url, std::string const& sentence) {
    if (world().observer) world().observer->tracker(url, sentence);
  };
  announcer_ = std::make_unique<tracker::announcer>(
      world().executor, world().network, world().clock, world().random,
      params_.ti->trackers, std::move(told));
}

} // namespace cotorra
