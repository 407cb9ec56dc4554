#include "session/dht_finder.hpp"
#include "io/deadline.hpp"
#include "session/hearsay.hpp"
#include <algorithm>

namespace cotorra::session {
namespace {

constexpr duration between = 15min;     // nodes keep an announcement for 30 (BEP 5)
constexpr duration good_manners = 1min; // even when no peer is there
constexpr duration first_retry = 5s, longest_retry = 5min; // of a node that knows none

} // namespace

dht_finder::dht_finder(connections::surroundings s, add_torrent_params const& p,
                       connections& peers)
    : around_(s), params_(p), peers_(peers), wake_(s.world.executor) {}

task<> dht_finder::run() {
  if (!around_.dht.node()) co_return;
  co_await meet_nodes();
  for (;;) {
    co_await search();
    co_await rest();
  }
}

// The .torrent may name nodes to begin with (BEP 5), but none of our own network.
task<> dht_finder::meet_nodes() {
  if (!params_.ti) co_return;
  for (auto const& [host, port] : params_.ti->nodes) {
    std::vector<ip_address> found;
    auto asking = around_.world.network.resolve(host);
    try {
      found = co_await std::move(asking);
    } catch (std::system_error const&) { // no such name: no such node
    }
    for (ip_address const& a : found)
      if (!around_.limits.ssrf_mitigation || !a.is_local())
        around_.dht.add_node({a, port});
  }
}

task<> dht_finder::search() {
  dht::search_events events;
  events.found = [this](std::span<endpoint const> named) {
    std::vector<endpoint> good;
    for (endpoint const& e : named) // its node may name it: that has been looked at
      if (may_believe(e.address, e)) good.push_back(e);
    peers_.found(peer_source::dht, good);
  };
  std::optional<std::uint16_t> port; // BEP 27: what we do not know yet may be private
  if (params_.ti) port = around_.where.port;
  auto searching = around_.dht.node()->find_peers(peers_.our_handshake().hash,
                                                  std::move(events), port);
  dht::search_result const found = co_await std::move(searching);
  time_point const now = around_.world.clock.now();
  due_ = now + rest_after(found.answers, lonely_);
  not_before_ = std::min(due_, now + good_manners);
  lonely_ = found.answers == 0 ? lonely_ + 1 : 0;
}

duration dht_finder::rest_after(std::size_t answers, unsigned lonely) {
  if (answers != 0) return between;
  return std::min<duration>(first_retry * (1u << std::min(lonely, 10u)), longest_retry);
}

// A torrent without peers asks sooner, but not at once.
task<> dht_finder::rest() {
  co_await around_.world.clock.sleep_until(not_before_);
  try {
    auto waiting = wake_.wait();
    co_await io::within(around_.world.clock, due_, std::move(waiting));
  } catch (protocol_error const& e) {
    if (e.code() != errc::timed_out) throw;
  }
}

} // namespace cotorra::session
