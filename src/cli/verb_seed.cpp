#include "base/error.hpp"
#include "cli/arguments.hpp"
#include "cli/content.hpp"
#include "cli/files.hpp"
#include "cli/follow.hpp"
#include "cli/runtime.hpp"
#include "cli/sharing.hpp"
#include "cli/text.hpp"
#include "cli/trace_file.hpp"
#include "cli/verbs.hpp"
#include <fmt/format.h>

namespace cotorra::cli {
namespace {

struct seed_options : sharing_options {
  std::string torrent, path, share;
};

add_torrent_params params_for(seed_options const& o) {
  add_torrent_params p;
  auto info = std::make_shared<metainfo const>(read_torrent(o.torrent));
  content_place place = find_content(*info, o.path);
  std::vector<std::string> content;
  for (storage_file const& f : place.files) content.push_back(f.path);
  check_not_content(o.trace, place.root, content);
  p.save_path = std::move(place.root);
  p.files = std::move(place.files);
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
  seed_run(io::world w, seed_options const& o) : world_(w), options_(o) {}

  task<int> run() {
    settings limits = settings_from(options_); // a wrong option, before anything is done
    std::vector<endpoint> peers = peers_from(options_);
    add_torrent_params params = params_for(options_);
    params.peers = std::move(peers);
    session ours(world_, std::move(limits));
    ours.listen();
    follower f(world_, options_.json, [](auto const&) { return false; });
    follower_ = &f;
    torrent_handle torrent;
    params.on_change = [&] {
      f.look();
      tell_start(ours, torrent);
    };
    torrent = ours.add_torrent(std::move(params));
    follower::end const how = co_await f.run(ours, torrent);
    follower_ = nullptr;
    if (nothing_there_) throw input_error(nothing_there(torrent.status()));
    if (how == follower::end::failed) co_return could_not;
    tell_end(torrent);
    co_return done; // being told to stop is how seeding ends
  }

  void interrupt() {
    if (follower_) follower_->leave();
  }

private:
  // Once the check is over: what there is to share.
  void tell_start(session& ours, torrent_handle const& torrent) {
    torrent_status const s = torrent.status();
    if (told_ || s.state == torrent_status::state_t::checking_files) return;
    told_ = true;
    nothing_there_ = s.pieces.none();
    if (nothing_there_) return follower_->leave();
    std::size_t const all = s.pieces.size(), here = s.num_pieces;
    if (options_.json)
      say_json({{"event", "seeding"},
                {"name", s.name},
                {"port", ours.listen_port()},
                {"pieces", here},
                {"pieces_believed", s.num_pieces_believed},
                {"of", all}});
    else
      say(fmt::format("seeding: {} on port {}, {} of {} pieces are here, {}{}",
                      sanitise(s.name), ours.listen_port(), here, all, how_sure(s),
                      options_.share.empty() ? ""
                                             : ", offering pieces " + options_.share));
    flush();
  }

  // With what is wrong with the first file: it may be there, and unreadable.
  std::string nothing_there(torrent_status const& s) const {
    metainfo const torrent = read_torrent(options_.torrent);
    return fmt::format("{}: no piece of \"{}\" can be read there: {}; give the folder "
                       "that holds it, or download it first",
                       sanitise(options_.path), sanitise(s.name),
                       first_problem(torrent, options_.path));
  }

  void tell_end(torrent_handle const& torrent) const {
    auto const all = parties(torrent);
    torrent_status const s = torrent.status();
    if (options_.json)
      return say_json({{"event", "stopped"},
                       {"uploaded", s.total_payload_upload},
                       {"peers", parties_json(all)}});
    say(fmt::format("shared: {} of {}", human_size(s.total_payload_upload),
                    sanitise(s.name)));
    say_parties(all);
  }

  io::world world_;
  seed_options const& options_;
  follower* follower_ = nullptr;
  bool told_ = false, nothing_there_ = false;
};

} // namespace

void add_seed(CLI::App& app, int& status) {
  auto* verb = app.add_subcommand("seed", "Share what is there, after checking it");
  auto o = std::make_shared<seed_options>();
  verb->add_option("FILE.torrent", o->torrent, "the .torrent file")->required();
  verb->add_option("PATH", o->path,
                   "the shared file or folder, or the folder that holds it")
      ->required();
  verb->add_option("--share", o->share,
                   "offer these pieces only, counted from 0: 0-43,50 (for a lab: "
                   "a seeder that has but a part)");
  add_sharing_options(*verb, *o);
  verb->footer(
      "Shares until Ctrl-C.\n\nExample:\n  cotorra seed debian.torrent Downloads "
      "--up-limit 1M");
  verb->callback([o, &status] {
    io::real_world world;
    io::world doors = world.doors();
    auto const trace = open_trace(o->trace, doors);
    seed_run run(doors, *o);
    status = run_task(world, run.run(), [&run] { run.interrupt(); });
  });
}

} // namespace cotorra::cli
