// Torrents that rest: a session may have thousands, so none of them has a timer. The
// sessions are real, and their clock counts how often a coroutine falls asleep.
#include "support/catch.hpp"
#include "swarm.hpp"

using namespace cotorra;
using namespace cotorra::test;

namespace {

class counting_clock : public io::clock {
public:
  explicit counting_clock(io::clock& real) : real_(real) {}
  time_point now() const override { return real_.now(); }
  io::task<> sleep_until(time_point t) override {
    ++sleeps;
    return real_.sleep_until(t);
  }
  int sleeps = 0;

private:
  io::clock& real_;
};

// A session that seeds `count` small torrents, and a computer for a peer.
struct desk {
  io::simulation sim{1};
  io::world plain = sim.add_host(*ip_address::parse("10.0.0.2")).doors();
  counting_clock clock{plain.clock};
  io::world doors{plain.executor, plain.network, clock, plain.workers, plain.random};
  temporary_folder folder;
  std::vector<std::shared_ptr<metainfo::metainfo const>> torrents;
  std::unique_ptr<session::session> ours;
  endpoint const at = *endpoint::parse("10.0.0.2:6881");

  explicit desk(std::uint64_t count, bool upload_mode) {
    session::settings s;
    s.listen_interfaces = {at};
    ours = std::make_unique<session::session>(doors, s);
    for (std::uint64_t i = 0; i < count; ++i) {
      std::string const name = "file" + std::to_string(i);
      buffer const content = random_bytes(i, 3 * 16384);
      write_file(folder / name, content);
      torrents.push_back(std::make_shared<metainfo::metainfo const>(
          make_metainfo(name, {{"", content}}, 16384)));
      session::add_torrent_params p;
      p.ti = torrents.back();
      p.save_path = folder.path();
      p.upload_mode = upload_mode;
      ours->add_torrent(std::move(p));
    }
    sim.spawn(ours->run(), "session");
  }
  ~desk() {
    ours->stop();
    sim.run_for(10s);
    sim.end();
  }
  bool all_seed() const {
    for (auto const& t : ours->get_torrents())
      if (!t.status().is_seeding) return false;
    return true;
  }
  int sleeps_in(duration d) {
    int const before = clock.sleeps;
    sim.run_for(d);
    return clock.sleeps - before;
  }
};

} // namespace

TEST_CASE("torrents that are seeded to no peer have no timer") {
  bool const upload_mode = GENERATE(true, false);
  desk d(50, upload_mode);
  REQUIRE(d.sim.run_until([&] { return d.all_seed(); }, 1min));
  d.sim.run_for(1min); // the resume state is saved a last time
  CHECK(d.sleeps_in(1h) == 0);
}

TEST_CASE("a torrent wakes for a peer, and rests when it has left") {
  desk d(1, true);
  REQUIRE(d.sim.run_until([&] { return d.all_seed(); }, 1min));
  io::world const there = d.sim.add_host(*ip_address::parse("10.0.0.3")).doors();
  temporary_folder folder;
  session::settings s;
  s.listen_interfaces = {*endpoint::parse("10.0.0.3:6881")};
  session::session theirs(there, s);
  session::add_torrent_params p;
  p.ti = d.torrents.front();
  p.save_path = folder.path();
  p.peers = {d.at};
  auto const torrent = theirs.add_torrent(std::move(p));
  d.sim.spawn(theirs.run(), "the other session");
  REQUIRE(d.sim.run_until([&] { return torrent.status().is_seeding; }, 1min));
  theirs.stop();
  d.sim.run_for(1min);
  CHECK(d.sleeps_in(1h) == 0);
}
