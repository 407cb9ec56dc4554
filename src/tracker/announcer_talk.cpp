#include "tracker/announcer_talk.hpp"
#include "http/url_wire.hpp"
#include "io/deadline.hpp"
#include "io/task_group.hpp"
#include <algorithm>
#include <asio/this_coro.hpp>

namespace cotorra::tracker {
namespace {

constexpr duration farewell_name_deadline = 500ms; // a dead name server must not hold us
// For "completed", which is sent before "stopped"; its answer does not matter.
constexpr duration completed_deadline = 500ms;

io::task<bool> woken(io::event& e) {
  co_await e.wait();
  co_return true;
}

struct farewell {
  std::string url;
  announce_request last;
  announce_options how;
  bool completed_untold; // a download that ends and leaves at once still counts
};

io::task<> tell(io::network& net, io::clock& time, farewell f, announce_event event,
                duration patience) {
  time_point const until = time.now() + patience;
  f.last.event = event;
  try {
    auto talk =
        announce(net, time, std::move(f.url), std::move(f.last), std::move(f.how));
    announce_answer const ignored = co_await io::within(time, until, std::move(talk));
  } catch (protocol_error const& e) {
    if (e.code() == errc::shut_down) throw;
  } catch (std::exception const&) { // then the tracker will notice by itself
  }
}

// In this order: after "completed" the tracker would list us again.
io::task<> take_leave(io::network& net, io::clock& time, farewell f) {
  if (f.completed_untold) {
    farewell first = f;
    co_await tell(net, time, std::move(first), announce_event::completed,
                  completed_deadline);
  }
  co_await tell(net, time, std::move(f), announce_event::stopped, farewell_deadline);
}

io::task<> tell_all(io::network& net, io::clock& time, std::vector<farewell> all) {
  io::executor const ex = co_await asio::this_coro::executor;
  io::task_group group(ex);
  for (farewell& f : all) group.spawn(take_leave(net, time, std::move(f)), "stopped");
  co_await group.join();
}

} // namespace

// The outcome of asking one tracker, over each family that we listen on.
struct announcer::outcome {
  bool answered = false;
  std::exception_ptr trouble; // the one that got farthest
  bool was_reached = false;

  void note(protocol_error const& e) {
    if (trouble && (was_reached || e.code() == errc::cannot_connect)) return;
    trouble = std::current_exception();
    was_reached = e.code() != errc::cannot_connect;
  }
};

announcer::announcer(io::executor ex, io::network& net, io::clock& time,
                     random_source& random,
                     std::vector<std::vector<std::string>> announce_list,
                     announcer_callbacks torrent)
    : executor_(ex), network_(net), clock_(time), wake_(std::move(ex)),
      tiers_(std::move(announce_list), random), torrent_(std::move(torrent)),
      key_(static_cast<std::uint32_t>(random.next())) {
  if (!torrent_.udp)
    torrent_.udp = std::make_shared<udp_client>(executor_, net, time, random);
}

io::task<> announcer::run() {
  for (;;) {
    co_await round();
    co_await wait_until_due();
  }
}

io::task<> announcer::round() {
  while (tracker_status const* whom = tiers_.next(clock_.now())) {
    tracker_status copy = *whom; // the tiers may change while we wait
    co_await ask(std::move(copy));
  }
}

io::task<> announcer::ask(tracker_status whom) {
  tiers_.asking(whom.url);
  outcome what;
  std::vector<ip_family> ours = families();
  co_await ask_over(whom, std::move(ours), what);
  if (!what.answered && !what.trouble) { // it has no address of our families
    std::vector<ip_family> any(1, ip_family::any);
    co_await ask_over(whom, std::move(any), what);
  }
  if (what.answered) co_return;
  try {
    std::rethrow_exception(what.trouble);
  } catch (protocol_error const& e) {
    note_trouble(whom.url, e);
  }
}

io::task<> announcer::ask_over(tracker_status const& whom, std::vector<ip_family> all,
                               outcome& what) {
  io::task_group group(executor_);
  for (ip_family f : all) group.spawn(ask_over(whom, f, what), "announce over a family");
  co_await group.join();
}

io::task<> announcer::ask_over(tracker_status const& whom, ip_family over,
                               outcome& what) {
  announce_request request = request_for(whom, over);
  announce_event const told = request.event;
  announce_options how = options_for(whom, over);
  try {
    auto talk = announce(network_, clock_, whom.url, std::move(request), std::move(how));
    announce_answer const answer = co_await std::move(talk);
    note_answer(whom.url, over, told, answer);
    what.answered = true;
  } catch (protocol_error const& e) {
    if (e.code() == errc::shut_down) throw;
    // else it has one of another family
    if (e.code() != errc::no_address || over == ip_family::any) what.note(e);
  } catch (input_error const& e) {
    what.trouble = std::make_exception_ptr(protocol_error(errc::unsupported, e.what()));
  }
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

std::vector<ip_family> announcer::families() const {
  std::vector<ip_family> all;
  if (torrent_.listening) all = torrent_.listening();
  if (all.empty()) all.push_back(ip_family::any);
  return all;
}

announce_request announcer::request_for(tracker_status const& whom,
                                        ip_family over) const {
  announce_request r = torrent_.figures();
  r.key = key_;
  r.tracker_id = whom.tracker_id;
  r.event = announce_event::none;
  if (!whom.contact_over(over).knows_us)
    r.event = announce_event::started;
  else if (completed_untold_)
    r.event = announce_event::completed;
  return r;
}

announce_options announcer::options_for(tracker_status const& whom, ip_family over) {
  announce_options how;
  how.family = over;
  how.udp = torrent_.udp;
  how.trust = torrent_.trust;
  bool const of_user =
      std::ranges::find(torrent_.of_user, whom.url) != torrent_.of_user.end();
  how.from_stranger = torrent_.from_stranger && !of_user;
  how.on_sent = [this, url = whom.url, over] { tiers_.told(url, over); };
  return how;
}

void announcer::note_answer(std::string const& url, ip_family over, announce_event told,
                            announce_answer const& answer) {
  tiers_.answered(url, answer, clock_.now(), over);
  if (told == announce_event::completed) completed_untold_ = false;
  if (completed_untold_) tiers_.begin_round(clock_.now()); // "started" had to come first
  if (torrent_.on_answer) torrent_.on_answer(http::printable(url), answer);
}

void announcer::note_trouble(std::string const& url, protocol_error const& e) {
  time_point const now = clock_.now();
  if (auto const* refusal = dynamic_cast<tracker_refusal const*>(&e))
    tiers_.refused(url, e.what(), refusal->retry, now, refusal->wait);
  else if (auto const* busy = dynamic_cast<tracker_busy const*>(&e))
    tiers_.failed(url, e.what(), now, busy->wait);
  else if (e.code() == errc::unsupported)
    tiers_.unusable(url, e.what());
  else
    tiers_.failed(url, e.what(), now);
  if (torrent_.on_error) torrent_.on_error(http::printable(url), e.what());
}

void announcer::announce_soon() {
  tiers_.hurry(clock_.now());
  wake_.set();
}

void announcer::completed() {
  if (torrent_.figures().left != 0) return;
  completed_untold_ = true;
  tiers_.begin_round(clock_.now());
  wake_.set();
}

io::task<> announcer::say_stopped() {
  std::vector<farewell> all;
  for (tracker_status const& t : tiers_.all())
    for (ip_family over : {ip_family::any, ip_family::v4, ip_family::v6}) {
      if (!t.contact_over(over).was_told) continue;
      farewell f{t.url, request_for(t, over), options_for(t, over), completed_untold_};
      f.last.numwant = 0;
      f.how.deadline = farewell_deadline;
      f.how.name_deadline = farewell_name_deadline;
      f.how.on_sent = nullptr; // it may outlive us
      all.push_back(std::move(f));
    }
  if (!all.empty()) completed_untold_ = false;
  tiers_.forget_us();
  return tell_all(network_, clock_, std::move(all));
}

} // namespace cotorra::tracker
