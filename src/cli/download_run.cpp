#include "cli/download_run.hpp"
#include "cli/peers.hpp"
#include "cli/runtime.hpp"
#include "cli/source.hpp"
#include "cli/text.hpp"
#include "cli/watched_folder.hpp"
#include "io/offload.hpp"
#include <algorithm>
#include <fmt/format.h>

namespace cotorra::cli {

download_run::download_run(io::world w, download_options const& o, events& reports)
    : world_(w), options_(o), reports_(reports), dht_(w, o), commands_(w.executor) {}

task<int> download_run::run() {
  check_options(options_);
  session::settings limits = settings_from(options_);
  dht_.prepare(limits);
  trust_ = limits.trust;
  given_peers_ = peers_from(options_);
  co_await fetch();
  if (interrupted_) co_return interrupted;
  session_.emplace(world_, std::move(limits));
  session_->listen();
  follower_.emplace(
      world_, options_.json, dht_, [this](auto const&) { return look(); },
      [this] { cancel(); });
  desk_.emplace(transfer_desk{options_, reports_, world_.clock, session_->listen_port()});
  own_ = files_of_run(options_);
  for (session::add_torrent_params& one : fetched_) add(std::move(one));
  // The commands of --on-complete run beside the transfers, and may take longer.
  commands_.spawn(run_transfers(), "transfers");
  co_await commands_.join();
  co_return end();
}

task<> download_run::run_transfers() {
  io::task_group group(world_.executor);
  group.spawn(follow(group), "follow");
  if (!options_.watch.empty()) group.spawn(watch(), "watch");
  co_await group.join();
}

void download_run::interrupt() {
  interrupted_ = true;
  reports_.quiet();
  if (fetching_) fetching_->cancel();
  if (follower_) follower_->leave();
}

// A group of one task, so that it can be cancelled: a server may keep us waiting.
task<> download_run::fetch() {
  io::task_group group(world_.executor);
  group.spawn(fetch_all(), "fetch");
  fetching_ = &group;
  try {
    co_await group.join();
  } catch (...) {
    fetching_ = nullptr;
    throw;
  }
  fetching_ = nullptr;
}

task<> download_run::fetch_all() {
  peers_ = co_await resolve_peers(world_, given_peers_);
  for (std::string const& source : options_.sources) {
    session::add_torrent_params one = co_await load_source(world_, source, trust_.get());
    check_new(sources_, one.hash(), source);
    sources_[one.hash()] = source;
    fetched_.push_back(std::move(one));
  }
}

task<> download_run::follow(io::task_group& group) {
  how_ = co_await follower_->run(*session_, torrents_);
  group.cancel();
}

void download_run::add(session::add_torrent_params source) {
  source.peers.insert(source.peers.end(), peers_.begin(), peers_.end());
  session::add_torrent_params params = params_for(options_, own_, std::move(source));
  params.on_change = [this] { follower_->look(); };
  transfer& one = transfers_.emplace_back(*desk_, params);
  params.on_metadata = [&one, prepare = std::move(params.on_metadata)](auto& known) {
    prepare(known);
    one.learned(known.ti);
  };
  params.on_bad_piece = [&one](piece_index i, std::optional<endpoint> const& banned) {
    one.bad_piece(i, banned);
  };
  session::torrent_handle const torrent = session_->add_torrent(std::move(params));
  one.added(torrent);
  torrents_.add(torrent);
}

bool download_run::look() {
  bool const alone = transfers_.size() == 1;
  for (transfer& t : transfers_) {
    bool const was_over = t.is_over();
    if (t.look(alone) && !options_.on_complete.empty())
      commands_.spawn(on_complete(t.info().name, t.info().hash), "on complete");
    if (t.is_over() && !was_over && !alone) t.rest(torrents_);
  }
  bool const enough = all_over() && options_.watch.empty();
  if (enough) reports_.quiet();
  return enough;
}

// The key c cancels what is not complete. Complete torrents stay shared; when there is
// nothing else, c ends the run. Touching its .torrent brings a cancelled torrent back.
void download_run::cancel() {
  auto const ended = [](transfer const& t) {
    return t.is_complete() || t.is_cancelled();
  };
  bool const shares = std::ranges::any_of(transfers_, &transfer::is_complete);
  if (shares && std::ranges::all_of(transfers_, ended)) return follower_->leave();
  for (transfer& t : transfers_) {
    if (ended(t)) continue;
    t.cancel(*session_);
    sources_.erase(t.info().hash);
  }
}

bool download_run::all_over() const {
  return std::ranges::all_of(transfers_, &transfer::is_over);
}

int download_run::end() {
  for (transfer const& t : transfers_) t.tell_end();
  auto const failed = std::ranges::any_of(transfers_, &transfer::has_failed);
  bool const whole = std::ranges::all_of(transfers_, &transfer::is_complete);
  if (failed || how_ == follower::end::failed || command_failed_) return could_not;
  return whole ? done : interrupted;
}

// A cancelled torrent stays in the session until its trackers have heard of it.
bool download_run::is_leaving(info_hash const& hash) const {
  return std::ranges::any_of(transfers_, [&hash](transfer const& t) {
    return t.info().hash == hash && t.is_leaving();
  });
}

task<> download_run::watch() {
  watched_folder folder(options_.watch);
  for (;;) {
    for (std::filesystem::path const& path : folder.look()) co_await read_new(path);
    co_await world_.clock.sleep_for(2s);
  }
}

// An unreadable file may be half written: it is read again when it has changed.
task<> download_run::read_new(std::filesystem::path path) {
  try {
    session::add_torrent_params one =
        co_await load_source(world_, path.string(), trust_.get());
    info_hash const hash = one.hash();
    auto const known = sources_.find(hash);
    if (known != sources_.end() && known->second == path) co_return; // only touched
    check_new(sources_, hash, path.string());
    while (is_leaving(hash)) co_await world_.clock.sleep_for(100ms);
    add(std::move(one));
    sources_[hash] = path.string();
  } catch (input_error const& e) {
    reports_.tell("error", {}, {{"message", e.what()}});
    warn(e.what());
  }
}

task<> download_run::on_complete(std::string name, info_hash hash) {
  std::string const path = std::filesystem::path(options_.folder) / name;
  auto run = [this, path, name, hash] {
    return run_command(options_.on_complete, {{"COTORRA_NAME", name},
                                              {"COTORRA_PATH", path},
                                              {"COTORRA_INFO_HASH", hash.hex()}});
  };
  int const status = co_await io::offload(threads_, run);
  if (status == 0) co_return;
  command_failed_ = true;
  std::string const what =
      fmt::format("the command of --on-complete ended with status {}", status);
  reports_.tell("error", hash, {{"message", what}});
  warn(what);
}

} // namespace cotorra::cli
