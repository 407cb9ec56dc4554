// The exchange of pieces with one peer: what its messages do, and what we ask of it. The
// decisions are left to machines: the four bits, the request queue, the picker, the
// choker.
#pragma once
#include "base/rate_meter.hpp"
#include "choke/choker.hpp"
#include "choke/peer_state.hpp"
#include "choke/slot_watch.hpp"
#include "extension/peer_extensions.hpp"
#include "piece/request_queue.hpp"
#include "session/content.hpp"
#include "session/conversation.hpp"
#include "session/fast_grants.hpp"
#include "session/fast_hints.hpp"
#include "session/nuisance.hpp"
#include "session/peer_host.hpp"
#include "session/their_pieces.hpp"
#include "session/torrent_status.hpp"
#include "session/upload_queue.hpp"

namespace cotorra::session {

class peer_connection : private conversation::listener,
                        private extension::peer_extensions::host {
public:
  using host = peer_host;

  // All must outlive it.
  peer_connection(host&, io::world const&, settings const&, content&, connected_peer,
                  extension::peer_extensions::introduction ours = {});

  // Talks until one side ends it. Never throws: end() has the reason.
  task<> run();
  // Ends it. The first reason stays.
  void disconnect(errc why, std::string because) {
    talk_.disconnect(why, std::move(because));
  }
  void give_up_place() { talk_.give_up_place(); }

  peer_key key() const { return talk_.peer().key; }
  endpoint const& at() const { return talk_.peer().at; }
  peer_id const& id() const { return talk_.peer().theirs.id; }
  bool we_dialled() const { return talk_.peer().we_dialled; }
  // Where it listens, as far as we know; port 0 when we do not.
  endpoint listens_at() const { return {at().address, listen_port_}; }
  time_point connected_at() const { return talk_.began_at(); }
  bool ended() const { return talk_.ended(); }
  errc end() const { return talk_.end().value_or(errc::end_of_stream); }
  peer_info info(time_point now) const;
  extension::peer_extensions& extensions() { return extensions_; }

  bitfield const& pieces() const { return theirs_.all(); }
  bool knows_pieces() const { return theirs_.known(); }
  bool is_complete() const { return knows_pieces() && pieces().all(); }
  // uplink_is_full: then a peer that takes little is not at fault.
  cotorra::choke::choke_candidate candidate(time_point now, bool seeding,
                                            bool uplink_is_full);
  rate_meter const& down() const { return down_; }
  rate_meter const& up() const { return up_; }
  bool has_traded() const { return down_.total() + up_.total() > 0; } // a block

  // What the torrent asks of it, or reports.
  void choke();
  void unchoke();
  void verified(piece_index);            // we have one piece more
  void request_blocks();                 // some may be free, or wanted, that were not
  void cancel_request(piece::block);     // it came from elsewhere
  void cancel_requests_of(piece_index);  // another peer is to try
  void tick(time_point now);             // once a second: time-outs and keep-alive
  bool is_late() const { return late_; } // it let requests time out; until its next block
  // The peer has this piece, and no request of ours is waiting there.
  bool is_idle_for(piece_index) const;
  bool waits_for_us() const { return state_.peer_interested && state_.am_choking; }
  // When a block came or went last; before that, when the connection began.
  time_point last_block() const { return last_block_; }

private:
  // conversation::listener
  void greet() override;
  void heard(message::any const&) override;
  task<> caught_up() override;
  task<> serve() override;

  // extension::peer_extensions::host
  void send(message::extended const& m) override { talk_.out().send(m); }
  void introduced(extension::extended_handshake const&) override;
  void peers_named(extension::pex_message const& m) override {
    host_.peers_named(at(), m);
  }

  task<> send_run(std::vector<piece::block> run);

  // one for each message (peer_messages.cpp)
  void on(message::choke const&);
  void on(message::unchoke const&);
  void on(message::interested const&);
  void on(message::not_interested const&);
  void on(message::have const&);
  void on(message::bitfield const&);
  void on(message::request const&);
  void on(message::piece const&);
  void on(message::cancel const&);
  void on(message::port const&);
  void on(message::have_all const&);
  void on(message::have_none const&);
  void on(message::reject_request const&);
  void on(message::allowed_fast const&);
  void on(message::suggest_piece const&);
  void on(message::extended const&);
  template <class Other> void on(Other const&) {} // nothing that we use

  void tell_pieces();
  void bear(bool changed); // one more message that changed nothing, if it did not
  void hint(piece_index, bool (fast_hints::*)(piece_index)); // BEP 6

  template <class Pieces> void has(Pieces);
  void update_interest();
  void give_back(std::vector<piece::block> const&);
  void refuse(piece::block);
  piece_index count() const { return content_.layout().piece_count(); }
  piece::block checked(piece_index, std::uint32_t begin, std::uint32_t length) const;

  // Blocks that cross a cancel come on top.
  static constexpr std::size_t usual_patience = 32;

  host& host_;
  io::world const& world_;
  settings const& settings_;
  content& content_;
  conversation talk_;
  bool const fast_; // both sides speak the fast extension (BEP 6)
  extension::peer_extensions extensions_;
  std::uint16_t listen_port_ = 0; // of the peer

  cotorra::choke::peer_state state_;
  their_pieces theirs_;
  fast_hints hints_;                // of the peer, what to ask for first
  fast_grants grants_;              // the peer may
  cotorra::choke::slot_watch slot_; // that we gave the peer
  bool wastes_ = false;             // the slot, as of the last candidate()
  nuisance nuisance_;
  piece::request_queue requests_; // that we sent
  upload_queue uploads_;          // requests that the peer sent
  io::event upload_wake_;
  bool late_ = false;
  bool named_node_ = false; // the peer did (BEP 5)
  bool rejects_ = false;    // it rejected a request: no more until the next tick

  rate_meter down_, up_;
  time_point last_block_;
  std::size_t patience_;             // with blocks that we did not ask for
  std::vector<piece::block> picked_; // scratch of request_blocks
};

} // namespace cotorra::session
