#include "tracker/tiers.hpp"
#include <algorithm>
#include <cassert>
#include <set>

namespace cotorra::tracker {

duration back_off(unsigned failures) {
  unsigned const n = std::clamp(failures, 1u, 100u) - 1;
  return std::min<duration>(5s + n * n * 12500ms, 30min);
}

bool is_spoken(std::string_view url) {
  return url.starts_with("http:") || url.starts_with("https:") || url.starts_with("udp:");
}

std::string_view name(tracker_state s) {
  switch (s) {
  case tracker_state::untried:
    return "not asked yet";
  case tracker_state::announcing:
    return "announcing";
  case tracker_state::working:
    return "working";
  case tracker_state::refused:
    return "refused";
  case tracker_state::unreachable:
    return "unreachable";
  case tracker_state::unusable:
    return "unusable";
  }
  return "";
}

tiers::tiers(std::vector<std::vector<std::string>> announce_list, random_source& random) {
  std::set<std::string> seen;
  std::size_t tier = 0, spoken = 0, others = 0;
  for (auto& urls : announce_list) {
    random.shuffle(urls);
    for (std::string& url : urls) {
      if (!seen.insert(url).second) continue;
      std::size_t& count = is_spoken(url) ? spoken : others;
      if (++count > most_trackers) {
        ++left_out_;
        continue;
      }
      tracker_status t;
      t.url = std::move(url);
      t.tier = tier;
      trackers_.push_back(std::move(t));
    }
    ++tier;
  }
}

tracker_status const* tiers::next(time_point now) {
  if (now < round_due_) return nullptr;
  auto const may_be_asked = [now](tracker_status const& t) {
    return !t.was_asked && t.rests_until <= now;
  };
  auto found = std::find_if(trackers_.begin(), trackers_.end(), may_be_asked);
  if (found == trackers_.end()) {
    end_round();
    found = std::find_if(trackers_.begin(), trackers_.end(), may_be_asked);
  }
  return found == trackers_.end() ? nullptr : &*found;
}

void tiers::end_round() {
  for (tracker_status& t : trackers_) t.was_asked = false;
}

time_point tiers::due() const {
  time_point first = time_point::max();
  for (tracker_status const& t : trackers_) first = std::min(first, t.rests_until);
  return std::max(first, round_due_);
}

void tiers::asking(std::string const& url) {
  tracker_status& t = find(url);
  t.state = tracker_state::announcing;
  t.was_asked = true;
}

void tiers::told(std::string const& url, ip_family over) {
  find(url).contact_over(over).was_told = true;
}

void tiers::answered(std::string const& url, announce_answer const& a, time_point now,
                     ip_family over) {
  auto const moved = trackers_.begin() + (&find(url) - trackers_.data());
  moved->state = tracker_state::working;
  moved->message = a.warning_message;
  moved->complete = a.complete;
  moved->incomplete = a.incomplete;
  moved->failures = 0;
  moved->contact_over(over).knows_us = true;
  if (!a.tracker_id.empty()) moved->tracker_id = a.tracker_id;
  round_due_ = now + std::max(a.interval, a.min_interval);
  moved->next_announce = round_due_;
  not_sooner_ = now + (a.min_interval > 0s ? a.min_interval : std::min(a.interval, 60s));
  end_round();
  // hole 3.5: move the one that answered to the front of its tier
  auto const front = std::find_if(trackers_.begin(), moved,
                                  [&](auto const& t) { return t.tier == moved->tier; });
  std::rotate(front, moved, moved + 1);
  // end hole 3.5
}

void tiers::refused(std::string const& url, std::string reason,
                    std::optional<retry_in> retry, time_point now, duration wait) {
  tracker_status& t = find(url);
  t.state = tracker_state::refused;
  t.message = std::move(reason);
  for (contact& c : t.over) c.was_told = c.knows_us; // refused: not on its list
  ++t.failures;
  duration const rest = retry ? duration(retry->after) : back_off(t.failures);
  bool const never = retry && retry->never;
  t.rests_until = never ? time_point::max() : now + std::max(rest, wait);
  t.next_announce = t.rests_until;
}

void tiers::failed(std::string const& url, std::string trouble, time_point now,
                   duration wait) {
  tracker_status& t = find(url);
  t.state = tracker_state::unreachable;
  t.message = std::move(trouble);
  ++t.failures;
  t.rests_until = t.next_announce = now + std::max(back_off(t.failures), wait);
}

void tiers::unusable(std::string const& url, std::string why) {
  tracker_status& t = find(url);
  t.state = tracker_state::unusable;
  t.message = std::move(why);
  t.rests_until = t.next_announce = time_point::max();
}

void tiers::hurry(time_point now) {
  round_due_ = std::min(round_due_, std::max(now, not_sooner_));
}

void tiers::forget_us() {
  for (tracker_status& t : trackers_) t.over = {};
  end_round();
  round_due_ = time_point::min();
}

tracker_status& tiers::find(std::string const& url) {
  auto const t = std::find_if(trackers_.begin(), trackers_.end(),
                              [&](auto const& x) { return x.url == url; });
  assert(t != trackers_.end());
  return *t;
}

} // namespace cotorra::tracker
