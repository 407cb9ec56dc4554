// All ways to find peers for one torrent. A new one is one more finder in the list.
#pragma once
#include "session/connections.hpp"
#include "session/finder.hpp"
#include "tracker/tiers.hpp"
#include <memory>

namespace cotorra::session {

class tracker_finder;

class finders {
public:
  class host { // the torrent
  public:
    virtual ~host() = default;
    virtual std::uint64_t left() const = 0; // bytes that we do not have: for the trackers
    virtual bool wants_peers() const = 0;   // a seed waits until they come
  };

  // All must outlive it.
  finders(connections::surroundings, add_torrent_params const&, connections&,
          host const&);
  ~finders();

  // Searches with all that this torrent may use (BEP 27), until it is cancelled.
  task<> run();
  void completed();
  task<> say_goodbye();

  std::vector<tracker::tracker_status> trackers() const;

private:
  task<> ask_when_lonely();

  io::world const& world_;
  connections& peers_;
  host const& torrent_;
  std::vector<std::unique_ptr<finder>> all_;
  tracker_finder const* trackers_ = nullptr; // among them, if there are trackers
};

} // namespace cotorra::session
