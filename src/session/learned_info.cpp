#include "session/learned_info.hpp"
#include "base/error.hpp"
#include "io/offload.hpp"
#include "piece/learned_file.hpp"
#include <fmt/format.h>

namespace cotorra::session {
namespace {

// So wide a range may come from a stranger that only files that exist are looked at.
std::vector<bool> selected(std::vector<metainfo::magnet::file_range> const& ranges,
                           std::size_t files) {
  std::vector<bool> wanted(files, false);
  for (auto const& [first, last] : ranges)
    for (std::size_t f = first; f < files && f <= last; ++f) wanted[f] = true;
  return wanted;
}

metainfo::metainfo decoded(bytes info) {
  try {
    return metainfo::decode_info(info);
  } catch (input_error const& e) {
    throw input_error(
        fmt::format("the metadata that the peers gave is the right one, but "
                    "cannot be used: {}",
                    e.what()));
  }
}

} // namespace

void learn_from(bytes info, add_torrent_params& p) {
  metainfo::metainfo all = decoded(info);
  all.url_list = p.url_seeds;
  if (!p.select_only.empty() && p.wanted_files.empty()) {
    p.wanted_files = selected(p.select_only, all.files.size());
    if (std::ranges::find(p.wanted_files, true) == p.wanted_files.end())
      throw input_error(fmt::format("the magnet link selects files (so=) that are not in "
                                    "the torrent: it has {}",
                                    all.files.size()));
  }
  p.ti = std::make_shared<metainfo::metainfo const>(std::move(all));
  p.paused = false; // on_metadata may wish it
  if (p.on_metadata) p.on_metadata(p);
}

task<buffer> load_learned(io::world const& w, add_torrent_params const& p) {
  auto work = [&p] { return piece::load_learned(p.save_path, p.hash()); };
  buffer info = co_await io::offload(w.workers, work);
  co_return info;
}

task<> keep_learned(io::world const& w, add_torrent_params const& p) {
  bool const is_from_link = p.info_hash != cotorra::info_hash{};
  if (!is_from_link || p.upload_mode) co_return;
  auto work = [&p] { return !piece::save_learned(p.save_path, p.hash(), p.ti->info); };
  co_await io::offload(w.workers, work);
}

} // namespace cotorra::session
