#include "tracker/announcer_talk.hpp"
#include "http/url_wire.hpp"
#include "io/deadline.hpp"
#include "io/task_group.hpp"
#include <asio/this_coro.hpp>

namespace cotorra::tracker {
namespace {

constexpr duration farewell_deadline = 2s;

io::task<bool> woken(io::event& e) {
  co_await e.wait();
  co_return true;
}

struct farewell {
  std::string url;
  announce_request last;
  bool completed_untold; // a download that ends and leaves at once still counts
};

io::task<> tell(io::network& net, io::clock& time, farewell f, announce_event event) {
  f.last.event = event;
  auto talk = announce(net, time, f.url, f.last, farewell_deadline);
  announce_answer const ignored = co_await std::move(talk);
}

io::task<> tell_in_order(io::network& net, io::clock& time, farewell f) {
  if (f.completed_untold) {
    farewell first = f;
    co_await tell(net, time, std::move(first), announce_event::completed);
  }
  co_await tell(net, time, std::move(f), announce_event::stopped);
}

io::task<> take_leave(io::network& net, io::clock& time, farewell f) {
  time_point const until = time.now() + farewell_deadline;
  try {
    auto talk = tell_in_order(net, time, std::move(f));
    co_await io::within(time, until, std::move(talk));
  } catch (std::exception const&) { // then it will notice by itself
  }
}

io::task<> tell_all(io::network& net, io::clock& time, std::vector<farewell> all) {
  io::executor const ex = co_await asio::this_coro::executor;
  io::task_group group(ex);
  for (farewell& f : all) group.spawn(take_leave(net, time, std::move(f)), "stopped");
  co_await group.join();
}

} // namespace

announcer::announcer(io::executor ex, io::network& net, io::clock& time,
                     random_source& random,
                     std::vector<std::vector<std::string>> announce_list,
                     announcer_callbacks torrent)
    : network_(net), clock_(time), wake_(std::move(ex)),
      tiers_(std::move(announce_list), random), torrent_(std::move(torrent)),
      key_(static_cast<std::uint32_t>(random.next())) {}

io::task<> announcer::run() {
  for (;;) {
    co_await round();
    co_await wait_until_due();
  }
}

io::task<> announcer::round() {
  while (tracker_status const* whom = tiers_.next(clock_.now())) {
    tracker_status copy = *whom; // the tiers may change while we wait
    bool const answered = co_await ask(std::move(copy));
    if (answered) break;
  }
}

io::task<bool> announcer::ask(tracker_status whom) {
  announce_request request = request_for(whom);
  announce_event const told = request.event;
  tiers_.asking(whom.url);
  try {
    auto talk = announce(network_, clock_, whom.url, std::move(request));
    announce_answer const answer = co_await std::move(talk);
    note_answer(whom.url, told, answer);
    co_return true;
  } catch (protocol_error const& e) {
    if (e.code() == errc::shut_down) throw;
    note_trouble(whom.url, e);
  } catch (input_error const& e) {
    note_trouble(whom.url, protocol_error(errc::unsupported, e.what()));
  }
  co_return false;
}

io::task<> announcer::wait_until_due() {
  time_point const due = tiers_.due();
  try {
    auto call = woken(wake_);
    bool const early = co_await io::within(clock_, due, std::move(call));
    (void)early;
  } catch (protocol_error const& e) {
    if (e.code() != errc::timed_out) throw;
  }
}

announce_request announcer::request_for(tracker_status const& whom) const {
  announce_request r = torrent_.figures();
  r.key = key_;
  r.tracker_id = whom.tracker_id;
  r.event = announce_event::none;
  if (!whom.knows_us)
    r.event = announce_event::started;
  else if (completed_untold_)
    r.event = announce_event::completed;
  return r;
}

void announcer::note_answer(std::string const& url, announce_event told,
                            announce_answer const& answer) {
  tiers_.answered(url, answer, clock_.now());
  if (told == announce_event::completed) completed_untold_ = false;
  if (completed_untold_) tiers_.begin_round(clock_.now()); // "started" had to come first
  if (torrent_.on_answer) torrent_.on_answer(url, answer);
}

void announcer::note_trouble(std::string const& url, protocol_error const& e) {
  if (auto const* refusal = dynamic_cast<tracker_refusal const*>(&e))
    tiers_.refused(url, e.what(), refusal->retry, clock_.now());
  else if (e.code() == errc::unsupported)
    tiers_.unusable(url, e.what());
  else
    tiers_.failed(url, e.what(), clock_.now());
  if (torrent_.on_error) torrent_.on_error(url, e.what());
}

void announcer::announce_soon() {
  tiers_.hurry(clock_.now());
  wake_.set();
}

void announcer::completed() {
  completed_untold_ = true;
  tiers_.begin_round(clock_.now());
  wake_.set();
}

io::task<> announcer::say_stopped() const {
  std::vector<farewell> all;
  for (tracker_status const& t : tiers_.all()) {
    if (!t.knows_us) continue;
    farewell f{t.url, request_for(t), completed_untold_};
    f.last.numwant = 0;
    all.push_back(std::move(f));
  }
  return tell_all(network_, clock_, std::move(all));
}

} // namespace cotorra::tracker
