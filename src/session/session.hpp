// The engine: torrents, the port that peers come to, and the limits they share. The names
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
#include "session/connected_peer.hpp"
#include "session/places.hpp"
#include "session/settings.hpp"
#include "session/torrent_handle.hpp"
#include <map>

namespace cotorra {

class session {
public:
  session(io::world, settings = {});
  ~session();

  // Opens the listening ports; throws input_error when none can be had.
  void listen();
  std::uint16_t listen_port() const { return port_; }

  // Throws input_error when it is there already or its target can't be used.
  torrent_handle add_torrent(add_torrent_params);
  void remove_torrent(torrent_handle const&);    // its files stay
  torrent_handle find_torrent(info_hash const&); // invalid when there is none
  std::vector<torrent_handle> get_torrents();

  task<> run(); // when it is cancelled, it leaves at once and tells nobody
  void stop();  // says goodbye to the trackers, then run() returns

  // What the torrents need.
  io::world const& world() const { return world_; }
  settings const& limits() const { return settings_; }
  peer_id const& id() const { return id_; }
  io::rate_limit& down_limit() { return down_limit_; }
  io::rate_limit& up_limit() { return up_limit_; }
  places& connections() { return connections_; }
  places& dials() { return dials_; } // half open
  // Who found the session full, a few of them: any torrent may make room.
  std::vector<visitor>& refused() { return refused_; }
  std::size_t peers_to_dial() const; // of all torrents
  peer_key next_key() { return ++last_key_; }
  torrent* find(info_hash const&);

private:
  void listen_anywhere();
  task<> accept(io::listener&);
  task<> welcome(std::unique_ptr<io::stream>);
  task<> hear_out(connected_peer&, std::optional<handshake>& answered);
  task<> live(info_hash);
  task<> until_stopped();
  task<> close_all();

  io::world world_;
  settings settings_;
  peer_id id_;
  io::rate_limit down_limit_, up_limit_;
  std::vector<std::unique_ptr<io::listener>> listeners_;
  std::uint16_t port_ = 0;
  places connections_, dials_;
  std::vector<visitor> refused_;
  places unknown_; // unknown: who came, and has not said for which torrent
  std::map<info_hash, std::unique_ptr<torrent>> torrents_;
  io::task_group group_;    // accepting, and each torrent
  io::task_group welcomes_; // handshakes with those who came
  io::event stop_;
  peer_key last_key_ = 0;
  bool running_ = false, stopping_ = false;
};

} // namespace cotorra
