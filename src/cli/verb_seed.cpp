#include "base/error.hpp"
#include "cli/arguments.hpp"
#include "cli/content.hpp"
#include "cli/events.hpp"
#include "cli/files.hpp"
#include "cli/follow.hpp"
#include "cli/goal.hpp"
#include "cli/peers.hpp"
#include "cli/sharing.hpp"
#include "cli/sharing_run.hpp"
#include "cli/text.hpp"
#include "cli/verbs.hpp"
#include <fmt/format.h>

namespace cotorra::cli {
namespace {

struct seed_options : sharing_options {
  std::string torrent, path, share;
  sharing_goal goal;
};

add_torrent_params params_for(seed_options const& o) {
  add_torrent_params p;
  auto info = std::make_shared<metainfo const>(read_torrent(o.torrent));
  found_content here = find_content(*info, o.path);
  std::vector<std::string> content;
  for (storage_file const& f : here.files) content.push_back(f.path);
  check_not_content(o.trace, here.root, content);
  p.save_path = std::move(here.root);
  p.files = std::move(here.files);
  p.upload_mode = true;
  p.check_files = o.check;
  if (!o.share.empty()) {
    auto const count = static_cast<std::uint32_t>(info->pieces.size());
    p.share = bitfield(count);
    for (auto i : parse_index_list(o.share, count, "piece", 0)) p.share->set(i);
  }
  p.ti = std::move(info);
  return p;
}

class seed_run {
public:
  seed_run(io::world w, seed_options const& o, events& told)
      : world_(w), options_(o), told_(told) {}

  task<int> run() {
    settings limits = settings_from(options_); // reports wrong options before any work
    std::vector<host_and_port> given = peers_from(options_);
    add_torrent_params params = params_for(options_);
    params.peers = co_await resolve_peers(world_, std::move(given));
    if (interrupted_) co_return interrupted;
    session ours(world_, std::move(limits));
    ours.listen();
    follower f(world_, options_.json, [this](auto const& s) { return enough(s); });
    follower_ = &f;
    params.on_change = [&f] { f.look(); };
    port_ = ours.listen_port();
    torrents_.add(ours.add_torrent(std::move(params)));
    follower::end const how = co_await f.run(ours, torrents_);
    follower_ = nullptr;
    torrent_status const s = torrents_.status();
    told_.look(s);
    if (nothing_there_) throw input_error(nothing_there(s));
    if (how == follower::end::failed) co_return could_not;
    tell_end(s);
    co_return done; // seeding normally ends because the user stops it
  }

  void interrupt() {
    interrupted_ = true;
    told_.quiet();
    if (follower_) follower_->leave();
  }

private:
  bool enough(torrent_status const& s) {
    told_.look(s);
    if (s.state == torrent_status::state_t::checking_files) return false;
    if (!since_) tell_start(s);
    return nothing_there_ || options_.goal.is_met(s, world_.clock.now() - *since_);
  }

  // After the check: prints what there is to share.
  void tell_start(torrent_status const& s) {
    since_ = world_.clock.now();
    nothing_there_ = s.pieces.none();
    if (nothing_there_) return;
    std::size_t const all = s.pieces.size(), here = s.num_pieces;
    if (told_.wanted())
      return told_.tell("seeding", s.info_hash,
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

  // Says what is wrong with the first file: it may exist and be unreadable.
  std::string nothing_there(torrent_status const& s) const {
    metainfo const torrent = read_torrent(options_.torrent);
    return fmt::format("{}: no piece of \"{}\" can be read there: {}; give the folder "
                       "that holds it, or download it first",
                       sanitise(options_.path), sanitise(s.name),
                       first_problem(torrent, options_.path));
  }

  void tell_end(torrent_status const& s) const {
    auto const all = parties(torrents_.all().front());
    if (told_.wanted())
      return told_.tell("stopped", s.info_hash,
                        {{"name", s.name},
                         {"uploaded", s.total_payload_upload},
                         {"peers", parties_json(all)}});
    say(fmt::format("shared: {} of {}", human_size(s.total_payload_upload),
                    sanitise(s.name)));
    say_parties(all);
  }

  io::world world_;
  seed_options const& options_;
  events& told_;
  torrents torrents_;
  follower* follower_ = nullptr;
  std::uint16_t port_ = 0;
  std::optional<time_point> since_; // when the check ended
  bool nothing_there_ = false, interrupted_ = false;
};

} // namespace

void add_seed(CLI::App& app, int& status) {
  auto* verb = app.add_subcommand("seed", "Check files, then share them");
  auto o = std::make_shared<seed_options>();
  verb->add_option("FILE.torrent", o->torrent, "the .torrent file")->required();
  verb->add_option("PATH", o->path,
                   "the shared file or folder, or the folder that holds it")
      ->required();
  verb->add_option("--share", o->share,
                   "offer these pieces only, counted from 0: 0-43,50 (for a lab: "
                   "a seeder that has only a part)");
  add_goal_options(*verb, o->goal, false);
  add_sharing_options(*verb, *o);
  verb->footer("Shares until Ctrl-C, or until --ratio or --seed-time is met.\n"
               "On a terminal: p pauses, r resumes, s prints the state, q quits.\n\n"
               "Example:\n  cotorra seed debian.torrent Downloads --up-limit 1M");
  verb->callback([o, &status] { status = run_sharing<seed_run>(*o); });
}

} // namespace cotorra::cli
