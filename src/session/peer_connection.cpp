#include "session/peer_connection.hpp"
#include "io/task_group.hpp"
#include "piece/block_reader_talk.hpp"
#include "session/torrent.hpp"

namespace cotorra {
namespace {

constexpr std::size_t largest_run = 256 * 1024; // bytes of one read from disk for a peer

// What may wait to be sent: blocks, and as much again of small answers.
std::size_t most_unread(settings const& s) {
  return 2 * (s.send_watermark + largest_run);
}

} // namespace

peer_connection::peer_connection(torrent& t, connected_peer p, peer_key key)
    : torrent_(t), peer_(std::move(p)), key_(key), outbox_(t.world().executor),
      in_(*peer_.in, message::limit_for(t.pieces().layout().piece_count())),
      out_(outbox_), uploads_(t.limits().max_in_request_queue),
      upload_wake_(t.world().executor), fast_(peer_.theirs.reserved.supports_fast() &&
                                              t.our_handshake().reserved.supports_fast()),
      now_(t.world().clock.now()), last_received_(now_), last_sent_(now_),
      last_block_(now_), connected_at_(now_), patience_(usual_patience) {
  in_.watch(t.world().observer, key);
  out_.watch(t.world().observer, key);
  requests_.fix_depth(t.limits().request_depth);
}

task<> peer_connection::run() {
  io::task_group group(torrent_.world().executor);
  try {
    greet(); // before any coroutine that may speak
    group.spawn(outbox_.run(*peer_.stream), "write to peer");
    group.spawn(serve(), "serve peer");
    group.spawn(listen(), "read from peer");
    co_await group.join();
  } catch (protocol_error const& e) {
    disconnect(e.code(), e.what());
  } catch (std::system_error const& e) {
    disconnect(errc::end_of_stream, "the connection broke: " + e.code().message());
  } catch (std::exception const& e) {
    disconnect(errc::shut_down, std::string("an error of ours: ") + e.what());
  }
  disconnect(errc::shut_down, "we left");
  give_back(requests_.take_all());
}

void peer_connection::disconnect(errc why, std::string because) {
  if (end_) return;
  end_ = why;
  because_ = std::move(because);
  peer_.stream->close();
}

// The hot loop: one wait for each read from the socket, not for each message.
task<> peer_connection::listen() {
  for (;;) {
    now_ = torrent_.world().clock.now();
    while (auto frame = in_.next_frame()) handle(message::decode(*frame));
    if (outbox_.queued() > most_unread(torrent_.limits()))
      throw protocol_error(errc::too_many_requests, "the peer asks, but does not read");
    request_blocks();
    if (torrent_.pieces().gate().closed()) co_await torrent_.pieces().gate().opened();
    bool const more = co_await in_.fill();
    if (!more)
      throw protocol_error(errc::end_of_stream, "the peer closed the connection");
    last_received_ = torrent_.world().clock.now();
  }
}

// Answers requests: one hop to the disk for each run of blocks, a little ahead of the
// socket.
task<> peer_connection::serve() {
  for (;;) {
    while (uploads_.empty()) co_await upload_wake_.wait();
    co_await outbox_.below(torrent_.limits().send_watermark);
    std::vector<block> run = uploads_.take_run(largest_run);
    if (run.empty()) continue; // cancelled or choked meanwhile
    co_await send_run(std::move(run));
  }
}

task<> peer_connection::send_run(std::vector<block> run) {
  std::size_t const size = run.back().begin + run.back().length - run.front().begin;
  std::uint64_t const offset =
      torrent_.pieces().layout().offset(run.front().piece) + run.front().begin;
  std::shared_ptr<buffer const> data;
  try {
    data = co_await read_blocks(torrent_.world().workers, torrent_.disk(), offset, size);
  } catch (std::system_error const& e) {
    torrent_.disk_failed(e.code());
    co_return;
  }
  time_point const now = torrent_.world().clock.now();
  for (block const& b : run) {
    bytes const part = bytes(*data).subspan(b.begin - run.front().begin, b.length);
    out_.send_block(b.piece, b.begin, part, data);
  }
  up_.add(size, now);
  torrent_.sent(size, now);
  last_sent_ = last_block_ = now;
}

// First of all, what we have (BEP 3 "bitfield"; BEP 6 has shorter words for all and
// none).
void peer_connection::greet() {
  bitfield const& ours = torrent_.offered();
  if (fast_ && ours.all()) return out_.send(message::have_all{});
  if (fast_ && ours.none()) return out_.send(message::have_none{});
  if (!ours.none()) out_.send(message::bitfield{ours.wire()});
}

void peer_connection::choke() {
  if (!state_.apply(side::we, choke_move::choke)) return;
  out_.send(message::choke{});
  for (block const& b : uploads_.take_all()) refuse(b);
}

void peer_connection::unchoke() {
  if (state_.apply(side::we, choke_move::unchoke)) out_.send(message::unchoke{});
}

void peer_connection::refuse(block b) {
  if (fast_) out_.send(message::reject_request{b.piece, b.begin, b.length});
}

void peer_connection::verified(piece_index i) {
  bool const has_it = knows_pieces() && pieces_[i];
  if (!has_it && torrent_.offered()[i]) out_.send(message::have{i});
  if (has_it && interesting_ > 0) {
    --interesting_;
    update_interest();
  }
}

// The first that it says; later it only gains pieces.
void peer_connection::set_pieces(bitfield all) {
  pieces_ = std::move(all);
  torrent_.pieces().picker().add_peer(pieces_);
  for (piece_index i = 0; i < pieces_.size(); ++i)
    if (pieces_[i] && torrent_.wants(i)) ++interesting_;
  update_interest();
}

void peer_connection::update_interest() {
  if (interesting_ > 0) {
    if (state_.apply(side::we, choke_move::interested)) out_.send(message::interested{});
  } else {
    if (state_.apply(side::we, choke_move::not_interested))
      out_.send(message::not_interested{});
  }
}

// Keeps the pipe full: as many requests on the way as rate and round trip ask for.
void peer_connection::request_blocks() {
  if (!state_.am_interested || end_ || !knows_pieces() || refused_) return;
  bool const only_allowed = state_.peer_choking;
  if (only_allowed && (!fast_ || allowed_fast_.none())) return;
  std::size_t const room = requests_.room(now_);
  if (room == 0) return;
  picked_.clear();
  if (only_allowed)
    torrent_.pieces().pick(key_, allowed_pieces(), room, picked_);
  else
    torrent_.pieces().pick(key_, pieces_, room, picked_);
  for (block const& b : picked_) {
    requests_.sent(b, now_);
    out_.send(message::request{b.piece, b.begin, b.length});
  }
  if (!picked_.empty()) last_sent_ = now_;
}

// It may allow us pieces that it has not got itself.
bitfield peer_connection::allowed_pieces() const {
  bitfield both = allowed_fast_;
  for (piece_index i = 0; i < both.size(); ++i)
    if (!pieces_[i]) both.reset(i);
  return both;
}

void peer_connection::give_back(std::vector<block> const& blocks) {
  for (block const& b : blocks) torrent_.pieces().picker().give_back(key_, b);
}

void peer_connection::cancel_request(block b) {
  if (!requests_.cancelled(b)) return;
  ++patience_; // it may be on its way
  out_.send(message::cancel{b.piece, b.begin, b.length});
}

void peer_connection::cancel_requests_of(piece_index i) {
  for (block const& b : requests_.blocks_of(i)) cancel_request(b);
}

void peer_connection::tick(time_point now) {
  now_ = now;
  auto const& limits = torrent_.limits();
  if (now - last_received_ > limits.peer_timeout)
    return disconnect(errc::timed_out, "the peer was silent for too long");
  if (now - last_sent_ > limits.keep_alive_interval) {
    out_.send(message::keep_alive{});
    last_sent_ = now;
  }
  bool const hurry = late_ || torrent_.pieces().picker().in_endgame();
  std::vector<block> const late = requests_.timed_out(
      now, hurry ? request_queue::endgame_timeout : request_queue::request_timeout);
  for (block const& b : late) out_.send(message::cancel{b.piece, b.begin, b.length});
  give_back(late);
  patience_ += late.size(); // they may still come
  if (!late.empty()) late_ = true;
  refused_ = false;
}

bool peer_connection::is_idle_for(piece_index i) const {
  return knows_pieces() && pieces_[i] && state_.may_request() && !ended() &&
         requests_.outstanding() == 0;
}

choke_candidate peer_connection::candidate(time_point now, bool seeding) const {
  double const rate = (seeding ? up_ : down_).smooth_per_second(now);
  return {.key = key_,
          .interested = state_.peer_interested,
          .unchoked = !state_.am_choking,
          .snubbed = requests_.snubbed(),
          .rate = rate,
          .connected_at = connected_at_};
}

peer_info peer_connection::info(time_point now) const {
  peer_info i;
  i.ip = peer_.at;
  i.client = client_name(peer_.theirs.id);
  i.pid = peer_.theirs.id;
  i.we_dialled = peer_.we_dialled;
  i.seed = knows_pieces() && pieces_.all();
  i.am_interested = state_.am_interested;
  i.am_choking = state_.am_choking;
  i.peer_interested = state_.peer_interested;
  i.peer_choking = state_.peer_choking;
  i.snubbed = requests_.snubbed();
  i.down_speed = down_.per_second(now);
  i.up_speed = up_.per_second(now);
  i.total_download = down_.total();
  i.total_upload = up_.total();
  i.send_buffer_size = outbox_.queued();
  i.download_queue_length = requests_.outstanding();
  i.ended = end_;
  i.ended_because = because_;
  return i;
}

} // namespace cotorra
