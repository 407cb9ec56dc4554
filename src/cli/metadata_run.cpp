#include "cli/metadata_run.hpp"
#include "cli/files.hpp"
#include "cli/output.hpp"
#include "cli/peers.hpp"
#include "cli/runtime.hpp"
#include "cli/sharing.hpp"
#include "cli/source.hpp"
#include "cli/text.hpp"
#include <fmt/format.h>

namespace cotorra::cli {
namespace {

session::settings settings_of(metadata_options const& o) {
  sharing_options same;
  same.listen = o.listen;
  same.ca = o.ca;
  same.local_trackers = o.local_trackers;
  return settings_from(same);
}

} // namespace

metadata_run::metadata_run(io::world w, metadata_options const& o)
    : world_(w), options_(o), link_(metainfo::decode_magnet(o.link)), dht_(w, o) {
  shown_.hash = link_.hash;
  shown_.name = link_.name.empty() ? link_.hash.hex() : link_.name;
}

task<int> metadata_run::run() {
  if (!options_.output.empty()) check_target(options_.output, options_.force);
  session::settings limits = settings_of(options_);
  dht_.prepare(limits);
  session::add_torrent_params params = co_await wanted();
  session_.emplace(world_, std::move(limits));
  session_->listen();
  follower_.emplace(
      world_, options_.json, dht_, [this](auto const&) { return look(); },
      [this] { follower_->leave(); });
  torrents_.add(session_->add_torrent(std::move(params)));
  if (interrupted_) follower_->leave();
  follower::end const how = co_await follower_->run(*session_, torrents_);
  if (!info_) co_return how == follower::end::failed ? could_not : interrupted;
  write();
  co_return done;
}

void metadata_run::interrupt() {
  interrupted_ = true;
  if (follower_) follower_->leave();
}

task<session::add_torrent_params> metadata_run::wanted() {
  std::vector<host_and_port> given;
  for (std::string const& text : options_.peers) given.push_back(parse_host(text));
  session::add_torrent_params p = co_await load_source(world_, options_.link);
  std::vector<endpoint> const peers = co_await resolve_peers(world_, std::move(given));
  p.peers.insert(p.peers.end(), peers.begin(), peers.end());
  p.user_trackers = options_.trackers;
  check_can_learn(p, uses_dht(options_));
  asked_ = p.peers;
  p.on_change = [this] { follower_->look(); };
  p.on_metadata = [this](session::add_torrent_params& known) {
    known.paused = true; // nothing is downloaded
    info_ = known.ti;
  };
  co_return p;
}

bool metadata_run::look() {
  if (info_) return true;
  tell_search(torrents_.status());
  return false;
}

void metadata_run::tell_search(session::torrent_status const& s) {
  time_point const now = world_.clock.now();
  if (!search_.is_due(s, s.trackers.empty() && asked_.empty() && !s.dht_nodes, now))
    return;
  search_facts const facts{shown_, asked_, session_->listen_port()};
  auto const report = report_of(facts, s, torrents_.all().front().past_peers(), now);
  if (search_.is_news(report))
    warn(fmt::format("{}: {}", sanitise(shown_.name), report.text()));
}

void metadata_run::write() const {
  buffer const torrent = metainfo::torrent_of(link_, info_->info);
  std::string const to =
      options_.output.empty() ? info_->name + ".torrent" : options_.output;
  write_file(to, torrent, options_.force);
  for (auto const& w : info_->warnings) warn(sanitise(w));
  if (options_.json)
    return say_json({{"info_hash", info_->hash.hex()},
                     {"name", info_->name},
                     {"output", to},
                     {"metadata_size", info_->info.size()},
                     {"bytes", info_->total_length},
                     {"pieces", info_->pieces.size()},
                     {"files", info_->files.size()},
                     {"trackers", link_.trackers}});
  say(fmt::format("{}: {} of metadata, proven by the info_hash {}", sanitise(to),
                  count_of(info_->info.size(), "byte"), info_->hash.hex()));
  say(fmt::format("{}: {} in {}, {}", sanitise(info_->name),
                  human_size(info_->total_length), count_of(info_->files.size(), "file"),
                  count_of(info_->pieces.size(), "piece")));
}

} // namespace cotorra::cli
