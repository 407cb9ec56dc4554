// The peers of one torrent: those we know of, dial, let in, trade with and let go.
#pragma once
#include "choke/choker.hpp"
#include "choke/uplink_watch.hpp"
#include "io/event.hpp"
#include "io/task_group.hpp"
#include "session/admission.hpp"
#include "session/dht_service.hpp"
#include "session/entrance.hpp"
#include "session/info_visits.hpp"
#include "session/peer_connection.hpp"
#include "session/peer_list.hpp"
#include "session/peer_source.hpp"
#include "tracker/udp_talk.hpp"
#include <functional>
#include <list>
#include <span>

namespace cotorra::session {

struct found_peer {
  endpoint at;
  peer_id id{}; // all zeros: not known
};

class connections : private peer_connection::host,
                    private admission::host,
                    private info_visits::host,
                    private cotorra::choke::choker::host {
public:
  struct identity {
    info_hash hash;
    peer_id ours;
    bool is_private;
  };
  struct surroundings { // of the session
    io::world const& world;
    settings const& limits;
    entrance& door;
    admission& all; // the places of all torrents
    shared_disk& disk;
    listening const& where; // peers can dial us
    dht_service& dht;
    std::shared_ptr<tracker::udp_client> udp{}; // to ask trackers with
  };
  connections(surroundings, identity, traffic_limits);
  ~connections() override;

  // From now on peers may come, until close(). Members of the group talk with them.
  void open(io::task_group&, content&, std::function<void(std::error_code)> disk_failed);
  // The same, but only to learn the info dictionary from them (BEP 9).
  void learn(io::task_group&, std::function<void(buffer info)> learned);
  extension::info_download const* learning() const; // null when there is none
  // BEP 27, known at last: from now on only some sources of peers count.
  void set_private();
  // Ends all connections, and takes no more.
  void close(std::string const& because);
  bool is_open() const { return group_ && !group_->cancelled(); }

  // The one entry for addresses, whatever their source: what may not be dialled, our own
  // peer_id and what a private torrent forbids (BEP 27) are passed over.
  void found(peer_source, std::span<found_peer const>);
  void found(peer_source, std::span<endpoint const>);
  // BEP 27: does this torrent take peers from there?
  bool may_come_from(peer_source s) const {
    return !who_.is_private || may_be_private(s);
  }
  // A peer after its handshake, that we dialled or that dialled us. Without a place, or
  // when it is banned or here already, it is turned away.
  void admit(connected_peer);
  bool may_come(ip_address const& from) const;
  handshake::handshake our_handshake() const;
  traffic_limits limits() const { return traffic_; }

  cotorra::choke::choker& slots() { return choker_; }

  // What the torrent reports about its pieces.
  void verified(piece_index);
  void hand_out_free_blocks(); // some blocks may be asked for again
  void punish(piece::offender const&);
  void we_are_complete();

  // admission::host, of the session's admission too
  std::vector<admission::member> members() const override;
  void make_room(peer_key) override;

  bool is_lonely() const { return count() == 0 && admission_.none_dialling(); }
  std::vector<peer_info> now() const;
  std::vector<peer_info> const& past() const { return past_; }
  std::size_t count() const { return peers_.size() + (visits_ ? visits_->count() : 0); }
  std::size_t seeds() const;
  rate_meter const& down() const { return down_; }
  rate_meter const& up() const { return up_; }

private:
  using member_list = std::list<std::unique_ptr<peer_connection>>;
  struct dialling {
    place held, half_open;
    time_point since;
  };

  void begin(io::task_group&);
  extension::peer_extensions::introduction introduction_to(connected_peer const&) const;
  void listens(endpoint, errc why);
  bool has_company() const;
  void wake();
  task<> run();
  void tick(time_point now);
  task<> keep_ticking(io::task_group&);
  task<> fill_slots();
  void look_at_slots();
  void gossip(time_point now);
  void connect_more();
  void make_room_for_a_dial();
  void start_dial(peer_list::to_dial const&);
  task<> dial(peer_list::to_dial, std::list<dialling>::iterator);
  void failed_to_dial(endpoint const&, errc why, std::string because);
  void turn_away(connected_peer&, errc why, std::string because);
  bool is_duplicate(connected_peer const&);
  task<> talk(member_list::iterator);
  void part(member_list::iterator);
  void remember(peer_info);
  peer_connection* find(peer_key);
  void free_held_suspects();
  void cancel_with_others(piece::block, peer_key sender);

  // peer_connection::host
  void block_arrived(peer_connection&, piece::block, bytes) override;
  void block_sent(std::size_t payload, time_point) override;
  void interest_changed() override { look_at_slots(); }
  void pieces_changed(peer_connection&) override;
  void disk_failed(std::error_code e) override { disk_failed_(e); }
  std::uint16_t dht_port() const override;
  void node_named(endpoint const& e) override {
    if (!who_.is_private) around_.dht.add_node(e);
  }

  // of both kinds of connection
  void peers_named(endpoint const& by, extension::pex_message const&) override;

  // info_visits::host
  void visit_ended(info_visit const&) override;
  void lied(info_visit const&) override;

  // choker::host
  std::vector<cotorra::choke::choke_candidate> candidates(time_point) override;
  void choke(peer_key) override;
  void unchoke(peer_key) override;

  surroundings around_;
  identity who_;
  traffic_limits traffic_;
  admission admission_;
  peer_list known_;
  cotorra::choke::choker choker_;
  extension::pex_log log_; // of peers_
  member_list peers_;
  std::list<dialling> dials_;
  std::vector<peer_info> past_;
  io::task_group* group_ = nullptr; // while it is open
  content* content_ = nullptr;
  std::unique_ptr<info_visits> visits_; // while the info dictionary is being learned
  std::function<void(std::error_code)> disk_failed_;
  bool awake_ = false;                       // run() runs
  std::unique_ptr<io::event> slots_changed_; // from the first run() on
  rate_meter down_, up_;
  cotorra::choke::uplink_watch uplink_;
};

} // namespace cotorra::session
