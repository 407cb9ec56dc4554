#include "session/conversation.hpp"
#include "io/task_group.hpp"

namespace cotorra::session {
namespace {

// What may wait to be sent: blocks, and as much again of small answers.
std::size_t most_unread(settings const& s) {
  return 2 * (s.send_watermark + settings::largest_run);
}

} // namespace

conversation::conversation(io::world const& w, settings const& s, connected_peer p,
                           std::size_t frame_limit)
    : world_(w), settings_(s), peer_(std::move(p)), outbox_(w.executor),
      in_(*peer_.in, frame_limit), out_(outbox_), now_(w.clock.now()),
      last_received_(now_), last_sent_(now_), began_at_(now_) {
  in_.watch(w.observer, peer_.key);
  out_.watch(w.observer, peer_.key);
}

task<> conversation::run(listener& to) {
  io::task_group group(world_.executor);
  try {
    to.greet(); // before any coroutine that may speak
    group.spawn(outbox_.run(*peer_.stream), "write to peer");
    group.spawn(to.serve(), "serve peer");
    group.spawn(listen(to), "read from peer");
    co_await group.join();
  } catch (protocol_error const& e) {
    disconnect(e.code(), e.what());
  } catch (std::system_error const& e) {
    disconnect(errc::end_of_stream, "the connection broke: " + e.code().message());
  } catch (std::exception const& e) {
    disconnect(errc::shut_down, std::string("an error of ours: ") + e.what());
  }
  disconnect(errc::shut_down, "we left");
}

void conversation::disconnect(errc why, std::string because) {
  if (end_) return;
  end_ = why;
  because_ = std::move(because);
  peer_.stream->close();
}

// The hot loop: one wait for each read from the socket, not for each message.
task<> conversation::listen(listener& to) {
  for (;;) {
    now_ = world_.clock.now();
    while (auto frame = in_.next_frame()) {
      to.heard(message::decode(*frame));
      if (ended()) break; // what the peer says after that is ignored
    }
    if (outbox_.queued() > most_unread(settings_))
      throw protocol_error(errc::too_many_requests, "the peer asks, but does not read");
    co_await to.caught_up();
    bool const more = co_await in_.fill();
    if (!more)
      throw protocol_error(errc::end_of_stream, "the peer closed the connection");
    last_received_ = world_.clock.now();
  }
}

void conversation::tick(time_point now) {
  now_ = now;
  if (now - last_received_ > settings_.peer_timeout)
    return disconnect(errc::timed_out, "the peer was silent for too long");
  if (now - last_sent_ <= settings_.keep_alive_interval) return;
  out_.send(message::keep_alive{});
  last_sent_ = now;
}

} // namespace cotorra::session
