#include "session/torrent.hpp"
#include "session/learned_info.hpp"
#include <fmt/format.h>
#include <utility>

namespace cotorra::session {

torrent::torrent(connections::surroundings s, peer_id const& ours, traffic_limits all,
                 add_torrent_params p)
    : around_(s), world_(s.world), params_(std::move(p)),
      life_(params_.ti != nullptr, params_.paused),
      down_limit_(params_.download_limit, &all.down),
      up_limit_(params_.upload_limit, &all.up),
      peers_(s, {params_.hash(), ours, params_.ti && params_.ti->is_private},
             {down_limit_, up_limit_}),
      finders_(s, params_, peers_, *this), wake_(s.world.executor) {
  download::host& me = *this;
  if (params_.ti) content_.emplace(world_, s.limits, s.disk, params_, me);
  peers_.found(peer_source::user, params_.peers);
}

task<> torrent::run() {
  while (life_.enter() != phase::leaving) {
    if (life_.now() == phase::resting) {
      co_await rest();
      continue;
    }
    io::task_group group(world_.executor);
    begin(group);
    try {
      co_await group.join();
    } catch (std::exception const& e) {
      pause(fmt::format("the torrent stopped by an error of ours: {}", e.what()));
    }
    group_ = nullptr;
    peers_.close("we left");
    if (content_) content_->pieces().drop_open_pieces();
  }
}

task<> torrent::rest() {
  if (life_.is_checked()) co_await content_->keep(false);
  co_await finders_.say_goodbye(); // no peer is to come to a torrent that rests
  while (life_.goes_on()) co_await wake_.wait();
}

void torrent::begin(io::task_group& group) {
  using enum torrent_status::state_t;
  group.spawn(until_over(group), "end of the phase");
  if (life_.now() == phase::swarming) return swarm(group);
  bool const learning = life_.now() == phase::learning;
  state_ = learning ? downloading_metadata : checking_files;
  group.spawn(learning ? learn(group) : check_content(), "learn or check");
}

// From an earlier start of the same link, or else from peers.
task<> torrent::learn(io::task_group& group) {
  buffer kept = co_await load_learned(world_, params_);
  if (!kept.empty()) co_return learned(std::move(kept));
  group_ = &group;
  peers_.learn(group, [this](buffer info) { learned(std::move(info)); });
  group.spawn(finders_.run(), "find peers");
}

void torrent::learned(buffer info) {
  try {
    learn_from(info, params_);
  } catch (input_error const& e) {
    return pause(e.what());
  }
  if (params_.ti->is_private) peers_.set_private();
  download::host& me = *this;
  content_.emplace(world_, around_.limits, around_.disk, params_, me);
  state_ = torrent_status::state_t::checking_files;
  life_.learned();
  if (params_.paused) life_.pause();
  changed();
}

task<> torrent::check_content() {
  co_await keep_learned(world_, params_);
  std::error_code const error = co_await content_->check();
  if (error) co_return disk_failed(error);
  auto const unsettled = content_->never_settles();
  if (unsettled) co_return pause(*unsettled);
  life_.checked();
  wake_.set();
  update_state();
}

void torrent::swarm(io::task_group& group) {
  group_ = &group;
  peers_.open(group, *content_, [this](std::error_code e) { disk_failed(e); });
  group.spawn(finders_.run(), "find peers");
  group.spawn(content_->keep_saving(), "resume state");
}

// The end of a phase must not wait for its work: a check may take an hour.
task<> torrent::until_over(io::task_group& group) {
  while (life_.goes_on()) co_await wake_.wait();
  peers_.close("we left");
  group.cancel();
}

void torrent::stop() {
  life_.leave();
  wake_.set();
}

task<> torrent::say_goodbye() {
  io::task_group last(world_.executor);
  if (life_.is_checked()) last.spawn(content_->keep(true), "resume state");
  last.spawn(finders_.say_goodbye(), "goodbye");
  co_await last.join();
}

void torrent::pause(std::string because) {
  life_.pause();
  if (!because.empty()) error_ = std::move(because);
  changed();
}

void torrent::resume() {
  life_.resume();
  if (content_) content_->forgive();
  error_.clear();
  changed();
}

void torrent::changed() {
  wake_.set();
  if (params_.on_change) params_.on_change();
}

void torrent::set_sequential(bool on) {
  params_.sequential_download = on;
  if (content_) content_->pieces().picker().set_sequential(on);
}

// The disk's error may have cost pieces: resume() looks at all of them.
void torrent::disk_failed(std::error_code error) {
  life_.doubt();
  pause(content_->sentence(error));
}

void torrent::piece_verified(piece_index i) {
  content_->verified(i);
  fetched_ = true;
  peers_.verified(i);
  if (content_->wanted_are_here() && group_)
    group_->spawn(look_at_files(), "look at files");
  else
    update_state();
}

void torrent::piece_failed(piece_index i, bool sender_is_known) {
  if (!sender_is_known && params_.on_bad_piece) params_.on_bad_piece(i, std::nullopt);
  peers_.hand_out_free_blocks();
}

void torrent::peer_poisoned(piece::offender const& at, piece_index i) {
  if (params_.on_bad_piece) params_.on_bad_piece(i, at);
  peers_.punish(at);
}

// The last piece is here. If another program changed a file since our last write to it,
// all is checked again before anything is called complete.
task<> torrent::look_at_files() {
  bool const as_we_left_them = co_await content_->look_again();
  if (as_we_left_them) co_return update_state();
  if (auto const sentence = content_->never_settles()) co_return pause(*sentence);
  life_.doubt();
  wake_.set();
}

void torrent::update_state() {
  using enum torrent_status::state_t;
  if (!life_.is_checked()) return;
  auto const before = std::exchange(state_, content_->state());
  bool const done = state_ != downloading;
  peers_.slots().set_seeding(content_->is_complete());
  if (state_ == before) return;
  changed();
  if (before != downloading && !(done && fetched_)) return;
  if (done) fetched_ = false;
  finders_.completed(); // trackers hear it only from peers that did download (BEP 3)
  peers_.we_are_complete();
}

} // namespace cotorra::session
