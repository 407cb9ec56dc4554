// What a torrent consists of once its info dictionary is known: which pieces there are
// and are here, where they lie, and what we offer of them. A torrent that still learns
// its info dictionary has no content.
#pragma once
#include "piece/check_talk.hpp"
#include "session/add_torrent_params.hpp"
#include "session/download.hpp"
#include "session/resume_keeper.hpp"
#include "session/torrent_status.hpp"

namespace cotorra::session {

class content {
public:
  // All must outlive it; the parameters have their `ti`.
  content(io::world const&, settings const&, shared_disk&, add_torrent_params const&,
          download::host&);

  info_hash const& hash() const { return params_.ti->hash; }
  bytes info() const { return params_.ti->info; } // the raw info dictionary
  piece::piece_layout const& layout() const { return layout_; }
  piece::storage& files() { return storage_; }
  shared_disk& disk() { return disk_; }
  download& pieces() { return download_; }
  piece::piece_picker const& picker() const { return download_.picker(); }

  bitfield const& offered() const { // what we tell peers that we have
    return params_.share ? shared_ : download_.have();
  }
  bool wants(piece_index i) const { return !params_.upload_mode && picker().wants(i); }
  bool wanted_are_here() const { return picker().wanted_left() == 0; }
  // The files are as we left them, at the last look.
  bool is_settled() const { return settled_; }
  bool is_complete() const {
    return params_.upload_mode || (wanted_are_here() && settled_);
  }
  bool is_seeding() const { return settled_ && download_.have().all(); }
  bool offers_all_of_it() const { return is_seeding() && !params_.share; }
  std::uint64_t left() const; // bytes that we do not offer: what trackers are told

  // What is here? Believes what a resume state knows, hashes the rest, and tests whether
  // missing pieces could be written. Returns the disk's error; see sentence().
  task<std::error_code> check();
  // All wanted pieces are here. Are the files still as we left them? Only then is the
  // torrent complete.
  task<bool> look_again();
  // Another program changes them again and again: the sentence for the user names a file.
  std::optional<std::string> never_settles();
  void forgive() { times_changed_ = 0; } // the user says: go on
  void verified(piece_index);            // by its hash: it may be offered
  void doubt() { settled_ = false; }

  // The resume state: saved now and then, while pieces come; and at the end, when nothing
  // is being written. A complete torrent that stops deletes it then.
  task<> keep_saving();
  task<> keep(bool leaving);

  std::string sentence(std::error_code e) const { return storage_.where(e); }
  torrent_status::state_t state() const; // once it is checked
  // Fills in what is known here: progress, bytes, pieces.
  void tell(torrent_status&) const;

private:
  static piece::file_map files_of(add_torrent_params const&);
  void want_selected_files();
  void offer_share();
  task<bitfield> check_until_quiet(bitfield const& which,
                                   piece::on_check_progress const&);
  task<std::error_code> make_files();
  task<std::error_code> try_what_lacks(std::vector<bool> const& known);
  std::vector<bool> lacking_files() const;

  io::world const& world_;
  add_torrent_params const& params_;
  piece::piece_layout layout_;
  piece::storage storage_;
  shared_disk& disk_;
  download download_;
  resume_keeper resume_;
  bitfield shared_;                         // those of params_.share that are here
  std::uint64_t total_wanted_ = 0;          // bytes
  std::size_t believed_ = 0, to_check_ = 0; // pieces, of the last check
  double checked_ = 0;                      // 0..1, of the check that goes on
  bool ours_ = false; // the files: a check in this run found no reason to refuse them
  bool settled_ = false;
  static constexpr int most_times_changed = 5; // by another program, before we give up
  int times_changed_ = 0;                      // how often it was not, at the last piece
};

} // namespace cotorra::session
