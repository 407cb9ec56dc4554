// One torrent of a download run: what to print about it, and when it is over.
#pragma once
#include "cli/download_options.hpp"
#include "cli/events.hpp"
#include "cli/search.hpp"
#include "cli/torrents.hpp"

namespace cotorra::cli {

// Shared by all torrents of a run.
struct transfer_desk {
  download_options const& options;
  events& reports;
  io::clock const& clock;
  std::uint16_t listen_port = 0;
};

class transfer {
public:
  // Prints that the torrent starts; of a magnet link, that it is being learned first.
  transfer(transfer_desk const&, session::add_torrent_params const&);
  // It is known now what the link means.
  void learned(std::shared_ptr<metainfo::metainfo const>);

  void added(session::torrent_handle t) { torrent_ = t; }
  // A piece did not match its hash; `banned` is the peer to blame, once it is known.
  void bad_piece(piece_index, std::optional<endpoint> const& banned);
  // Prints what is new. True once, when the torrent has become complete.
  bool look(bool alone);
  // The torrent is done, or an error has stopped it.
  bool is_over() const { return over_; }
  bool is_complete() const { return finished_.has_value(); }
  bool is_cancelled() const { return cancelled_; }
  bool is_leaving() const { return cancelled_ && torrent_.is_valid(); }
  bool has_failed() const { return !error_.empty(); }
  // Pauses it; the key r resumes it if an error has stopped it.
  void rest(torrents& all) const;
  // The user gives it up: it leaves the session, and what it has got stays on the disk.
  void cancel(session::session&);
  metainfo::metainfo const& info() const { return *info_; }

  // At the end of the run: prints what it shared, or how far it got.
  void tell_end() const;

private:
  void tell_start() const;
  void tell_complete(session::torrent_status const&) const;
  void tell_search(session::torrent_status const&);
  void tell_error(session::torrent_status const&, bool alone);
  bool shared_enough(session::torrent_status const&) const;

  transfer_desk const& desk_;
  std::shared_ptr<metainfo::metainfo const> info_; // of a link: what it says itself
  std::vector<endpoint> const asked_;              // peers of --peer, and of the link
  session::torrent_handle torrent_;
  time_point const begun_;
  std::optional<time_point> finished_;
  search_watch search_;
  tracker_news bad_pieces_{20, 1min}; // a crowd of liars must not flood the screen
  std::string error_;
  bool over_ = false, cancelled_ = false;
};

} // namespace cotorra::cli
