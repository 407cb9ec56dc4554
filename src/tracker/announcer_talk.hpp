// The announces of one torrent, from "started" to "stopped": a coroutine in the torrent's
// group.
#pragma once
#include "io/event.hpp"
#include "tracker/announce_talk.hpp"
#include "tracker/tiers.hpp"
#include <functional>

namespace cotorra::tracker {

// What the announcer needs of its torrent. All but `figures` may be empty.
struct announcer_callbacks {
  std::function<announce_request()> figures; // the current ones; event and key are ours
  std::function<void(std::string const& url, announce_answer const&)> on_answer;
  std::function<void(std::string const& url, std::string const& sentence)> on_error;
};

class announcer {
public:
  announcer(io::executor, io::network&, io::clock&, random_source&,
            std::vector<std::vector<std::string>> announce_list, announcer_callbacks);

  // Announces until its group is cancelled: "started" to each tracker first, then at the
  // intervals that the trackers ask for.
  io::task<> run();

  void announce_soon(); // peers are wanted; the trackers' min interval is honoured
  void completed();     // the download is complete: said once, at once

  // Tells "stopped" to the trackers that know us, all at the same time, for 2 s at most,
  // and never throws. It refers to network and clock only, so it may outlive this object:
  // await it, or start it and leave.
  io::task<> say_stopped() const;

  std::vector<tracker_status> const& status() const { return tiers_.all(); }

private:
  io::task<> round();
  io::task<bool> ask(tracker_status whom);
  io::task<> wait_until_due();
  announce_request request_for(tracker_status const&) const;
  void note_answer(std::string const& url, announce_event told, announce_answer const&);
  void note_trouble(std::string const& url, protocol_error const&);

  io::network& network_;
  io::clock& clock_;
  io::event wake_;
  tiers tiers_;
  announcer_callbacks torrent_;
  std::uint32_t const key_;
  bool completed_untold_ = false;
};

} // namespace cotorra::tracker
