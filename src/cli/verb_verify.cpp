#include "cli/content.hpp"
#include "cli/files.hpp"
#include "cli/output.hpp"
#include "cli/runtime.hpp"
#include "cli/text.hpp"
#include "cli/verbs.hpp"
#include "piece/check_talk.hpp"
#include "piece/torrent_files.hpp"
#include <algorithm>
#include <fmt/format.h>

namespace cotorra::cli {
namespace {

struct verify_arguments {
  std::string torrent, path;
  bool json = false, map = false;
};

struct verdict {
  metainfo::metainfo const& torrent;
  piece::piece_layout const& layout;
  piece::storage& files;
  bitfield good;
  std::vector<file_problem> problems;

  bool right() const { return good.all() && problems.empty(); }
  std::uint64_t good_bytes() const {
    std::uint64_t sum = 0;
    for (piece_index i = 0; i < layout.piece_count(); ++i)
      if (good[i]) sum += layout.size(i);
    return sum;
  }
};

json facts_of(verdict const& v) {
  json bad = json::array(), files = json::array();
  for (auto const& range : bad_ranges(v.good))
    bad.push_back(json::array({range.first, range.end - 1}));
  for (auto const& p : v.problems)
    files.push_back({{"path", v.files.files()[p.file].path}, {"problem", p.what}});
  return {{"right", v.right()},
          {"name", v.torrent.name},
          {"info_hash", v.torrent.hash.hex()},
          {"root", v.files.root().string()},
          {"pieces", v.layout.piece_count()},
          {"good_pieces", v.good.count()},
          {"good_bytes", v.good_bytes()},
          {"size", v.layout.total_length()},
          {"bad_pieces", bad},
          {"files", v.torrent.files.size()},
          {"bad_files", files}};
}

// One character per piece; each row begins with the number of its first piece.
void draw(bitfield const& good) {
  constexpr std::size_t width = 64;
  for (std::size_t i = 0; i < good.size(); i += width) {
    std::string row;
    for (std::size_t n = i; n < std::min(i + width, good.size()); ++n)
      row += good[n] ? '#' : '.';
    say(fmt::format("{:>8}  {}", i, row));
  }
}

bool any_needs(verdict const& v, remedy r) {
  return std::ranges::any_of(v.problems,
                             [r](file_problem const& p) { return p.mended_by == r; });
}

std::string advice_on(verdict const& v) {
  std::string out;
  if (any_needs(v, remedy::by_hand)) out = "Mend by hand what is said of each file. ";
  bool const all_by_hand = !v.problems.empty() && !any_needs(v, remedy::repair) &&
                           !any_needs(v, remedy::download);
  if (all_by_hand) return out + "Then verify again.";
  std::filesystem::path const first = v.files.files()[0].path;
  if (std::string const name = *first.begin(); name != v.torrent.files[0].path[0])
    out += fmt::format("Rename \"{}\" to \"{}\", as the torrent calls it. ",
                       sanitise(name), sanitise(v.torrent.files[0].path[0]));
  if (any_needs(v, remedy::repair) || v.problems.empty())
    return out + "To repair it, download into the same folder with --repair: it " +
           (v.good.all() ? "cuts what is too long." : "fetches only the wrong pieces.");
  return out + "To complete it, download into the same folder: it fetches only what is "
               "missing.";
}

void tell(verdict const& v, bool map) {
  say(fmt::format("{}: {} of {} right, {} of {}", sanitise(v.torrent.name),
                  human_count(v.good.count()), count_of(v.layout.piece_count(), "piece"),
                  human_size(v.good_bytes()), human_size(v.layout.total_length())));
  if (map) draw(v.good);
  if (!v.good.all())
    say(fmt::format("pieces not right, counted from 0: {}",
                    short_text_of(bad_ranges(v.good))));
  for (auto const& p : v.problems)
    say(fmt::format("  {}: {}", sanitise(v.files.files()[p.file].path), p.what));
  say(v.right() ? "Everything is right." : advice_on(v));
}

task<int> verify(io::world world, verify_arguments const& a) {
  auto loading = load_torrent(world.workers, a.torrent);
  metainfo::metainfo const torrent = co_await std::move(loading);
  found_content here = find_content(torrent, a.path);
  piece::piece_layout const layout(torrent.total_length, torrent.piece_length);
  piece::storage files(std::move(here.root), piece::file_map(std::move(here.files)));
  files.use_part_file(piece::part_file_name(torrent.hash));

  progress_line line(world.clock, "checking", torrent.total_length, !a.json);
  piece::on_check_progress show = [&](piece::check_progress const& p) {
    line.show(std::uint64_t{p.checked} * torrent.piece_length);
  };
  piece::piece_hashes const hashes(torrent.pieces);
  bitfield good =
      co_await piece::check_pieces(world.workers, files, layout, hashes, std::move(show));
  line.clear();

  verdict v{torrent, layout, files, std::move(good), {}};
  v.problems = problems_of(files, layout, v.good);
  a.json ? say_json(facts_of(v)) : tell(v, a.map);
  co_return v.right() ? done : could_not;
}

} // namespace

void add_verify(command_line& program) {
  verb v = program.add("verify", "Check that files are what a .torrent says");
  auto const a = std::make_shared<verify_arguments>();
  v.text("FILE.torrent", a->torrent, "The .torrent").required();
  v.text("PATH", a->path, "The folder that was downloaded into, or the content itself")
      .required();
  option const map = v.flag("--map", a->map, "Draw the pieces: # is right, . is not");
  v.flag("--json", a->json, "Print facts as one JSON object").excludes(map);
  v.footer("Example:\n  cotorra verify holiday.torrent ~/downloads");
  v.runs([a] {
    io::real_world world;
    return run_task(world, verify(world.doors(), *a));
  });
}

} // namespace cotorra::cli
