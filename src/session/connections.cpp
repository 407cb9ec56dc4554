// The connections of a torrent, from the first message to the end.
#include "session/connections.hpp"
#include "choke/choker_talk.hpp"
#include <algorithm>
#include <utility>

namespace cotorra::session {
namespace {

constexpr std::size_t most_past_peers = 500;
constexpr duration fill_pause = 50ms; // so that a fickle peer costs little

admission::limits limits_of(settings const& s) {
  return {s.connections_limit_per_torrent, s.half_open_limit, s.useless_after};
}

} // namespace

connections::connections(surroundings s, identity who, traffic_limits t)
    : around_(s), who_(who), traffic_(t), admission_(limits_of(s.limits), *this, &s.all),
      known_(s.world.random), choker_(s.world.random) {
  choker_.set_slots(s.limits.unchoke_slots == 0 ? choke::choker_options::unlimited
                                                : s.limits.unchoke_slots);
}

connections::~connections() = default;

void connections::open(io::task_group& group, content& c,
                       std::function<void(std::error_code)> disk_failed) {
  if (std::exchange(visits_, nullptr)) known_.retry_soon();
  content_ = &c;
  disk_failed_ = std::move(disk_failed);
  begin(group);
}

void connections::begin(io::task_group& group) {
  group_ = &group;
  awake_ = false;
  connect_more();
}

void connections::close(std::string const& because) {
  for (auto const& p : peers_) p->disconnect(errc::shut_down, because);
  if (visits_) visits_->close(because);
  group_ = nullptr;
  admission_.expect(0);
}

bool connections::has_company() const {
  return count() != 0 || !dials_.empty() || known_.has_any_left();
}

void connections::wake() {
  if (awake_ || !is_open() || !has_company()) return;
  awake_ = true;
  if (!slots_changed_)
    slots_changed_ = std::make_unique<io::event>(around_.world.executor);
  group_->spawn(run(), "peers");
}

// Runs while there is a peer, or an address to dial. A torrent that has neither rests,
// and no timer runs for it: a session may have thousands of these.
task<> connections::run() {
  io::task_group all(around_.world.executor);
  choke::choker::host& me = *this;
  all.spawn(choke::run_choker(around_.world.clock, choker_, me), "choke");
  all.spawn(fill_slots(), "fill slots");
  all.spawn(keep_ticking(all), "tick");
  co_await all.join();
  awake_ = false;
  wake(); // a peer may have come in this moment
}

task<> connections::keep_ticking(io::task_group& all) {
  while (has_company()) {
    co_await around_.world.clock.sleep_for(1s);
    tick(around_.world.clock.now());
  }
  all.cancel();
}

task<> connections::fill_slots() {
  for (;;) {
    co_await slots_changed_->wait();
    choke::fill_free_slots(choker_, around_.world.clock.now(), *this);
    co_await around_.world.clock.sleep_for(fill_pause);
  }
}

void connections::tick(time_point now) {
  for (auto it = peers_.begin(); it != peers_.end();) (*it++)->tick(now);
  if (visits_) {
    visits_->tick(now);
  } else {
    free_held_suspects();
    hand_out_free_blocks();
    gossip(now);
  }
  connect_more();
  uplink_.look(up_.average(now, choke::slot_watch::measured / 1s));
  look_at_slots(); // a peer may have stopped using its slot
}

void connections::look_at_slots() {
  if (slots_changed_) slots_changed_->set();
}

void connections::verified(piece_index i) {
  for (auto const& p : peers_) p->verified(i);
}

// The peers that sent most come first: a few blocks of garbage do not get a peer there.
// Peers that let requests time out come last, or they would take the same blocks again.
void connections::hand_out_free_blocks() {
  std::vector<peer_connection*> all;
  for (auto const& p : peers_) all.push_back(p.get());
  std::ranges::stable_sort(all, {}, [](peer_connection const* p) {
    return std::pair(p->is_late(), ~p->down().total());
  });
  for (peer_connection* p : all) p->request_blocks();
}

// A suspect piece that its owner holds goes to another peer that has nothing to do. If
// there is none, slow is better than never.
void connections::free_held_suspects() {
  for (piece_index const i : content_->pieces().held_suspects()) {
    auto const owner = content_->picker().owner(i);
    std::vector<piece::suspects::candidate> idle;
    for (auto const& p : peers_)
      if (p->key() != owner && p->is_idle_for(i))
        idle.push_back({p->key(), p->connected_at(), p->down().total()});
    auto const next = content_->pieces().hand_on(i, idle);
    if (!next) continue;
    for (auto const& p : peers_) p->cancel_requests_of(i);
    if (peer_connection* const p = find(*next)) p->request_blocks();
  }
}

void connections::punish(piece::offender const& at) {
  peer_id id;
  for (peer_info const& p : past_) // it may have left before the piece was judged
    if (p.ip == at) id = p.pid;
  for (auto const& p : peers_) {
    if (p->at() != at) continue;
    id = p->id();
    p->disconnect(errc::bad_piece, "the peer sent a piece that does not match its hash");
  }
  known_.ban(at, id);
}

void connections::we_are_complete() {
  for (auto const& p : peers_)
    if (p->knows_pieces()) pieces_changed(*p);
}

void connections::pieces_changed(peer_connection& peer) {
  // two peers that have everything have nothing to exchange
  if (content_->offers_all_of_it() && peer.pieces().all())
    peer.disconnect(errc::both_complete, "both sides have everything");
}

void connections::block_arrived(peer_connection& from, piece::block b, bytes data) {
  down_.add(b.length, around_.world.clock.now());
  if (!is_open()) return; // we have left: this was read before the stream was closed
  download& pieces = content_->pieces();
  piece::arrival const what = pieces.arrived(from.key(), from.at(), b, data);
  if (what != piece::arrival::wanted) return;
  cancel_with_others(b, from.key());
  pieces.finish_if_complete(b.piece, *group_);
}

// In the endgame other peers were asked for this block, too.
void connections::cancel_with_others(piece::block b, peer_key sender) {
  std::vector<peer_key> others;
  content_->picker().others_of(b, sender, others);
  if (others.empty()) return;
  for (auto const& p : peers_)
    if (std::ranges::find(others, p->key()) != others.end()) p->cancel_request(b);
}

void connections::block_sent(std::size_t payload, time_point now) {
  up_.add(payload, now);
}

std::vector<choke::choke_candidate> connections::candidates(time_point now) {
  bool const full = traffic_.up.holds_back() || uplink_.may_be_full();
  choker_.set_uplink_full(full);
  std::vector<choke::choke_candidate> all;
  for (auto const& p : peers_) all.push_back(p->candidate(now, choker_.seeding(), full));
  return all;
}

void connections::choke(peer_key key) {
  if (auto* p = find(key)) p->choke();
}
void connections::unchoke(peer_key key) {
  if (auto* p = find(key)) p->unchoke();
}

std::vector<admission::member> connections::members() const {
  std::vector<admission::member> all;
  for (auto const& p : peers_)
    if (!p->ended())
      all.push_back({p->key(),
                     {p->at().address, p->we_dialled()},
                     p->last_block(),
                     p->waits_for_us()});
  if (visits_) visits_->add_members(all);
  return all;
}

void connections::make_room(peer_key key) {
  if (visits_) visits_->make_room(key);
  peer_connection* const p = find(key);
  if (!p) return;
  p->disconnect(errc::idle_for_long, "nothing came or went for long, and others may");
  p->give_up_place();
}

peer_connection* connections::find(peer_key key) {
  auto it = std::ranges::find(peers_, key, [](auto const& p) { return p->key(); });
  return it == peers_.end() ? nullptr : it->get();
}

task<> connections::talk(member_list::iterator self) {
  peer_connection& peer = **self;
  co_await peer.run();
  part(self);
}

void connections::part(member_list::iterator self) {
  peer_connection& peer = **self;
  time_point const now = around_.world.clock.now();
  remember(peer.info(now));
  if (peer.knows_pieces()) content_->pieces().picker().remove_peer(peer.pieces());
  content_->pieces().picker().forget(peer.key());
  if (peer.has_traded()) known_.worked(peer.at());
  log_.left(peer.listens_at());
  if (peer.we_dialled()) known_.ended(peer.at(), peer.end(), now);
  if (!peer.we_dialled() && !content_->is_complete())
    listens(peer.listens_at(), peer.end());
  if (auto* o = around_.world.observer) o->closed(peer.key(), name(peer.end()));
  peers_.erase(self);
  interest_changed();
}

void connections::remember(peer_info p) {
  if (past_.size() >= most_past_peers) past_.erase(past_.begin());
  past_.push_back(std::move(p));
}

std::vector<peer_info> connections::now() const {
  std::vector<peer_info> all;
  for (auto const& p : peers_) all.push_back(p->info(around_.world.clock.now()));
  if (visits_) visits_->add_infos(all);
  return all;
}

std::size_t connections::seeds() const {
  return static_cast<std::size_t>(
      std::ranges::count_if(peers_, [](auto const& p) { return p->is_complete(); }));
}

} // namespace cotorra::session
