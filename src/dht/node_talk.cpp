#include "dht/node_talk.hpp"
#include <set>

namespace cotorra::dht {
namespace {

store_limits store_of(node_options const& o) {
  store_limits s = o.store;
  if (o.addresses_shared) s.peers_of_owner = s.peers_of_owner_in_torrent = s.peers;
  return s;
}
flood_limits flood_of(node_options const& o) {
  flood_limits f = o.flood;
  if (o.addresses_shared) f.on = false;
  return f;
}

} // namespace

node::node(io::world const& w, node_options o)
    : world_(w), options_(std::move(o)),
      answering_(w.random, keyed_hash::secret_key(), store_of(options_),
                 flood_of(options_)) {
  std::vector<io::datagram_socket*> sockets;
  for (endpoint const& at : options_.listen) {
    own_sockets_.push_back(world_.network.open_datagram_socket(at));
    sockets.push_back(own_sockets_.back().get());
  }
  begin(sockets);
}

node::node(io::world const& w, std::vector<io::datagram_socket*> sockets, node_options o)
    : world_(w), options_(std::move(o)),
      answering_(w.random, keyed_hash::secret_key(), store_of(options_),
                 flood_of(options_)) {
  begin(sockets);
}

node::~node() = default;

void node::begin(std::vector<io::datagram_socket*> const& sockets) {
  routing_table const *v4 = nullptr, *v6 = nullptr;
  for (io::datagram_socket* const socket : sockets) {
    bool const is_v6 = socket->local().address.is_v6;
    family_options f{options_.read_only, options_.addresses_shared, options_.visits, {}};
    for (endpoint const& e : options_.bootstrap)
      if (e.address.is_v6 == is_v6) f.bootstrap.push_back(e);
    saved_family const& saved = is_v6 ? options_.state.v6 : options_.state.v4;
    families_.push_back(
        std::make_unique<family_node>(world_, *socket, answering_, saved, std::move(f)));
    (is_v6 ? v6 : v4) = &families_.back()->table();
  }
  answering_.tell_of(v4, v6);
}

task<> node::run() {
  io::task_group group(world_.executor);
  run_in(group);
  co_await group.join();
}

void node::run_in(io::task_group& group) {
  for (auto const& f : families_) f->run_in(group);
}

void node::add_node(endpoint const& at) {
  for (auto const& f : families_) f->add_node(at);
}

void node::add_entrance(endpoint const& at) {
  for (auto const& f : families_) f->add_entrance(at);
}

task<search_result> node::find_peers(info_hash torrent, search_events events,
                                     std::optional<std::uint16_t> announce_port) {
  query q;
  q.what = query::method::get_peers;
  q.target = id_of(torrent);
  return find(std::move(q), std::move(events), announce_port);
}

task<search_result> node::find_node(node_id target, search_events events) {
  query q;
  q.what = query::method::find_node;
  q.target = target;
  return find(std::move(q), std::move(events), std::nullopt);
}

task<search_result> node::find(query q, search_events events,
                               std::optional<std::uint16_t> announce_port) {
  search_result all;
  std::set<endpoint> seen;
  if (q.what == query::method::get_peers) {
    events.found = [&seen, tell = events.found](std::span<endpoint const> peers) {
      std::vector<endpoint> fresh;
      for (endpoint const& p : peers)
        if (seen.insert(p).second) fresh.push_back(p);
      if (tell && !fresh.empty()) tell(fresh);
    };
    tell_own(q.target, events);
  }
  io::task_group group(world_.executor);
  for (auto const& f : families_)
    group.spawn(find_in(*f, q, events, announce_port, all), "dht: a lookup");
  co_await group.join();
  all.peers = seen.size();
  co_return all;
}

// What others have announced to us.
void node::tell_own(node_id const& torrent, search_events const& events) const {
  for (auto const& f : families_) {
    ip_family const family = f->is_v6() ? ip_family::v6 : ip_family::v4;
    auto const own = answering_.peers_of(torrent, family, world_.clock.now());
    if (!own.empty()) events.found(own);
  }
}

task<> node::find_in(family_node& family, query q, search_events events,
                     std::optional<std::uint16_t> announce_port, search_result& all) {
  info_hash const torrent = info_hash::from(q.target.view());
  lookup const found = co_await family.find(std::move(q), std::move(events));
  auto nearest = found.nearest();
  all.asked += found.asked();
  all.answers += found.answers();
  all.hops = std::max(all.hops, found.hops());
  for (auto const& n : nearest) all.nearest.push_back(n.node);
  if (!announce_port) co_return;
  all.announced += co_await family.announce(std::move(nearest), torrent, *announce_port);
}

buffer node::save() const {
  saved_state s = options_.state;
  for (auto const& f : families_) (f->is_v6() ? s.v6 : s.v4) = f->save();
  return encode_state(s);
}

std::size_t node::good_nodes() const {
  std::size_t n = 0;
  for (auto const& f : families_) n += f->table().good(world_.clock.now());
  return n;
}

} // namespace cotorra::dht
