#include "cli/arguments.hpp"
#include "cli/files.hpp"
#include "cli/output.hpp"
#include "cli/runtime.hpp"
#include "cli/text.hpp"
#include "cli/url_arguments.hpp"
#include "cli/verbs.hpp"
#include "http/url_wire.hpp"
#include "io/offload.hpp"
#include "metainfo/create_talk.hpp"
#include "metainfo/rehearsal.hpp"
#include "metainfo/safe_name.hpp"
#include "metainfo/scan.hpp"
#include "piece/storage.hpp"
#include <bit>
#include <fmt/format.h>
#include <unistd.h>

namespace cotorra::cli {
namespace {

constexpr std::uint64_t last_date = 253402300799; // the end of the year 9999

struct create_arguments {
  std::string path, output, piece_length, name;
  std::vector<std::string> announce;
  metainfo::create_options torrent;
  metainfo::scan_options scanning;
  bool force = false, json = false;

  bool to_stdout() const { return output == "-"; }
};

std::uint32_t piece_length_of(std::string const& text) {
  std::uint64_t const n = parse_size(text);
  if (!std::has_single_bit(n) || n < 16 * 1024 || n > metainfo::limits{}.piece_length)
    throw usage_error(
        fmt::format("a piece length must be a power of two from 16K to 512M; "
                    "{} is not: write 256K, 1M ..., or leave it out",
                    sanitise(text)));
  return static_cast<std::uint32_t>(n);
}

void choose_name(create_arguments& a, metainfo::scanned const& found) {
  a.torrent.name = a.name.empty() ? found.name : a.name;
  if (metainfo::is_safe_name(a.torrent.name)) return;
  if (!a.name.empty())
    throw usage_error(fmt::format("\"{}\" cannot be the name of a file: choose another",
                                  sanitise(a.name)));
  throw input_error(fmt::format("{}: a torrent cannot have this name, as other machines "
                                "could not keep it: give it another with --name",
                                sanitise(a.path)));
}

void choose_output(create_arguments& a) {
  if (a.output.empty()) a.output = a.torrent.name + ".torrent";
  if (!a.to_stdout()) {
    check_apart(a.output, a.path);
    return check_target(a.output, a.force);
  }
  if (a.json)
    throw usage_error("-o - and --json both want the standard output: leave one out");
  if (::isatty(STDOUT_FILENO) == 1)
    throw usage_error("a .torrent is not text for a terminal: send the standard output "
                      "to a file or program, or name a file with -o");
}

// Download refuses torrents with names like those of our state files.
void refuse_reserved_names(std::string const& name,
                           std::span<metainfo::created_file const> files) {
  for (metainfo::created_file const& f : files) {
    std::string path = name;
    for (std::string const& element : f.path) path += '/' + element;
    if (piece::is_reserved_name(path))
      throw input_error(
          fmt::format("{}: names that begin with .cotorra- are kept for this "
                      "program's own state: rename it, or leave it out with "
                      "--exclude",
                      path));
  }
}

void complete(create_arguments& a, metainfo::scanned const& found) {
  choose_name(a, found);
  a.torrent.piece_length = a.piece_length.empty()
                               ? metainfo::choose_piece_length(found.total_length)
                               : piece_length_of(a.piece_length);
  a.torrent.trackers = tiers_of(a.announce);
  trim_web_seeds(a.torrent.url_list);
  choose_output(a);
  try {
    metainfo::rehearse(a.torrent, found.files);
    refuse_reserved_names(a.torrent.name, found.files);
  } catch (input_error const& e) {
    throw input_error(fmt::format("{}: {}", sanitise(a.path), sanitise(e.what())));
  }
}

void tell_surprises(create_arguments const& a, metainfo::scanned const& found) {
  for (std::string const& w : found.warnings) warn(sanitise(w));
  for (auto const& tier : a.torrent.trackers)
    for (std::string const& url : tier)
      if (std::string const why = unspoken(url); !why.empty()) warn(naming(url, why));
}

json facts_of(create_arguments const& a, metainfo::metainfo const& made,
              metainfo::scanned const& found) {
  json tiers = json::array();
  for (auto const& tier : made.trackers) {
    json urls = json::array();
    for (std::string const& url : tier) urls.push_back(http::without_secrets(url));
    tiers.push_back(std::move(urls));
  }
  return {{"path", a.output},
          {"name", made.name},
          {"size", made.total_length},
          {"files", made.files.size()},
          {"pieces", made.pieces.size()},
          {"piece_length", made.piece_length},
          {"info_hash", made.hash.hex()},
          {"private", made.is_private},
          {"trackers", tiers},
          {"warnings", found.warnings}};
}

void tell(create_arguments const& a, metainfo::metainfo const& made) {
  say(fmt::format("Written: {}", sanitise(a.output)));
  say_fact("name", sanitise(made.name));
  say_fact("size", fmt::format("{} ({} bytes)", human_size(made.total_length),
                               human_count(made.total_length)));
  say_fact("files", human_count(made.files.size()));
  say_fact("pieces", fmt::format("{} of {}", human_count(made.pieces.size()),
                                 human_size(made.piece_length)));
  say_fact("info_hash", made.hash.hex());
  if (made.trackers.empty())
    say_fact("trackers", "none: to download it, name a peer with --peer");
}

// Reads the file back: a bad disk must not spoil the .torrent.
void check_written(create_arguments const& a, buffer const& written) {
  if (read_file(a.output, metainfo::limits{}.bytes) == written) return;
  throw input_error(fmt::format("{}: what the disk gives back is not what was written: "
                                "check the disk, then try again",
                                sanitise(a.output)));
}

// Writes the .torrent, then describes it to the user.
task<> deliver(io::world world, create_arguments const& a, metainfo::scanned const& found,
               buffer const& torrent) {
  if (a.to_stdout()) { // by a worker: a pipe may stay full for long
    auto put = [&torrent] { write_stdout(torrent); };
    co_await io::offload(world.workers, put);
    co_return;
  }
  write_file(a.output, torrent, a.force);
  check_written(a, torrent);
  auto loading = load_torrent(world.workers, a.output);
  metainfo::metainfo const made = co_await std::move(loading);
  a.json ? say_json(facts_of(a, made, found)) : tell(a, made);
}

task<int> create(io::world world, create_arguments& a) {
  auto look = [&a] { return metainfo::scan(a.path, a.scanning); };
  metainfo::scanned const found = co_await io::offload(world.workers, look);
  auto prepare = [&a, &found] { complete(a, found); };
  co_await io::offload(world.workers, prepare);
  tell_surprises(a, found);

  metainfo::files_to_hash files;
  for (std::size_t i = 0; i < found.files.size(); ++i)
    files.emplace_back(found.where[i], found.files[i].length);
  progress_line line(world.clock, "hashing", found.total_length, !a.json);
  std::function<void(std::uint64_t)> show = [&line](std::uint64_t n) { line.show(n); };
  auto const pieces = co_await metainfo::hash_pieces(
      world.workers, std::move(files), a.torrent.piece_length, std::move(show));
  line.clear();

  buffer const torrent = metainfo::encode(a.torrent, found.files, pieces);
  co_await deliver(world, a, found, torrent);
  co_return done;
}

void add_options(verb& v, create_arguments& a) {
  v.text("PATH", a.path, "The file or folder to share").required();
  v.text("-o,--output", a.output,
         "The .torrent to write; NAME.torrent in this folder if absent; - is the "
         "standard output");
  v.texts("-a,--announce", a.announce,
          "A tracker's URL. Again for further tiers, ',' between URLs of a tier. "
          "Schemes that this program does not know are allowed");
  v.text("--piece-length", a.piece_length,
         "A power of two, from 16K; chosen from the size if absent");
  v.flag("--private", a.torrent.is_private,
         "Peers may come from these trackers only (BEP 27)");
  v.text("--comment", a.torrent.comment, "Any text; \"\" leaves it out").may_be_empty();
  v.text("--source", a.torrent.source,
         "Any text; it changes the info_hash; \"\" leaves it out")
      .may_be_empty();
  v.text("--name", a.name, "A name other than PATH's");
  a.torrent.created_by = "cotorra 0.1";
  v.text("--created-by", a.torrent.created_by, "The program's name; \"\" leaves it out")
      .may_be_empty()
      .shows_default();
  v.whole("--creation-date", a.torrent.creation_date,
          "Seconds since 1970; left out if absent, so that the same options "
          "give the same bytes",
          0, last_date);
  v.texts("--web-seed", a.torrent.url_list, "A URL that has the files (BEP 19)");
  v.texts("--exclude", a.scanning.exclude,
          "Leave out what this pattern matches: *.tmp a name anywhere, a/*.tmp a "
          "path below PATH. May be given again");
  v.flag("--litter", a.scanning.litter, "Include .DS_Store, Thumbs.db and desktop.ini");
  v.flag("--force", a.force, "Replace the .torrent if it exists");
  v.flag("--json", a.json, "Print facts as one JSON object");
}

} // namespace

void add_create(command_line& program) {
  verb v = program.add("create", "Make a .torrent of a file or folder");
  auto const a = std::make_shared<create_arguments>();
  add_options(v, *a);
  v.footer("A link to something inside PATH becomes a link in the torrent (BEP 47); "
           "other links\nand empty folders are left out, with a warning.\n\n"
           "Example:\n  cotorra create holiday/ -o holiday.torrent "
           "-a http://tracker.example/announce");
  v.runs([a] {
    io::real_world world;
    return run_task(world, create(world.doors(), *a));
  });
}

} // namespace cotorra::cli
