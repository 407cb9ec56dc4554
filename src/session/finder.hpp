// One way to find peers for a torrent: its trackers, the DHT, the local network. What a
// finder finds goes to connections::found(), which decides what may be dialled.
#pragma once
#include "io/task.hpp"
#include "session/peer_source.hpp"

namespace cotorra::session {

using io::task;

class finder {
public:
  virtual ~finder() = default;

  virtual peer_source source() const = 0;
  // Searches until it is cancelled, while the torrent learns or swarms. May be run again.
  virtual task<> run() = 0;
  // No peer is connected: ask again, as soon as good manners allow.
  virtual void want_more() = 0;
  // The download is complete. Not told by a torrent that began as a seed.
  virtual void completed() {}
  // The torrent rests or leaves: no more peers, please. Never throws, and takes little
  // time.
  virtual task<> say_goodbye() = 0;
};

} // namespace cotorra::session
