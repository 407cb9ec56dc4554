// A tracker's answer: read, written by our own tracker, read again.
#include "fuzz/fuzz.hpp"
#include "tracker/answer_wire.hpp"

namespace cotorra::fuzz {
namespace {

using namespace tracker;

void check_limits(announce_answer const& a) {
  bool const unsaid = a.failure_reason && a.interval.count() == 0; // by a refusal
  demand(unsaid || (a.interval >= shortest_interval && a.interval <= longest_interval),
         "the interval is one that can be waited for");
  demand(a.min_interval <= longest_interval, "and so is the shortest");
  for (auto const& p : a.peers) demand(p.address.port != 0, "every peer has a port");
  if (a.retry) demand(a.retry->after <= std::chrono::hours(24), "never is said as never");
}

std::vector<endpoint> addresses(announce_answer const& a) {
  std::vector<endpoint> out;
  for (auto const& p : a.peers) out.push_back(p.address);
  std::ranges::sort(out);
  return out;
}

} // namespace

void target(bytes input) {
  auto const a = unless_refused([&] { return decode_answer(input); });
  if (!a) return;
  check_limits(*a);
  for (bool compact : {true, false}) {
    announce_answer const b = decode_answer(encode(*a, compact, false));
    demand(a->failure_reason == b.failure_reason, "a failure stays one");
    if (a->failure_reason) continue;
    demand(addresses(*a) == addresses(b), "no peer is lost or made up");
    demand(a->interval == b.interval && a->min_interval == b.min_interval &&
               a->tracker_id == b.tracker_id && a->complete == b.complete &&
               a->incomplete == b.incomplete && a->downloaded == b.downloaded &&
               a->warning_message == b.warning_message,
           "what we write is what we read");
  }
}

} // namespace cotorra::fuzz
