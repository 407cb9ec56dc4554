#include "session/entrance.hpp"
#include "handshake/handshake_talk.hpp"
#include "io/deadline.hpp"
#include "io/limited_stream.hpp"

namespace cotorra::session {

entrance::entrance(io::world w, settings const& s, traffic_limits all, host& h)
    : world_(w), settings_(s), all_(all), host_(h), strangers_(s.strangers_limit) {}

connected_peer entrance::begin(std::unique_ptr<io::stream> s, endpoint at,
                               bool we_dialled, traffic_limits limits) {
  connected_peer p;
  p.at = at;
  p.we_dialled = we_dialled;
  p.key = ++last_key_;
  p.stream = std::make_unique<io::limited_stream>(std::move(s), world_.clock, limits.down,
                                                  limits.up);
  p.in = std::make_unique<io::reader>(*p.stream);
  if (world_.observer) world_.observer->opened(p.key, p.at, p.we_dialled);
  return p;
}

void entrance::tell_closed(connected_peer const& p, errc why) const {
  if (world_.observer) world_.observer->closed(p.key, name(why));
}

task<connected_peer> entrance::dial(endpoint to, handshake::handshake ours,
                                    peer_id expected, duration patience,
                                    traffic_limits limits) {
  auto connecting = world_.network.connect(to);
  time_point const until = world_.clock.now() + patience;
  std::unique_ptr<io::stream> s =
      co_await io::within(world_.clock, until, std::move(connecting));
  connected_peer p = begin(std::move(s), to, true, limits);
  try {
    co_await greet(p, ours, expected);
    co_return p;
  } catch (protocol_error const& e) {
    tell_closed(p, e.code());
    throw;
  } catch (std::exception const&) {
    tell_closed(p, errc::end_of_stream);
    throw;
  }
}

// The handshake, as the side that dialled.
task<> entrance::greet(connected_peer& p, handshake::handshake ours, peer_id expected) {
  time_point const until = world_.clock.now() + settings_.handshake_timeout;
  if (world_.observer) world_.observer->sent(p.key, handshake::encode(ours));
  auto talk = handshake::exchange_handshakes(*p.in, *p.stream, ours);
  p.theirs = co_await io::within(world_.clock, until, std::move(talk));
  if (world_.observer) world_.observer->received(p.key, handshake::encode(p.theirs));
  if (expected != peer_id{} && p.theirs.id != expected)
    throw protocol_error(errc::wrong_peer_id,
                         "the peer has another peer_id than the tracker said");
}

task<> entrance::receive(std::unique_ptr<io::stream> s) {
  endpoint const at = s->remote();
  place const held(strangers_, {at.address, false});
  connected_peer p;
  errc why = errc::end_of_stream;
  std::optional<handshake::handshake> answered;
  try {
    p = begin(std::move(s), at, false, all_);
    co_await answer(p, answered);
    if (auto const limits = host_.limits_of(p.theirs.hash)) {
      static_cast<io::limited_stream&>(*p.stream).set_limits(limits->down, limits->up);
      co_return host_.welcome(std::move(p));
    }
    why = errc::shut_down;
  } catch (protocol_error const& e) {
    why = e.code();
  } catch (std::exception const&) { // it left, or there is no memory for it
  }
  if (world_.observer && answered)
    world_.observer->sent(p.key, handshake::encode(*answered));
  if (p.stream) tell_closed(p, why);
}

// The handshake, as the side that was dialled.
task<> entrance::answer(connected_peer& p,
                        std::optional<handshake::handshake>& answered) {
  handshake::torrent_lookup const lookup = [&](info_hash const& hash) {
    return answered = host_.answer_for(hash, p.at.address);
  };
  time_point const until = world_.clock.now() + settings_.handshake_timeout;
  auto talk = handshake::answer_handshake(*p.in, *p.stream, lookup);
  p.theirs = co_await io::within(world_.clock, until, std::move(talk));
  if (world_.observer == nullptr) co_return;
  world_.observer->received(p.key, handshake::encode(p.theirs));
  world_.observer->sent(p.key, handshake::encode(*answered));
  answered.reset(); // the observer has it
}

} // namespace cotorra::session
