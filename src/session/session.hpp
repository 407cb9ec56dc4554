// The engine: torrents, the port that peers dial, and the limits they share. The names
// are libtorrent's; how one waits is not: a session lives as long as the coroutine run().
//
//   session s(world, settings);
//   auto torrent = s.add_torrent(params);
//   co_await s.run(); // until stop()
#pragma once
#include "io/event.hpp"
#include "io/rate_limit.hpp"
#include "io/task_group.hpp"
#include "io/world.hpp"
#include "session/add_torrent_params.hpp"
#include "session/admission.hpp"
#include "session/dht_service.hpp"
#include "session/entrance.hpp"
#include "session/settings.hpp"
#include "session/shared_disk.hpp"
#include "session/torrent_handle.hpp"
#include "tracker/udp_talk.hpp"
#include <map>

namespace cotorra::session {

class session : private entrance::host, private admission::host {
public:
  session(io::world, settings = {});
  ~session() override;

  // Opens the listening ports; throws input_error when none can be had.
  void listen();
  std::uint16_t listen_port() const { return where_.port; }
  peer_id const& id() const { return id_; } // ours

  // Throws input_error when it is there already or its target can't be used.
  torrent_handle add_torrent(add_torrent_params);
  void remove_torrent(torrent_handle const&); // its files stay
  std::vector<torrent_handle> get_torrents();

  // Bytes per second from now on, 0 = none.
  void set_rate_limits(std::uint64_t download, std::uint64_t upload);
  std::uint64_t download_rate_limit() const { return down_limit_.rate(); }
  std::uint64_t upload_rate_limit() const { return up_limit_.rate(); }

  // A node of the DHT, to begin with. Without a DHT nothing happens.
  void add_dht_node(endpoint const& e) { dht_.add_entrance(e); }
  buffer dht_state() const { return dht_.save(); } // for the next run; may be empty

  task<> run(); // when it is cancelled, it leaves at once and tells no tracker
  void stop();  // says goodbye to the trackers, then run() returns

private:
  friend class torrent_handle;

  torrent* find(info_hash const&);
  void listen_anywhere();
  void opened(); // the last of listeners_
  task<> accept(io::listener&);
  task<> live(info_hash);
  task<> until_stopped();
  task<> close_all();

  // entrance::host
  std::optional<handshake::handshake> answer_for(info_hash const&,
                                                 ip_address const&) override;
  std::optional<traffic_limits> limits_of(info_hash const&) override;
  void welcome(connected_peer) override;

  // admission::host: of all torrents
  std::vector<admission::member> members() const override;
  void make_room(peer_key) override;

  io::world world_;
  settings settings_;
  peer_id id_;
  io::rate_limit down_limit_, up_limit_;
  std::vector<std::unique_ptr<io::listener>> listeners_;
  listening where_;
  admission admission_;
  shared_disk disk_;
  dht_service dht_;
  entrance entrance_;
  std::shared_ptr<tracker::udp_client> udp_;
  std::map<info_hash, std::unique_ptr<torrent>> torrents_;
  io::task_group group_;    // accepting, and each torrent
  io::task_group welcomes_; // handshakes with peers that dialled us, the DHT
  io::event stop_;
  bool running_ = false, stopping_ = false;
};

} // namespace cotorra::session
