// One torrent in a session: ties the pieces, the peers, the choker and the trackers
// together. It holds no format and few decisions: those are in their rooms.
#pragma once
#include "choke/choker.hpp"
#include "choke/choker_talk.hpp"
#include "io/rate_limit.hpp"
#include "session/add_torrent_params.hpp"
#include "session/download.hpp"
#include "session/peer_connection.hpp"
#include "session/peer_list.hpp"
#include "session/places.hpp"
#include "session/resume_keeper.hpp"
#include "tracker/announcer_talk.hpp"
#include <list>

namespace cotorra {

class session;

class torrent : private download::audience, private choker::host {
public:
  torrent(session&, add_torrent_params);
  ~torrent() override;

  // Checks what is there, then lives in its swarm until stop(). Throws only when it is
  // cancelled.
  task<> run();
  void stop(); // ends run()
  // Tells the trackers that we leave, for 2 s at most, and keeps what the next start
  // wants to know.
  task<> say_goodbye();

  void pause(std::string because = "");
  void resume();
  void set_sequential(bool on) { download_.picker().set_sequential(on); }
  torrent_status status() const;
  std::vector<peer_info> peers() const; // those connected now
  std::vector<peer_info> past_peers() const { return past_; }
  bool add_peer(endpoint);

  // A peer that came by itself, after its handshake.
  void welcome(connected_peer);
  handshake our_handshake() const;
  bool takes_guest(ip_address const&);
  std::size_t peers_to_dial() const { return is_open() ? known_.to_dial() : 0; }
  io::rate_limit& down_limit() { return down_limit_; }
  io::rate_limit& up_limit() { return up_limit_; }

  // What the connections need.
  download& pieces() { return download_; }
  storage& disk() { return storage_; }
  io::world const& world() const;
  settings const& limits() const;
  bitfield const& offered() const; // what we tell peers that we have
  bool wants(piece_index) const;
  void block_came(peer_connection&, block, bytes);
  void interest_changed();
  void pieces_changed(peer_connection&);
  void disk_failed(std::error_code) override;
  void sent(std::size_t payload, time_point);

private:
  static file_map files_of(add_torrent_params const&);
  task<> prepare();
  task<> rest();
  task<> keep_resume_state();
  task<> check(io::task_group&);
  task<std::error_code> make_files();
  task<std::error_code> try_what_lacks();
  task<> look_at_files();
  task<> until_paused(io::task_group&);
  task<> swarm();
  task<> tick();
  task<> dial(connected_peer);
  task<> greet(connected_peer&);
  task<> talk(std::list<std::unique_ptr<peer_connection>>::iterator);
  bool is_open() const;
  bool has_place_for(visitor const&) const;
  bool may_enter(visitor const&); // a refusal is remembered
  peer_connection* idlest_who_helps(visitor const&);
  void take_place(connected_peer&);
  void connect_more();
  void admit(connected_peer);
  void turn_away(connected_peer&, errc why, std::string because);
  void remember(peer_info);
  void part(std::list<std::unique_ptr<peer_connection>>::iterator);
  void tell_closed(peer_key, errc why) const;
  bool wins_over_duplicate(connected_peer const&);
  peer_connection* find(peer_key);
  peer_connection* next_for(piece_index);
  void hand_out_free_blocks();
  void free_held_suspects();
  void make_room();
  void want_selected_files();
  void offer_share();
  void make_announcer();
  void update_state();
  void changed();
  bool is_complete() const { return params_.upload_mode || (pieces_done() && looked_); }
  bool pieces_done() const { return download_.picker().wanted_left() == 0; }
  bool is_seeding() const { return looked_ && download_.have().all(); }
  bool is_lonely() const { // nobody left to ask: the trackers may know more
    return announcer_ && !is_complete() && peers_.empty() && dials_.none_taken();
  }
  tracker::announce_request figures() const;

  // download::audience
  void piece_verified(piece_index) override;
  void piece_failed() override { hand_out_free_blocks(); }
  void peer_poisoned(offender const&) override;

  // choker::host
  std::vector<choke_candidate> candidates(time_point) override;
  void choke(peer_key) override;
  void unchoke(peer_key) override;

  session& session_;
  add_torrent_params params_;
  piece_layout layout_;
  storage storage_;
  download download_;
  resume_keeper resume_;
  bitfield shared_; // of what params_.share wishes, what is here
  peer_list known_;
  places places_, dials_;        // dials_: those that are half open
  std::vector<visitor> refused_; // found no place since the last tick, a few of them
  choker choker_;
  std::unique_ptr<tracker::announcer> announcer_;
  io::rate_limit down_limit_, up_limit_;
  std::list<std::unique_ptr<peer_connection>> peers_;
  std::vector<peer_info> past_;
  io::task_group* group_ = nullptr; // of the swarm, while there is one
  io::event wake_;
  torrent_status::state_t state_ = torrent_status::state_t::checking_files;
  double checked_ = 0;
  std::uint64_t total_wanted_ = 0; // bytes
  std::size_t believed_pieces_ = 0, checked_pieces_ = 0;
  // halted_: a pause has begun that is not carried out yet, even when resume() came since
  bool paused_ = false, leaving_ = false, checked_all_ = false, halted_ = false;
  bool looked_ = false;   // files are as we left them at the last look
  int times_changed_ = 0; // how often they were not
  std::string error_;
  rate_meter down_, up_;
};

} // namespace cotorra
