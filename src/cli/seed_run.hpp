// A run of `seed`: from pairs of a .torrent and its files until enough has been shared.
#pragma once
#include "cli/arguments.hpp"
#include "cli/events.hpp"
#include "cli/follow.hpp"
#include "cli/goal.hpp"
#include "cli/sharing.hpp"
#include "session/add_torrent_params.hpp"
#include <list>

namespace cotorra::cli {

struct seed_options : sharing_options {
  std::string torrent, path;
  std::vector<std::string> more; // further pairs of them
  std::string share;             // piece numbers; empty: all
  sharing_goal goal;
};

// One torrent of the run.
class share {
public:
  share(seed_options const&, events&, io::clock const&, std::string torrent,
        std::string path);

  session::add_torrent_params params() const; // throws input_error, usage_error
  void added(session::torrent_handle t, std::uint16_t port);
  // Prints what is new.
  void look(bool alone);
  // The goal is met, an error has stopped it, or there is nothing to share.
  bool is_over() const { return over_; }
  bool has_failed() const { return nothing_there_ || !error_.empty(); }
  // Pauses it; the key r resumes it if an error has stopped it.
  void rest(torrents& all) const;
  std::string const& file() const { return file_; }
  void tell_end() const;
  // If no piece can be read: what is wrong with the first file, which may exist and be
  // unreadable. Otherwise empty.
  std::string trouble() const;

private:
  void tell_start(session::torrent_status const&);

  seed_options const& options_;
  events& reports_;
  io::clock const& clock_;
  std::string const file_, path_;
  session::torrent_handle torrent_;
  std::uint16_t port_ = 0;
  std::optional<time_point> since_; // when the check ended
  std::string error_;
  bool nothing_there_ = false, over_ = false;
};

class seed_run {
public:
  seed_run(io::world, seed_options const&, events&);

  task<int> run(); // the exit status
  void interrupt();

private:
  bool look();
  int end(follower::end) const;

  io::world world_;
  seed_options const& options_;
  events& reports_;
  dht_home const dht_;
  std::list<share> shares_;
  torrents torrents_;
  follower* follower_ = nullptr;
  bool interrupted_ = false;
};

} // namespace cotorra::cli
