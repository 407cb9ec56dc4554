#include "cli/download_options.hpp"
#include "cli/arguments.hpp"
#include "cli/files.hpp"
#include "cli/source.hpp"
#include "cli/text.hpp"
#include <fmt/format.h>

namespace cotorra::cli {
namespace {

std::vector<std::string> paths_of(metainfo::metainfo const& info) {
  std::vector<std::string> all;
  for (metainfo::file_entry const& f : info.files) all.push_back(f.path_text());
  return all;
}

} // namespace

void check_options(download_options const& o) {
  if (o.sources.empty() && o.watch.empty())
    throw usage_error("name a .torrent file, the http:// URL of one, a magnet link, or a "
                      "folder with --watch");
  if (!o.select.empty() && (o.sources.size() != 1 || !o.watch.empty()))
    throw usage_error("--select counts the files of one torrent: name one only");
  for (std::string const& source : o.sources) check_source(source);
  for (std::string const& url : o.trackers) check_url(url);
}

namespace {

bool is_wanted_file(session::add_torrent_params const& p, std::size_t file) {
  metainfo::file_entry const& f = p.ti->files[file];
  return !f.padding && f.symlink.empty() &&
         (p.wanted_files.empty() || p.wanted_files[file]);
}

// Warns before files are cut: the user can still press Ctrl-C.
void tell_what_is_cut(session::add_torrent_params const& p) {
  for (std::size_t f = 0; f < p.ti->files.size(); ++f) {
    std::filesystem::path const at = p.save_path / p.ti->files[f].path_text();
    std::error_code error;
    if (!is_wanted_file(p, f) ||
        !std::filesystem::is_regular_file(std::filesystem::symlink_status(at, error)))
      continue;
    std::uint64_t const size = std::filesystem::file_size(at, error);
    std::uint64_t const right = p.ti->files[f].length;
    if (!error && size > right)
      warn(fmt::format("{}: is {} too long; its end is cut off", sanitise(at.string()),
                       count_of(size - right, "byte")));
  }
}

} // namespace

own_files files_of_run(download_options const& o) {
  own_files all;
  for (std::string const& source : o.sources)
    if (!is_magnet(source)) all.add(source);
  all.add(o.trace);
  all.add(o.pcap);
  return all;
}

namespace {

// What can be done only when it is known which files the torrent has.
void apply_to_files(download_options const& o, own_files const& ours,
                    session::add_torrent_params& p) {
  metainfo::metainfo const& info = *p.ti;
  for (auto const& w : info.warnings) warn(sanitise(w));
  ours.check_not_in(o.folder, paths_of(info));
  if (!o.select.empty()) {
    auto const count = static_cast<std::uint32_t>(info.files.size());
    p.wanted_files.assign(count, false);
    for (auto i : parse_index_list(o.select, count, "file")) p.wanted_files[i] = true;
  }
  if (p.overwrite) tell_what_is_cut(p);
}

} // namespace

session::add_torrent_params params_for(download_options const& o, own_files const& ours,
                                       session::add_torrent_params p) {
  p.save_path = o.folder;
  p.user_trackers = o.trackers;
  p.sequential_download = o.sequential;
  p.check_files = o.check;
  p.part_names = !o.no_part;
  p.overwrite = o.repair || o.overwrite;
  if (p.ti)
    apply_to_files(o, ours, p);
  else
    check_can_learn(p, uses_dht(o));
  p.on_metadata = [&o, &ours](session::add_torrent_params& known) {
    apply_to_files(o, ours, known);
  };
  return p;
}

} // namespace cotorra::cli
