#include "session/session.hpp"
#include "handshake/handshake_talk.hpp"
#include "handshake/peer_id.hpp"
#include "io/deadline.hpp"
#include "io/limited_stream.hpp"
#include "session/torrent.hpp"
#include <fmt/format.h>

namespace cotorra {
namespace {

constexpr std::uint16_t first_port = 6881, last_port = 6889; // by custom (BEP 3)
constexpr duration pause_after_failed_accept = 100ms;        // out of descriptors, say

endpoint any_v4(std::uint16_t port) { return {ip_address::v4(0), port}; }
endpoint any_v6(std::uint16_t port) { return {ip_address::from(buffer(16)), port}; }

} // namespace

session::session(io::world w, settings s)
    : world_(w), settings_(std::move(s)), id_(make_peer_id(w.random)),
      down_limit_(settings_.download_rate_limit), up_limit_(settings_.upload_rate_limit),
      connections_(settings_.connections_limit),
      dials_(std::max<std::size_t>(1, settings_.connections_limit / 4)),
      unknown_(settings_.connections_limit), group_(w.executor), welcomes_(w.executor),
      stop_(w.executor) {}

session::~session() = default;

void session::listen() {
  if (!listeners_.empty()) return;
  if (settings_.listen_interfaces.empty()) return listen_anywhere();
  for (endpoint at : settings_.listen_interfaces) {
    if (at.port == 0) at.port = port_; // the port that the first one got, for all
    try {
      listeners_.push_back(world_.network.listen(at));
    } catch (std::system_error const& e) {
      // a machine without IPv6: IPv4 on that port will do
      if (at.address.is_v6 && at.address.is_unspecified() && !listeners_.empty())
        continue;
      throw input_error(
          fmt::format("cannot listen on {}: {}; choose another address or port",
                      at.text(), e.code().message()));
    }
    port_ = listeners_.back()->local().port;
  }
}

void session::listen_anywhere() {
  for (std::uint16_t port = first_port; port <= last_port + 1; ++port) {
    try {
      listeners_.push_back(world_.network.listen(any_v4(port > last_port ? 0 : port)));
      port_ = listeners_.back()->local().port;
      break;
    } catch (std::system_error const&) {
      // taken: the next one
    }
  }
  if (listeners_.empty())
    throw input_error("cannot listen on any port; is the network of this machine up?");
  try {
    listeners_.push_back(world_.network.listen(any_v6(port_)));
  } catch (std::system_error const&) {
    // a machine without IPv6, or the port is taken there: IPv4 will do
  }
}

torrent_handle session::add_torrent(add_torrent_params params) {
  info_hash const hash = params.ti->hash;
  if (stopping_) throw input_error("this session has been stopped; start another one");
  if (torrents_.contains(hash))
    throw input_error(
        fmt::format("the torrent {} is in this session already", params.ti->name));
  torrents_[hash] = std::make_unique<torrent>(*this, std::move(params));
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

std::size_t session::peers_to_dial() const {
  std::size_t all = 0;
  for (auto const& [hash, t] : torrents_) all += t->peers_to_dial();
  return all;
}

torrent_handle session::find_torrent(info_hash const& hash) { return {*this, hash}; }

std::vector<torrent_handle> session::get_torrents() {
  std::vector<torrent_handle> all;
  for (auto const& [hash, t] : torrents_) all.push_back({*this, hash});
  return all;
}

task<> session::run() {
  listen();
  running_ = true;
  for (auto const& l : listeners_) group_.spawn(accept(*l), "accept");
  for (auto const& [hash, t] : torrents_) group_.spawn(live(hash), "torrent");
  group_.spawn(until_stopped(), "stop");
  co_await group_.join();
  running_ = false;
  listeners_.clear();
}

void session::stop() { stop_.set(); }

// The wait is one of the welcomes, so that these are joined also when run() is cancelled.
task<> session::until_stopped() {
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
  if (!stopping_)
    torrents_.erase(hash); // it was removed; at the end of all, people still ask
}

task<> session::accept(io::listener& at) {
  while (!stopping_) {
    bool failed = false;
    try {
      std::unique_ptr<io::stream> s = co_await at.accept();
      if (stopping_) break;
      if (unknown_.may_come(s->remote().address, 0))
        welcomes_.spawn(welcome(std::move(s)), "welcome");
    } catch (std::system_error const&) {
      failed = true;
    }
    if (failed && !stopping_) co_await world_.clock.sleep_for(pause_after_failed_accept);
  }
}

// Whoever came and is no peer of ours, or left, or for whom there was no memory: its
// stream closes with it, and nobody else is touched.
task<> session::welcome(std::unique_ptr<io::stream> s) {
  connected_peer p;
  p.at = s->remote();
  p.key = next_key();
  place const held(unknown_, p.at.address, false);
  io::observer* const observer = world_.observer;
  if (observer) observer->opened(p.key, p.at, p.we_dialled);
  errc why = errc::end_of_stream;
  std::optional<handshake> answered;
  try {
    auto limited = std::make_unique<io::limited_stream>(std::move(s), world_.clock,
                                                        down_limit_, up_limit_);
    io::limited_stream& with_limits = *limited;
    p.stream = std::move(limited);
    p.in = std::make_unique<io::reader>(*p.stream);
    co_await hear_out(p, answered);
    if (torrent* const wanted = find(p.theirs.hash)) { // it may have left meanwhile
      with_limits.set_limits(wanted->down_limit(), wanted->up_limit());
      co_return wanted->welcome(std::move(p));
    }
    why = errc::shut_down;
  } catch (protocol_error const& e) {
    why = e.code();
  } catch (std::exception const&) {
  }
  if (observer && answered) observer->sent(p.key, encode(*answered));
  if (observer) observer->closed(p.key, name(why));
}

// The handshake, as the one who was dialled.
task<> session::hear_out(connected_peer& p, std::optional<handshake>& answered) {
  torrent_lookup const lookup = [&](info_hash const& hash) {
    torrent* const wanted = find(hash);
    if (!wanted) return answered;
    if (!wanted->takes_guest(p.at.address))
      throw protocol_error(errc::limit_exceeded, "we are connected to enough peers");
    return answered = wanted->our_handshake();
  };
  time_point const until = world_.clock.now() + settings_.handshake_timeout;
  auto talk = answer_handshake(*p.in, *p.stream, lookup);
  p.theirs = co_await io::within(world_.clock, until, std::move(talk));
  if (world_.observer == nullptr) co_return;
  world_.observer->received(p.key, encode(p.theirs));
  world_.observer->sent(p.key, encode(*answered));
  answered.reset(); // it is told
}

} // namespace cotorra
