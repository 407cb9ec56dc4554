// The announces of one torrent, from "started" to "stopped": a coroutine in the torrent's
// group.
#pragma once
#include "io/event.hpp"
#include "tracker/announce_talk.hpp"
#include "tracker/tiers.hpp"
#include <functional>

namespace cotorra::tracker {

// What the announcer needs of its torrent. All but `figures` may be empty. The URLs that
// it reports are printable: without passwords.
struct announcer_callbacks {
  std::function<announce_request()> figures; // the current ones; event and key are ours
  // The families over which peers can reach us: we announce over each (BEP 7). Empty, or
  // an empty list: we announce over any one.
  std::function<std::vector<ip_family>()> listening;
  std::function<void(std::string const& url, announce_answer const&)> on_answer;
  std::function<void(std::string const& url, std::string const& sentence)> on_error;
  bool from_stranger = true;          // see announce_options; false in a laboratory
  std::vector<std::string> of_user{}; // URLs that come from no stranger
  // Of the session; without one, the announcer has its own.
  std::shared_ptr<udp_client> udp{};
  io::trust const* trust = nullptr; // see announce_options
};

class announcer {
public:
  announcer(io::executor, io::network&, io::clock&, random_source&,
            std::vector<std::vector<std::string>> announce_list, announcer_callbacks);

  // Announces until its group is cancelled: "started" to each tracker first, then at the
  // intervals that the trackers ask for. After say_stopped() it may be run again.
  io::task<> run();

  void announce_soon(); // peers are wanted; the trackers' min interval is honoured
  // The download is complete: announced once, at once. Not while bytes are left: then
  // only the files that the user selected are complete (a partial seed, BEP 21).
  void completed();

  // Sends "stopped" to the trackers that were sent anything and did not refuse us, all at
  // the same time, for 1 s at most (1.5 s where "completed" must be sent before it), and
  // never throws. From then on no tracker knows us. The task refers to network, clock
  // and random_source only, so it may outlive this object: await it, or start it and
  // leave.
  io::task<> say_stopped();

  std::vector<tracker_status> const& status() const { return tiers_.all(); }

private:
  struct outcome;

  io::task<> round();
  io::task<> ask(tracker_status whom);
  io::task<> ask_over(tracker_status const& whom, std::vector<ip_family>, outcome&);
  io::task<> ask_over(tracker_status const& whom, ip_family, outcome&);
  io::task<> wait_until_due();
  std::vector<ip_family> families() const;
  announce_request request_for(tracker_status const&, ip_family) const;
  announce_options options_for(tracker_status const&, ip_family);
  void note_answer(std::string const& url, ip_family, announce_event told,
                   announce_answer const&);
  void note_trouble(std::string const& url, protocol_error const&);

  io::executor executor_;
  io::network& network_;
  io::clock& clock_;
  io::event wake_;
  tiers tiers_;
  announcer_callbacks torrent_;
  std::uint32_t const key_;
  bool completed_untold_ = false;
};

} // namespace cotorra::tracker
