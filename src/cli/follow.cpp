#include "cli/follow.hpp"
#include "cli/outputs.hpp"
#include "cli/text.hpp"
#include "io/task_group.hpp"
#include "session/session.hpp"

namespace cotorra::cli {

follower::follower(io::world w, bool as_json, dht_home const& dht,
                   std::function<bool(session::torrent_status const&)> enough,
                   std::function<void()> cancel)
    : world_(w), json_(as_json), dht_(dht), enough_(std::move(enough)),
      cancel_(std::move(cancel)), changed_(w.executor), line_(w.clock, !as_json) {}

task<follower::end> follower::run(session::session& s, torrents const& torrent) {
  end how = end::left;
  io::task_group all(world_.executor);
  all.spawn(s.run(), "session");
  all.spawn(follow(s, torrent, how), "follower");
  co_await all.join();
  co_return how;
}

// Stops the session at the end, also when it throws.
task<> follower::follow(session::session& s, torrents const& torrent, end& how) {
  io::task_group beside(world_.executor);
  if (json_) watch_reader();
  beside.spawn(ticks(), "ticks");
  auto on_key = [this, &torrent](char key) { press(key, torrent); };
  beside.spawn(listen_to_keys(world_.clock, keyboard_, std::move(on_key)), "keys");
  beside.spawn(watch(torrent, beside, how), "watch");
  beside.spawn(dht_.introduce(s), "dht");
  co_await beside.join();
  dht_.keep(s);
  s.stop();
}

task<> follower::watch(torrents const& torrent, io::task_group& beside, end& how) {
  for (;;) {
    std::optional<end> const ended = show(torrent.status());
    if (!ended) {
      auto calm = calm_down(torrent.all().size());
      co_await std::move(calm);
      co_await changed_.wait();
      continue;
    }
    how = *ended;
    co_return beside.cancel();
  }
}

// Each change of a torrent calls for a look, and a look goes through all torrents. So
// with many torrents, changes that come close together share one look.
task<> follower::calm_down(std::size_t torrents) {
  constexpr std::size_t few = 10;
  if (torrents <= few) co_return;
  co_await world_.clock.sleep_for(torrents * 50us);
}

std::optional<follower::end> follower::show(session::torrent_status const& now) {
  if (trouble(now)) return end::failed;
  if (enough_(now)) return end::enough;
  if (left_) return end::left;
  tell_trackers(now);
  line_.show(now);
  return std::nullopt;
}

task<> follower::ticks() {
  for (;;) {
    co_await world_.clock.sleep_for(250ms);
    look();
  }
}

void follower::press(char key, torrents const& torrent) {
  switch (key) {
  case 'p':
    torrent.pause();
    break;
  case 'r':
    torrent.resume();
    break;
  case 's':
    say_status(torrent.status());
    break;
  case 'c':
    cancel_();
    break;
  case 'q':
    leave();
    break;
  default:
    say("keys: p pause, r resume, s state, c cancel (remove what is not complete; its "
        "files stay), q quit");
    flush();
  }
  look();
}

// At a terminal, the user can resume a torrent that a disk error stopped: key r.
bool follower::trouble(session::torrent_status const& now) {
  if (now.error.empty()) {
    reported_error_.clear();
    return false;
  }
  if (reported_error_ == now.error) return false;
  reported_error_ = now.error;
  using enum session::torrent_status::state_t;
  bool const at_start = now.state == checking_files || now.state == downloading_metadata;
  bool const can_wait = keyboard_.usable() && !at_start;
  warn(now.error + (can_wait ? " (press r)" : ""));
  return !can_wait;
}

void follower::tell_trackers(session::torrent_status const& now) {
  for (auto const& t : now.trackers) {
    if (t.message.empty()) continue;
    if (!news_.is_news(t.url, t.message, world_.clock.now())) continue;
    warn("tracker " + sanitise(naming(t.url, t.message)));
  }
}

} // namespace cotorra::cli
