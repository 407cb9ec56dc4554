// Whole sessions whose trackers speak UDP.
#include "12-downloader/swarm.hpp"
#include "support/catch.hpp"
#include "support/udp_tracker.hpp"

using namespace cotorra;
using namespace cotorra::test;

namespace {

std::string const url = "udp://10.0.0.9:6969/announce";

struct udp_swarm {
  std::vector<file_content> files{{"", random_bytes(1, 1 << 20)}};
  swarm s{1, make_metainfo("payload.bin", files, 1 << 16, url), files};
  io::host& host = s.sim.add_host(*ip_address::parse("10.0.0.9"));
  udp_tracker tracker{host.doors(), {host.address(), 6969}};

  udp_swarm() { s.sim.spawn(tracker.run(), "udp tracker"); }
  ~udp_swarm() {
    for (auto& n : s.nodes) n->session->stop();
    s.sim.run_for(5s);
    s.sim.end(); // before the tracker goes
  }
  std::string events_of(swarm::node const& n) const {
    std::string out;
    for (auto const& a : tracker.announces())
      if (a.peer_id == n.session->id()) out += std::string(name(a.event)) + " ";
    return out;
  }
};

} // namespace

TEST_CASE("a torrent whose only tracker speaks UDP completes, and tells it so") {
  udp_swarm t;
  auto& seeder = t.s.add_seeder();
  t.tracker.answer.peers = {{{seeder.host.address(), 6881}}};
  auto& leecher = t.s.add_leecher();
  REQUIRE(t.s.sim.run_until([&] { return t.s.complete(leecher); }, 5min));
  CHECK(t.s.has_right_bytes(leecher));
  t.s.sim.run_for(5s);
  leecher.session->stop();
  t.s.sim.run_for(5s);
  CHECK(t.events_of(leecher) == "started completed stopped ");
  CHECK(t.events_of(seeder) == "started ");
  CHECK(leecher.torrent.status().trackers.at(0).url == url);
}

TEST_CASE("all torrents of a session share one connection id") {
  udp_swarm t;
  auto& node = t.s.add_seeder();
  temporary_folder elsewhere;
  for (unsigned char i = 1; i < 20; ++i) {
    session::add_torrent_params more;
    more.info_hash.value.fill(std::byte{i});
    more.trackers = {url};
    more.save_path = elsewhere.path();
    node.session->add_torrent(std::move(more));
  }
  t.s.sim.run_for(20s);
  std::size_t connects = 0;
  for (auto const& q : t.tracker.asked) connects += udp_tracker::name(q) == "connect";
  CHECK(connects == 1);
  CHECK(t.tracker.announces().size() >= 20);
}
