#include "base/error.hpp"
#include "cli/arguments.hpp"
#include "cli/files.hpp"
#include "cli/follow.hpp"
#include "cli/runtime.hpp"
#include "cli/sharing.hpp"
#include "cli/text.hpp"
#include "cli/trace_file.hpp"
#include "cli/usage.hpp"
#include "cli/verbs.hpp"
#include "http/get_talk.hpp"
#include "io/task_group.hpp"
#include <fmt/format.h>
#include <optional>

namespace cotorra::cli {
namespace {

struct download_options : sharing_options {
  std::string source, folder = ".", select;
  bool sequential = false, seed = false;
  double ratio = 0;        // 0: no end
  double seed_minutes = 0; // 0: no end
};

// A pointer for others, for as long as what it points to is of use.
template <class T> class while_it_lasts {
public:
  while_it_lasts(T*& pointer, T& to) : pointer_(pointer) { pointer_ = &to; }
  ~while_it_lasts() { pointer_ = nullptr; }
  while_it_lasts(while_it_lasts const&) = delete;

private:
  T*& pointer_;
};

bool is_url(std::string const& s) {
  return s.starts_with("http://") || s.starts_with("https://");
}

metainfo torrent_from(std::string const& url, bytes body) {
  try {
    return read_metainfo(body);
  } catch (input_error const& e) {
    throw input_error(fmt::format("{}: {}", sanitise(url), sanitise(e.what())));
  }
}

task<metainfo> load(io::world w, std::string source) {
  if (source.starts_with("magnet:"))
    throw input_error(
        "magnet links are not understood yet; give the .torrent file or its http:// URL");
  if (!is_url(source)) co_return read_torrent(source);
  http::get_options options;
  options.body_limit = metainfo_limits{}.bytes;
  http::response const answer = co_await http::get(w.network, w.clock, source, options);
  if (answer.status != 200)
    throw input_error(fmt::format("{}: the server answers with HTTP status {}",
                                  sanitise(source), answer.status));
  co_return torrent_from(source, answer.body);
}

// Neither the .torrent nor the trace may be what is downloaded.
void check_own_files(download_options const& o, metainfo const& info) {
  std::vector<std::string> content;
  for (file_entry const& f : info.files) content.push_back(f.path_text());
  for (std::string const& ours : {o.source, o.trace})
    check_not_content(ours, o.folder, content);
}

add_torrent_params params_for(download_options const& o, metainfo info) {
  for (auto const& w : info.warnings) warn(sanitise(w));
  check_own_files(o, info);
  add_torrent_params p;
  p.save_path = o.folder;
  p.sequential_download = o.sequential;
  p.check_files = o.check;
  if (!o.select.empty()) {
    auto const count = static_cast<std::uint32_t>(info.files.size());
    p.wanted_files.assign(count, false);
    for (auto i : parse_index_list(o.select, count, "file")) p.wanted_files[i] = true;
  }
  p.ti = std::make_shared<metainfo const>(std::move(info));
  return p;
}

void say_hello(metainfo const& info, download_options const& o) {
  if (o.json)
    return say_json({{"event", "started"},
                     {"name", info.name},
                     {"info_hash", info.hash.hex()},
                     {"bytes", info.total_length},
                     {"pieces", info.pieces.size()},
                     {"files", info.files.size()}});
  say(fmt::format("{}: {} in {}, {}, info-hash {}", sanitise(info.name),
                  human_size(info.total_length), count_of(info.files.size(), "file"),
                  count_of(info.pieces.size(), "piece"), info.hash.hex()));
  flush();
}

void say_done(download_options const& o, torrent_handle const& torrent, double took) {
  torrent_status const s = torrent.status();
  auto const all = parties(torrent);
  std::uint64_t const came = s.total_payload_download;
  if (o.json)
    return say_json({{"event", "complete"},
                     {"name", s.name},
                     {"info_hash", s.info_hash.hex()},
                     {"bytes", s.total_wanted},
                     {"downloaded", came},
                     {"uploaded", s.total_payload_upload},
                     {"failed_bytes", s.total_failed_bytes},
                     {"redundant_bytes", s.total_redundant_bytes},
                     {"pieces", s.num_pieces},
                     {"pieces_believed", s.num_pieces_believed},
                     {"seconds", took},
                     {"peers", parties_json(all)}});
  if (came == 0)
    say(fmt::format("complete: {} was here already, {}", sanitise(s.name), how_sure(s)));
  else
    say(fmt::format("complete: {} in {} ({}), {}", human_size(came), human_duration(took),
                    human_rate(static_cast<double>(came) / std::max(took, 1e-3)),
                    how_sure(s)));
  say_parties(all);
}

void say_left(torrent_handle const& torrent, bool as_json) {
  torrent_status const s = torrent.status();
  if (as_json)
    say_json(
        {{"event", "stopped"}, {"progress", s.progress}, {"bytes", s.total_wanted_done}});
  else
    warn(fmt::format("stopped at {}; the same command goes on from there",
                     human_percent(s.progress)));
}

class download_run {
public:
  download_run(io::world w, download_options const& o) : world_(w), options_(o) {}

  task<int> run() {
    settings limits = settings_from(options_); // a wrong option, before anything is done
    std::vector<endpoint> peers = peers_from(options_);
    std::optional<metainfo> info;
    co_await fetch(info);
    if (interrupted_) co_return interrupted;
    say_hello(*info, options_);
    add_torrent_params params = params_for(options_, std::move(*info));
    params.peers = std::move(peers);
    session ours(world_, std::move(limits));
    ours.listen();
    follower f(world_, options_.json, [this](auto const& s) { return enough(s); });
    while_it_lasts const leavable(follower_, f);
    params.on_change = [&f] { f.look(); };
    begun_ = world_.clock.now();
    torrent_handle const torrent = ours.add_torrent(std::move(params));
    follower::end const how = co_await f.run(ours, torrent);
    co_return tell(how, torrent);
  }

  void interrupt() {
    interrupted_ = true;
    if (fetching_) fetching_->cancel();
    if (follower_) follower_->leave();
  }

private:
  // A group of one, which can be told to stop: a server may keep us waiting.
  task<> fetch(std::optional<metainfo>& into) {
    io::task_group group(world_.executor);
    group.spawn(load_to(into), "load");
    while_it_lasts const cancellable(fetching_, group);
    co_await group.join();
  }

  task<> load_to(std::optional<metainfo>& into) {
    into = co_await load(world_, options_.source);
  }

  bool enough(torrent_status const& s) {
    if (!s.is_finished) return false;
    time_point const now = world_.clock.now();
    if (!finished_) finished_ = now;
    if (!options_.seed) return true;
    double const shared = static_cast<double>(s.total_payload_upload);
    double const size = static_cast<double>(s.total_wanted);
    bool const ratio_met = options_.ratio > 0 && shared >= options_.ratio * size;
    bool const time_met = options_.seed_minutes > 0 &&
                          seconds(now - *finished_) >= options_.seed_minutes * 60;
    return ratio_met || time_met;
  }

  int tell(follower::end how, torrent_handle const& torrent) const {
    if (how == follower::end::failed) return could_not;
    if (!finished_) {
      say_left(torrent, options_.json);
      return interrupted;
    }
    say_done(options_, torrent, seconds(*finished_ - begun_));
    return done;
  }

  io::world world_;
  download_options const& options_;
  io::task_group* fetching_ = nullptr;
  follower* follower_ = nullptr;
  time_point begun_;
  std::optional<time_point> finished_;
  bool interrupted_ = false;
};

} // namespace

void add_download(CLI::App& app, int& status) {
  auto* verb =
      app.add_subcommand("download", "Fetch what a .torrent describes, and verify it");
  auto o = std::make_shared<download_options>();
  verb->add_option("FILE.torrent", o->source,
                   "a .torrent file, or the http:// URL of one")
      ->required();
  verb->add_option("-o,--output", o->folder,
                   "the folder to download into (here if absent)");
  verb->add_option("--select", o->select,
                   "only these files, counted from 1: 1,3-5 (see cotorra show)");
  verb->add_flag("--sequential", o->sequential,
                 "first piece first, for watching while it comes");
  verb->add_flag("--seed", o->seed, "keep sharing when complete");
  verb->add_option("--ratio", o->ratio,
                   "with --seed: until so many times the size was shared; 0 is no end")
      ->transform(decimal_number())
      ->needs("--seed");
  verb->add_option("--seed-time", o->seed_minutes,
                   "with --seed: for so many minutes; 0 is no end")
      ->transform(decimal_number())
      ->needs("--seed");
  add_sharing_options(*verb, *o);
  verb->footer(
      "On a terminal: p pauses, r resumes, s prints the state, c cancels, q quits.\n"
      "What is there already is kept, so the same command goes on after a stop.\n\n"
      "Example:\n  cotorra download debian.torrent -o Downloads --select 1 --down-limit "
      "2M");
  verb->callback([o, &status] {
    io::real_world world;
    io::world doors = world.doors();
    auto const trace = open_trace(o->trace, doors);
    download_run run(doors, *o);
    status = run_task(world, run.run(), [&run] { run.interrupt(); });
  });
}

} // namespace cotorra::cli
