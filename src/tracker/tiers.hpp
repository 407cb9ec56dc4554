// Which tracker to ask, and when (BEP 12). Trackers are asked one after another, tier by
// tier, until one answers: that is a round. The one that answered moves to the front of
// its tier. One that failed rests, longer each time, so a dead tracker costs little and
// never blocks the others.
#pragma once
#include "base/random.hpp"
#include "base/time.hpp"
#include "tracker/answer_wire.hpp"

namespace cotorra::tracker {

// How long a tracker rests after so many failures in a row: 5 s, 17.5 s, 55 s ... 30 min.
duration back_off(unsigned failures);

enum class tracker_state { untried, announcing, working, refused, unreachable, unusable };
std::string_view name(tracker_state);

// One tracker, for the announcer and for display.
struct tracker_status {
  std::string url;
  std::size_t tier = 0;
  tracker_state state = tracker_state::untried;
  std::string message;        // the last warning, refusal or trouble
  time_point next_announce{}; // for display: when its turn comes again, as things stand
  time_point rests_until = time_point::min(); // after a failure
  std::optional<std::uint32_t> complete{}, incomplete{};
  unsigned failures = 0; // in a row
  bool knows_us = false; // it has answered, so it was told "started"
  std::string tracker_id{};
};

class tiers {
public:
  // `announce_list`: the tiers, each a list of URLs; each tier is shuffled (BEP 12).
  tiers(std::vector<std::vector<std::string>> announce_list, random_source&);

  // The next one to ask in this round; nullptr when the round is over or not due.
  tracker_status const* next(time_point now) const;
  // When next() will give one again; time_point::max() when never.
  time_point due() const;

  void asking(std::string const& url);
  // It answered: the round is over, the next one comes after its interval.
  void answered(std::string const& url, announce_answer const&, time_point now);
  // It said no, or could not be reached or understood: the next one's turn.
  void refused(std::string const& url, std::string reason, std::optional<retry_in>,
               time_point now);
  void failed(std::string const& url, std::string trouble, time_point now);
  // Its URL is nothing that we speak: never again.
  void unusable(std::string const& url, std::string why);

  // Peers are wanted: the next round begins now, or when the last answer's min interval
  // allows it.
  void hurry(time_point now);
  // An event must be told: the next round begins now.
  void begin_round(time_point now) { round_due_ = std::min(round_due_, now); }

  std::vector<tracker_status> const& all() const { return trackers_; } // in asking order

private:
  tracker_status& find(std::string const& url);

  std::vector<tracker_status> trackers_;
  time_point round_due_ = time_point::min();
  time_point not_sooner_ = time_point::min(); // min interval of the last answer
};

} // namespace cotorra::tracker
