#include "session/session.hpp"
#include "handshake/peer_id.hpp"
#include "session/torrent.hpp"
#include <algorithm>
#include <fmt/format.h>

namespace cotorra::session {
namespace {

constexpr std::uint16_t first_port = 6881, last_port = 6889; // by custom (BEP 3)
constexpr duration pause_after_failed_accept = 100ms;        // out of descriptors, say

endpoint any_v4(std::uint16_t port) { return {ip_address::v4(0), port}; }
endpoint any_v6(std::uint16_t port) { return {ip_address::from(buffer(16)), port}; }

} // namespace

session::session(io::world w, settings s)
    : world_(w), settings_(within(share_out(descriptor_limit()), std::move(s))),
      id_(handshake::make_peer_id(w.random)), down_limit_(settings_.download_rate_limit),
      up_limit_(settings_.upload_rate_limit),
      admission_({settings_.connections_limit, settings_.half_open_limit,
                  settings_.useless_after},
                 *this),
      disk_(w, settings_.disk_queue_limit), dht_(world_, settings_),
      entrance_(world_, settings_, {down_limit_, up_limit_}, *this),
      udp_(std::make_shared<tracker::udp_client>(w.executor, w.network, w.clock,
                                                 w.random)),
      group_(w.executor), welcomes_(w.executor), stop_(w.executor) {}

session::~session() = default;

void session::listen() {
  if (!listeners_.empty()) return;
  if (settings_.listen_interfaces.empty()) return listen_anywhere();
  for (endpoint at : settings_.listen_interfaces) {
    if (at.port == 0) at.port = where_.port; // the port that the first one got, for all
    try {
      listeners_.push_back(world_.network.listen(at));
    } catch (std::system_error const& e) {
      // a machine without IPv6: IPv4 on that port will do
      if (at.address.is_v6 && at.address.is_unspecified() && !listeners_.empty())
        continue;
      throw input_error(
          fmt::format("cannot listen on {}: {}; choose another address or port",
                      at.text(), io::why_not_listening(e.code())));
    }
    opened();
  }
}

void session::opened() {
  endpoint const at = listeners_.back()->local();
  where_.port = at.port;
  ip_family const f = at.address.is_v6 ? ip_family::v6 : ip_family::v4;
  auto& all = where_.families;
  if (std::find(all.begin(), all.end(), f) == all.end()) all.push_back(f);
}

void session::listen_anywhere() {
  for (std::uint16_t port = first_port; port <= last_port + 1; ++port) {
    try {
      listeners_.push_back(world_.network.listen(any_v4(port > last_port ? 0 : port)));
      opened();
      break;
    } catch (std::system_error const&) {
      // taken: the next one
    }
  }
  if (listeners_.empty())
    throw input_error("cannot listen on any port; is the network of this machine up?");
  try {
    listeners_.push_back(world_.network.listen(any_v6(where_.port)));
    opened();
  } catch (std::system_error const&) {
    // a machine without IPv6, or the port is taken there: IPv4 will do
  }
}

torrent_handle session::add_torrent(add_torrent_params params) {
  info_hash const hash = params.hash();
  if (stopping_) throw input_error("this session has been stopped; start another one");
  if (torrents_.contains(hash))
    throw input_error(fmt::format("the torrent {} is in this session already",
                                  params.ti ? params.ti->name : hash.hex()));
  torrents_[hash] = std::make_unique<torrent>(
      connections::surroundings{world_, settings_, entrance_, admission_, disk_, where_,
                                dht_, udp_},
      id_, traffic_limits{down_limit_, up_limit_}, std::move(params));
  if (running_) group_.spawn(live(hash), "torrent");
  return {*this, hash};
}

void session::remove_torrent(torrent_handle const& h) {
  if (torrent* t = find(h.hash_)) t->stop();
  if (!running_) torrents_.erase(h.hash_);
}

torrent* session::find(info_hash const& hash) {
  auto it = torrents_.find(hash);
  return it == torrents_.end() ? nullptr : it->second.get();
}

void session::set_rate_limits(std::uint64_t download, std::uint64_t upload) {
  time_point const now = world_.clock.now();
  down_limit_.set_rate(download, now);
  up_limit_.set_rate(upload, now);
}

std::vector<torrent_handle> session::get_torrents() {
  std::vector<torrent_handle> all;
  for (auto const& [hash, t] : torrents_) all.push_back({*this, hash});
  return all;
}

task<> session::run() {
  listen();
  dht_.open(listeners_);
  running_ = true;
  for (auto const& l : listeners_) group_.spawn(accept(*l), "accept");
  for (auto const& [hash, t] : torrents_) group_.spawn(live(hash), "torrent");
  group_.spawn(until_stopped(), "stop");
  co_await group_.join();
  running_ = false;
  listeners_.clear();
}

void session::stop() { stop_.set(); }

// close_all() runs in welcomes_, so that pending handshakes are joined even when run() is
// cancelled.
task<> session::until_stopped() {
  welcomes_.spawn(dht_.run(), "dht");
  welcomes_.spawn(close_all(), "stop");
  co_await welcomes_.join();
}

task<> session::close_all() {
  co_await stop_.wait();
  stopping_ = true;
  for (auto const& l : listeners_) l->close();
  for (auto const& [hash, t] : torrents_) t->stop();
  welcomes_.cancel();
}

// A torrent from its start to its goodbye.
task<> session::live(info_hash hash) {
  torrent& t = *torrents_.at(hash);
  co_await t.run();
  co_await t.say_goodbye();
  // Removed by the user. At shutdown torrents stay, so that status() still works.
  if (!stopping_) torrents_.erase(hash);
}

task<> session::accept(io::listener& at) {
  while (!stopping_) {
    bool failed = false;
    try {
      std::unique_ptr<io::stream> s = co_await at.accept();
      if (stopping_) break;
      if (entrance_.may_receive(s->remote().address))
        welcomes_.spawn(entrance_.receive(std::move(s)), "welcome");
    } catch (std::system_error const&) {
      failed = true;
    }
    if (failed && !stopping_) co_await world_.clock.sleep_for(pause_after_failed_accept);
  }
}

std::optional<handshake::handshake> session::answer_for(info_hash const& hash,
                                                        ip_address const& from) {
  torrent* const wanted = find(hash);
  if (!wanted) return std::nullopt;
  if (!wanted->peers().may_come(from))
    throw protocol_error(errc::limit_exceeded, "we are connected to enough peers");
  return wanted->peers().our_handshake();
}

std::optional<traffic_limits> session::limits_of(info_hash const& hash) {
  torrent* const wanted = find(hash);
  if (!wanted) return std::nullopt;
  return wanted->peers().limits();
}

void session::welcome(connected_peer p) {
  torrent* const wanted = find(p.theirs.hash);
  if (wanted) wanted->peers().admit(std::move(p));
}

std::vector<admission::member> session::members() const {
  std::vector<admission::member> all;
  for (auto const& [hash, t] : torrents_)
    std::ranges::copy(t->peers().members(), std::back_inserter(all));
  return all;
}

void session::make_room(peer_key key) {
  for (auto const& [hash, t] : torrents_) t->peers().make_room(key);
}

} // namespace cotorra::session
