#include "session/torrent.hpp"
#include "io/offload.hpp"
#include "piece/check_talk.hpp"
#include "session/session.hpp"
#include <algorithm>
#include <fmt/format.h>

namespace cotorra {
namespace {

constexpr int most_times_changed = 5; // by another program, before we give up

} // namespace

torrent::torrent(session& s, add_torrent_params p)
    : session_(s), params_(std::move(p)),
      layout_(params_.ti->total_length, params_.ti->piece_length),
      storage_(params_.save_path, files_of(params_)),
      download_(s.world(), s.limits(), *params_.ti, layout_, storage_, *this),
      resume_(s.world(), params_.ti->hash, storage_, layout_),
      places_(s.limits().connections_limit_per_torrent),
      dials_(s.limits().half_open_limit), choker_(s.world().random),
      down_limit_(params_.download_limit, &s.down_limit()),
      up_limit_(params_.upload_limit, &s.up_limit()), wake_(s.world().executor),
      paused_(params_.paused) {
  choker_.set_slots(s.limits().unchoke_slots == 0 ? choker_options::unlimited
                                                  : s.limits().unchoke_slots);
  for (endpoint const& e : params_.peers) known_.add(e);
  download_.picker().set_sequential(params_.sequential_download);
  want_selected_files();
  make_announcer();
}

torrent::~torrent() = default;

io::world const& torrent::world() const { return session_.world(); }
settings const& torrent::limits() const { return session_.limits(); }
bitfield const& torrent::offered() const {
  return params_.share ? shared_ : download_.have();
}

// Checks what is there, then lives in its swarm, with pauses, until stop().
task<> torrent::run() {
  while (!leaving_) {
    if (paused_)
      co_await rest();
    else if (!checked_all_)
      co_await prepare();
    else
      co_await swarm();
  }
}

task<> torrent::rest() {
  co_await keep_resume_state();
  co_await wake_.wait();
}

// Nobody writes to the files now. Who leaves with all, leaves nothing of ours there.
task<> torrent::keep_resume_state() {
  if (params_.upload_mode || !checked_all_) co_return;
  try {
    bitfield here = download_.have();
    if (here.none() || (leaving_ && is_complete()))
      co_await resume_.remove();
    else
      co_await resume_.save(std::move(here), true);
  } catch (std::exception const&) {
    // Without it the next start checks everything: slower, and as right.
  }
}

// A check of many gigabytes must not keep a person waiting who wants to leave.
task<> torrent::prepare() {
  halted_ = false;
  state_ = torrent_status::state_t::checking_files;
  io::task_group group(world().executor);
  group.spawn(check(group), "check");
  group.spawn(until_paused(group), "pause");
  try {
    co_await group.join();
  } catch (std::exception const& e) {
    pause(fmt::format("the torrent stopped by an error of ours: {}", e.what()));
  }
}

task<> torrent::check(io::task_group& group) {
  storage_.close(); // the names may mean other files than before
  std::error_code error = co_await make_files();
  if (error) co_return disk_failed(error);
  resume_plan plan = co_await resume_.begin(params_.check_files);
  believed_pieces_ = plan.believed.count();
  checked_pieces_ = plan.to_check.count();
  on_check_progress told = [this](check_progress const& p) {
    checked_ = double(p.checked) / double(p.total);
  };
  bitfield const found =
      co_await check_pieces(world().workers, storage_, layout_, params_.ti->pieces,
                            std::move(plan.to_check), std::move(told));
  for (piece_index i = 0; i < found.size(); ++i)
    if (found[i] || plan.believed[i])
      download_.picker().mark_have(i);
    else
      download_.picker().lost(i);
  error = co_await try_what_lacks();
  if (error) co_return disk_failed(error);
  checked_all_ = true;
  looked_ = true; // just now
  offer_share();
  update_state();
  group.cancel(); // nobody needs to wait for a pause any more
}

// The last piece has come. Are the ones before still there? If another program changed a
// file since our last write to it, check it again before this is told as complete.
task<> torrent::look_at_files() {
  auto look = [this] {
    for (std::size_t f = 0; f < storage_.files().size(); ++f)
      if (!storage_.untouched(f)) return false;
    return true;
  };
  looked_ = co_await io::offload(world().workers, look);
  if (looked_) co_return update_state();
  if (++times_changed_ > most_times_changed) co_return pause(storage_.who_was_touched());
  checked_all_ = false;
  halted_ = true; // as a pause that ends at once
  wake_.set();
}

task<> torrent::swarm() {
  halted_ = false;
  io::task_group group(world().executor);
  group_ = &group;
  if (announcer_) group.spawn(announcer_->run(), "announce");
  group.spawn(run_choker(world().clock, choker_, *this), "choke");
  group.spawn(tick(), "tick");
  if (!params_.upload_mode)
    group.spawn(resume_.keep_saving(download_.have()), "resume state");
  group.spawn(until_paused(group), "pause");
  try {
    co_await group.join();
  } catch (std::exception const& e) {
    pause(fmt::format("the torrent stopped by an error of ours: {}", e.what()));
  }
  group_ = nullptr;
  download_.drop_open_pieces();
}

task<> torrent::until_paused(io::task_group& group) {
  while (!halted_ && !leaving_) co_await wake_.wait();
  for (auto const& p : peers_) p->disconnect(errc::shut_down, "we left");
  group.cancel();
}

task<> torrent::tick() {
  for (;;) {
    time_point const now = world().clock.now();
    for (auto it = peers_.begin(); it != peers_.end();) (*it++)->tick(now);
    free_held_suspects();
    hand_out_free_blocks();
    make_room();
    connect_more();
    if (is_lonely()) announcer_->announce_soon();
    co_await world().clock.sleep_for(1s);
  }
}

void torrent::stop() {
  leaving_ = true;
  wake_.set();
}

task<> torrent::say_goodbye() {
  io::task_group last(world().executor);
  last.spawn(keep_resume_state(), "resume state");
  if (announcer_) last.spawn(announcer_->say_stopped(), "stopped");
  co_await last.join();
}

void torrent::pause(std::string because) {
  paused_ = halted_ = true;
  if (!because.empty()) error_ = std::move(because);
  wake_.set();
  changed();
}

void torrent::resume() {
  paused_ = false;
  error_.clear();
  wake_.set();
  changed();
}

void torrent::changed() {
  if (params_.on_change) params_.on_change();
}

void torrent::disk_failed(std::error_code error) {
  checked_all_ = false; // who knows what is still there: resume() looks
  pause(storage_.where(error));
}

void torrent::piece_verified(piece_index i) {
  if (params_.share && (*params_.share)[i]) shared_.set(i);
  for (auto const& p : peers_) p->verified(i);
  looked_ = false;
  if (pieces_done() && group_)
    group_->spawn(look_at_files(), "look at files");
  else
    update_state();
}

void torrent::peer_poisoned(offender const& who) {
  peer_id id;
  for (peer_info const& p : past_) // it may have left before the piece was judged
    if (p.ip == who) id = p.pid;
  for (auto const& p : peers_) {
    if (p->at() != who) continue;
    id = p->id();
    p->disconnect(errc::bad_piece, "the peer sent a piece that does not match its hash");
  }
  known_.ban(who, id);
}

void torrent::block_came(peer_connection& from, block b, bytes data) {
  down_.add(b.length, world().clock.now());
  arrival const what = download_.arrived(from.key(), from.at(), b, data, *group_);
  if (what != arrival::wanted) return;
  std::vector<peer_key> others; // of the endgame
  download_.picker().others_of(b, from.key(), others);
  if (others.empty()) return;
  for (auto const& p : peers_)
    if (std::find(others.begin(), others.end(), p->key()) != others.end())
      p->cancel_request(b);
}

bool torrent::wants(piece_index i) const {
  return !params_.upload_mode && download_.picker().wants(i);
}

void torrent::sent(std::size_t payload, time_point now) { up_.add(payload, now); }

void torrent::interest_changed() { fill_free_slots(choker_, world().clock.now(), *this); }

std::vector<choke_candidate> torrent::candidates(time_point now) {
  std::vector<choke_candidate> all;
  for (auto const& p : peers_) all.push_back(p->candidate(now, choker_.seeding()));
  return all;
}

void torrent::choke(peer_key key) {
  if (auto* p = find(key)) p->choke();
}
void torrent::unchoke(peer_key key) {
  if (auto* p = find(key)) p->unchoke();
}

void torrent::update_state() {
  using enum torrent_status::state_t;
  if (!checked_all_) return;
  auto const before = state_;
  bool const done = pieces_done() && looked_;
  state_ = is_seeding() ? seeding : done ? finished : downloading;
  choker_.set_seeding(is_complete());
  if (state_ == before) return;
  changed();
  if (before != downloading) return;
  if (announcer_) announcer_->completed(); // told only by those who did download (BEP 3)
  for (auto const& p : peers_)
    if (p->knows_pieces()) pieces_changed(*p);
}

} // namespace cotorra
