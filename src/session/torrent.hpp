// One torrent in a session: ties its content, its connections and its trackers together,
// and leads them through the phases of its life.
#pragma once
#include "io/rate_limit.hpp"
#include "session/finders.hpp"
#include "session/phase.hpp"

namespace cotorra::session {

class torrent : private download::host, private finders::host {
public:
  torrent(connections::surroundings, peer_id const& ours, traffic_limits all,
          add_torrent_params);

  // Checks what is there, then lives in its swarm, until stop(). Throws only when it is
  // cancelled.
  task<> run();
  void stop(); // ends run()
  // Tells the trackers that we leave, and saves what the next start needs.
  task<> say_goodbye();

  void pause(std::string because = "");
  void resume();
  void set_sequential(bool on);
  torrent_status status() const;

  connections& peers() { return peers_; }
  connections const& peers() const { return peers_; }

private:
  task<> rest();
  void begin(io::task_group&);
  task<> learn(io::task_group&);
  void learned(buffer info);
  void swarm(io::task_group&);
  task<> until_over(io::task_group&);
  task<> check_content();
  task<> look_at_files();
  void update_state();
  void changed();

  // download::host
  void piece_verified(piece_index) override;
  void piece_failed(piece_index, bool sender_is_known) override;
  void peer_poisoned(piece::offender const&, piece_index) override;
  void disk_failed(std::error_code) override;

  // finders::host
  std::uint64_t left() const override;
  bool wants_peers() const override { return !content_ || !content_->is_complete(); }

  connections::surroundings const around_;
  io::world const& world_;
  add_torrent_params params_;
  life life_;
  io::rate_limit down_limit_, up_limit_;
  std::optional<content> content_; // none while the info dictionary is being learned
  connections peers_;
  finders finders_;
  io::task_group* group_ = nullptr; // of the swarm, while there is one
  io::event wake_;
  torrent_status::state_t state_ = torrent_status::state_t::checking_files;
  std::string error_;
  bool fetched_ = false; // pieces came that the trackers are not told of as "completed"
};

} // namespace cotorra::session
