#include "cli/seed_run.hpp"
#include "cli/content.hpp"
#include "cli/files.hpp"
#include "cli/own_files.hpp"
#include "cli/peers.hpp"
#include "cli/runtime.hpp"
#include "cli/source.hpp"
#include "cli/text.hpp"
#include "session/session.hpp"
#include <algorithm>
#include <fmt/format.h>

namespace cotorra::cli {

share::share(seed_options const& o, events& reports, io::clock const& clock,
             std::string torrent, std::string path)
    : options_(o), reports_(reports), clock_(clock), file_(std::move(torrent)),
      path_(std::move(path)) {}

session::add_torrent_params share::params() const {
  session::add_torrent_params p;
  auto info = std::make_shared<metainfo::metainfo const>(read_torrent(file_));
  found_content here = find_content(*info, path_);
  std::vector<std::string> content;
  for (piece::storage_file const& f : here.files) content.push_back(f.path);
  own_files ours;
  ours.add(options_.trace);
  ours.add(options_.pcap);
  ours.check_not_in(here.root, content);
  p.save_path = std::move(here.root);
  p.files = std::move(here.files);
  p.upload_mode = true;
  p.check_files = options_.check;
  if (!options_.share.empty()) {
    auto const count = static_cast<std::uint32_t>(info->pieces.size());
    p.share = bitfield(count);
    for (auto i : parse_index_list(options_.share, count, "piece", 0)) p.share->set(i);
  }
  p.ti = std::move(info);
  return p;
}

void share::added(session::torrent_handle t, std::uint16_t port) {
  torrent_ = t;
  port_ = port;
}

// alone: the only torrent, so the follower prints its error and waits for the key r.
void share::look(bool alone) {
  session::torrent_status const s = torrent_.status();
  reports_.look(s);
  if (s.error != error_) {
    error_ = s.error;
    if (!alone && !error_.empty()) warn(fmt::format("{}: {}", sanitise(s.name), error_));
  }
  if (s.state == session::torrent_status::state_t::checking_files) {
    over_ = !alone && !error_.empty();
    return;
  }
  if (!since_) tell_start(s);
  if (nothing_there_ && !over_ && !alone) warn(trouble());
  over_ = nothing_there_ || (!alone && !error_.empty()) ||
          options_.goal.is_met(s, clock_.now() - *since_);
}

void share::rest(torrents& all) const {
  if (has_failed()) return torrent_.pause();
  all.retire(torrent_);
}

// After the check: prints what there is to share.
void share::tell_start(session::torrent_status const& s) {
  since_ = clock_.now();
  nothing_there_ = s.pieces.none();
  if (nothing_there_) return;
  std::size_t const all = s.pieces.size(), here = s.num_pieces;
  if (reports_.wanted())
    return reports_.tell("seeding", s.info_hash,
                         {{"name", s.name},
                          {"port", port_},
                          {"pieces", here},
                          {"pieces_believed", s.num_pieces_believed},
                          {"of", all}});
  say(fmt::format("seeding: {} on port {}, {} of {} pieces are here, {}{}",
                  sanitise(s.name), port_, here, all, how_sure(s),
                  options_.share.empty() ? "" : ", offering pieces " + options_.share));
  flush();
}

std::string share::trouble() const {
  if (!nothing_there_) return "";
  metainfo::metainfo const torrent = read_torrent(file_);
  return fmt::format("{}: no piece of \"{}\" can be read there: {}; give the folder that "
                     "holds it, or download it first",
                     sanitise(path_), sanitise(torrent.name),
                     first_problem(torrent, path_));
}

void share::tell_end() const {
  session::torrent_status const s = torrent_.status();
  reports_.look(s);
  if (nothing_there_) return;
  auto const all = parties(torrent_);
  if (reports_.wanted())
    return reports_.tell("stopped", s.info_hash,
                         {{"name", s.name},
                          {"uploaded", s.total_payload_upload},
                          {"peers", parties_json(all)}});
  say(fmt::format("shared: {} of {}", human_size(s.total_payload_upload),
                  sanitise(s.name)));
  say_parties(all);
}

seed_run::seed_run(io::world w, seed_options const& o, events& reports)
    : world_(w), options_(o), reports_(reports), dht_(w, o) {
  shares_.emplace_back(o, reports, w.clock, o.torrent, o.path);
  for (std::size_t i = 0; i + 1 < o.more.size(); i += 2)
    shares_.emplace_back(o, reports, w.clock, o.more[i], o.more[i + 1]);
}

task<int> seed_run::run() {
  session::settings limits =
      settings_from(options_); // reports wrong options before any work
  dht_.prepare(limits);
  std::vector<host_and_port> given = peers_from(options_);
  std::vector<session::add_torrent_params> all;
  torrent_sources known;
  for (share const& s : shares_) {
    all.push_back(s.params());
    info_hash const& hash = all.back().ti->hash;
    check_new(known, hash, s.file());
    known[hash] = s.file();
  }
  std::vector<endpoint> const peers = co_await resolve_peers(world_, std::move(given));
  if (interrupted_) co_return interrupted;
  session::session ours(world_, std::move(limits));
  ours.listen();
  follower f(
      world_, options_.json, dht_, [this](auto const&) { return look(); },
      [&f] { f.leave(); });
  follower_ = &f;
  auto one = shares_.begin();
  for (session::add_torrent_params& p : all) {
    p.peers = peers;
    p.on_change = [&f] { f.look(); };
    session::torrent_handle const t = ours.add_torrent(std::move(p));
    one++->added(t, ours.listen_port());
    torrents_.add(t);
  }
  follower::end const how = co_await f.run(ours, torrents_);
  follower_ = nullptr;
  co_return end(how);
}

void seed_run::interrupt() {
  interrupted_ = true;
  reports_.quiet();
  if (follower_) follower_->leave();
}

bool seed_run::look() {
  bool const alone = shares_.size() == 1;
  for (share& s : shares_) {
    bool const was_over = s.is_over();
    s.look(alone);
    if (s.is_over() && !was_over && !alone) s.rest(torrents_);
  }
  return std::ranges::all_of(shares_, &share::is_over);
}

// Seeding normally ends because the user stops it.
int seed_run::end(follower::end how) const {
  bool const alone = shares_.size() == 1;
  if (std::string why = alone ? shares_.front().trouble() : ""; !why.empty())
    throw input_error(std::move(why));
  if (how == follower::end::failed) return could_not;
  for (share const& s : shares_) s.tell_end();
  return !alone && std::ranges::any_of(shares_, &share::has_failed) ? could_not : done;
}

} // namespace cotorra::cli
