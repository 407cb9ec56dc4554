// Which tracker to ask, and when (BEP 12). Trackers are asked one after another, tier by
// tier, each once, until one answers: that is a round. The one that answered moves to the
// front of its tier. One that failed rests, longer each time, so a dead tracker costs
// little and never blocks the others.
#pragma once
#include "base/random.hpp"
#include "base/time.hpp"
#include "tracker/answer_wire.hpp"
#include <array>

namespace cotorra::tracker {

// A stranger may have written the .torrent, and each tracker in it costs a request: we
// use only the first ones that we can ask, and show at most as many of the others.
constexpr std::size_t most_trackers = 100;

// A tracker that we can ask, by the scheme of its URL.
bool is_spoken(std::string_view url);

// How long a tracker rests after so many failures in a row: 5 s, 17.5 s, 55 s ... 30 min.
duration back_off(unsigned failures);

enum class tracker_state { untried, announcing, working, refused, unreachable, unusable };
std::string_view name(tracker_state);

// What a tracker has heard from us over one family of addresses (BEP 7): over each it
// sees another address of ours.
struct contact {
  bool was_told = false; // something was sent there, so "stopped" is owed
  bool knows_us = false; // it has answered, so it was told "started"
};

// One tracker, for the announcer and for display.
struct tracker_status {
  std::string url; // may hold a password: show it through http::printable()
  std::size_t tier = 0;
  tracker_state state = tracker_state::untried;
  std::string message;        // the last warning, refusal or trouble
  time_point next_announce{}; // for display: when its turn comes again, as things stand
  time_point rests_until = time_point::min(); // after a failure
  std::optional<std::uint32_t> complete{}, incomplete{};
  unsigned failures = 0;         // in a row
  bool was_asked = false;        // in this round
  std::array<contact, 3> over{}; // by ip_family
  std::string tracker_id{};

  contact& contact_over(ip_family f) { return over[static_cast<std::size_t>(f)]; }
  contact const& contact_over(ip_family f) const {
    return over[static_cast<std::size_t>(f)];
  }
};

class tiers {
public:
  // `announce_list`: the tiers, each a list of URLs; each tier is shuffled (BEP 12).
  tiers(std::vector<std::vector<std::string>> announce_list, random_source&);

  // The next one to ask; nullptr when none is due. When the round is at its end and a
  // tracker has had its rest, the next round begins.
  tracker_status const* next(time_point now);
  // When next() will give one again; time_point::max() when never.
  time_point due() const;

  void asking(std::string const& url);
  // A question goes out to it, over that family.
  void told(std::string const& url, ip_family);
  // It answered: the round is over, the next one comes after its interval.
  void answered(std::string const& url, announce_answer const&, time_point now,
                ip_family = ip_family::any);
  // It refused; `wait` is the least that it asked for.
  void refused(std::string const& url, std::string reason, std::optional<retry_in>,
               time_point now, duration wait = 0s);
  // It could not be reached or understood.
  void failed(std::string const& url, std::string trouble, time_point now,
              duration wait = 0s);
  // We cannot ask a URL of this kind: never again.
  void unusable(std::string const& url, std::string why);

  // Peers are wanted: the next round begins now, or when the last answer's min interval
  // allows it.
  void hurry(time_point now);
  // An event must be told: the next round begins now.
  void begin_round(time_point now) { round_due_ = std::min(round_due_, now); }
  // We have left the swarm: no tracker knows us, and a round may begin at once.
  void forget_us();

  std::vector<tracker_status> const& all() const { return trackers_; } // in asking order
  std::size_t left_out() const { return left_out_; } // of the list, past most_trackers

private:
  tracker_status& find(std::string const& url);
  void end_round(); // each may be asked again

  std::vector<tracker_status> trackers_;
  std::size_t left_out_ = 0;
  time_point round_due_ = time_point::min();
  time_point not_sooner_ = time_point::min(); // min interval of the last answer
};

} // namespace cotorra::tracker
