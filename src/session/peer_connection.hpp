// The conversation with one peer after the handshake: three coroutines in one group
// (read, write, serve), and the decisions left to machines: the four bits, the request
// queue, the picker, the choker.
#pragma once
#include "base/rate_meter.hpp"
#include "choke/choker.hpp"
#include "choke/peer_state.hpp"
#include "handshake/peer_id.hpp"
#include "io/outbox.hpp"
#include "message/message_talk.hpp"
#include "piece/request_queue.hpp"
#include "session/connected_peer.hpp"
#include "session/torrent_status.hpp"
#include "session/upload_queue.hpp"

namespace cotorra {

class torrent;

class peer_connection {
public:
  peer_connection(torrent&, connected_peer, peer_key);

  // Talks until one side ends it. Never throws: end() has the reason.
  task<> run();
  // Ends it. The first reason stays.
  void disconnect(errc why, std::string because);

  peer_key key() const { return key_; }
  endpoint const& at() const { return peer_.at; }
  peer_id const& id() const { return peer_.theirs.id; }
  bool we_dialled() const { return peer_.we_dialled; }
  time_point connected_at() const { return connected_at_; }
  bool ended() const { return end_.has_value(); }
  errc end() const { return end_.value_or(errc::end_of_stream); }
  peer_info info(time_point now) const;

  bitfield const& pieces() const { return pieces_; }
  bool knows_pieces() const { return pieces_.size() != 0; }
  choke_candidate candidate(time_point now, bool seeding) const;
  rate_meter const& down() const { return down_; }
  rate_meter const& up() const { return up_; }

  // What the torrent tells it.
  void choke();
  void unchoke();
  void verified(piece_index);                  // we have a piece more
  void blocks_are_free() { request_blocks(); } // others gave some back
  void cancel_request(block);                  // it came from elsewhere
  void cancel_requests_of(piece_index);        // another peer shall try
  void tick(time_point now);                   // once a second: time-outs and keep-alive
  bool is_late() const { return late_; } // it let requests time out; until its next block
  // It could give us this piece, and nothing is asked of it.
  bool is_idle_for(piece_index) const;
  bool waits_for_us() const { return state_.peer_interested && state_.am_choking; }
  // When a block came or went last, or else when we met.
  time_point last_block() const { return last_block_; }

private:
  // the conversation
  task<> listen();
  task<> serve();
  task<> send_run(std::vector<block> run);
  void greet();

  // one for each message (peer_messages.cpp)
  void handle(message::any const&);
  void on(message::keep_alive const&) {}
  void on(message::choke const&);
  void on(message::unchoke const&);
  void on(message::interested const&);
  void on(message::not_interested const&);
  void on(message::have const&);
  void on(message::bitfield const&);
  void on(message::request const&);
  void on(message::piece const&);
  void on(message::cancel const&);
  void on(message::port const&) {}
  void on(message::suggest_piece const&) {}
  void on(message::have_all const&);
  void on(message::have_none const&);
  void on(message::reject_request const&);
  void on(message::allowed_fast const&);
  void on(message::extended const&) {}
  void on(message::unknown const&) {}

  void set_pieces(bitfield);
  void gained(piece_index);
  void has(bitfield pieces);
  void update_interest();
  void request_blocks();
  bitfield allowed_pieces() const;
  void give_back(std::vector<block> const&);
  void refuse(block);
  block checked(piece_index, std::uint32_t begin, std::uint32_t length) const;

  // Blocks that cross a cancel come on top.
  static constexpr std::size_t usual_patience = 32;

  torrent& torrent_;
  connected_peer peer_;
  peer_key const key_;
  io::outbox outbox_;
  message::message_reader in_;
  message::message_writer out_;

  peer_state state_;
  bitfield pieces_;             // what the peer has; empty until it said so
  std::size_t interesting_ = 0; // of these, how many we want and lack
  bitfield allowed_fast_;       // may be asked for while choked (BEP 6)
  request_queue requests_;      // ours to it
  upload_queue uploads_;        // its to us
  io::event upload_wake_;
  bool fast_ = false;
  bool late_ = false;
  bool refused_ = false; // it rejected a request: no more until the next tick

  rate_meter down_, up_;
  time_point now_; // of the read that is being handled
  time_point last_received_, last_sent_, last_block_, connected_at_;
  std::size_t patience_;      // with blocks that nobody waits for
  std::vector<block> picked_; // scratch of request_blocks
  std::optional<errc> end_;
  std::string because_;
};

} // namespace cotorra
