// One honest but slow seeder, one leecher, and the animals that a test lets in.
#pragma once
#include "hostile/zoo.hpp"
#include <algorithm>
#include <set>

namespace cotorra::hostile {

struct bounds { // the highest values seen, looking once a second
  std::size_t connections = 0, send_buffer = 0, past_peers = 0;
};

class scene {
public:
  static constexpr std::uint32_t piece_length = 32 * 1024;

  // `size` bytes; the seeder sends `up` a second.
  scene(std::size_t size, std::uint64_t up, std::uint32_t pieces_of = piece_length)
      : files_{{"", test::random_bytes(7, size)}},
        info_(
            test::make_metainfo("payload", files_, pieces_of, test::swarm::tracker_url)),
        swarm(1, info_, files_) {
    seeder = &swarm.add_seeder({.up = up});
  }

  den& let_in(species const& kind) {
    auto const number = static_cast<std::uint32_t>(dens.size());
    peer_id id;
    random_source(100 + number).fill(id.value);
    io::host& host = swarm.sim.add_host(ip_address::v4(0x0a020000 + number + 1));
    dens.push_back({kind, host, info_, files_[0].content, id, {}});
    swarm.sim.spawn(keep_open(dens.back()), kind.name);
    return dens.back();
  }

  void start_leecher(session::settings s = {}) {
    session::add_torrent_params params;
    for (den const& d : dens) params.peers.push_back(d.at());
    params.on_bad_piece = [this](piece_index, std::optional<endpoint> const& banned) {
      if (!banned) ++bad_pieces_of_several;
      if (banned) banned_for_bad_pieces.insert(banned->address);
    };
    leecher = &swarm.start(swarm.add_host({}), std::move(params), s);
    for (den& d : dens) d.victim = swarm.at(*leecher);
  }

  // Runs until it holds, looking once a second at what the leecher holds in memory.
  template <class Done> bool run_until(Done done, duration at_most) {
    time_point const end = swarm.sim.now() + at_most;
    while (!done() && swarm.sim.now() < end) {
      swarm.sim.run_for(1s);
      look();
    }
    return done();
  }
  bool complete_within(duration at_most) {
    return run_until([this] { return swarm.complete(*leecher); }, at_most);
  }

  // The reasons on record for this animal, the first one first.
  std::vector<session::peer_info> records(den const& d) const {
    std::vector<session::peer_info> all;
    for (session::peer_info const& p : leecher->torrent.past_peers())
      if (p.ip.address == d.host.address()) all.push_back(p);
    return all;
  }
  // Is the offence of each of these on record?
  bool on_record(std::vector<den const*> const& offenders) const {
    std::set<std::pair<ip_address, errc>> seen;
    for (session::peer_info const& p : leecher->torrent.past_peers())
      seen.emplace(p.ip.address, *p.ended);
    return std::all_of(offenders.begin(), offenders.end(), [&](den const* d) {
      return !d->kind.end || seen.contains({d->host.address(), *d->kind.end});
    });
  }
  bool on_record(den const& d) const { return on_record(std::vector<den const*>{&d}); }
  bool is_connected(den const& d) const {
    for (session::peer_info const& p : leecher->torrent.get_peer_info())
      if (p.ip.address == d.host.address()) return true;
    return false;
  }

private:
  void look() {
    auto const peers = leecher->torrent.get_peer_info();
    most.connections = std::max(most.connections, peers.size());
    for (session::peer_info const& p : peers)
      most.send_buffer = std::max(most.send_buffer, p.send_buffer_size);
    most.past_peers = std::max(most.past_peers, leecher->torrent.past_peers().size());
  }

  std::vector<test::file_content> files_;
  metainfo::metainfo info_;

public:
  std::list<den> dens; // before the swarm: the animals live in its simulation
  test::swarm swarm;
  test::swarm::node* seeder = nullptr;
  test::swarm::node* leecher = nullptr;
  bounds most;
  // as the leecher tells it
  std::size_t bad_pieces_of_several = 0;
  std::set<ip_address> banned_for_bad_pieces;
};

} // namespace cotorra::hostile
