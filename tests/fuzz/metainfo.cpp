// Whatever a .torrent says, its files stay below the folder that a person chose.
#include "fuzz/fuzz.hpp"
#include "metainfo/create_wire.hpp"
#include "metainfo/folded_name.hpp"
#include "metainfo/metainfo_wire.hpp"
#include "metainfo/safe_name.hpp"
#include "piece/file_map.hpp"
#include <set>

namespace cotorra::fuzz {
namespace {

void check_path(std::vector<std::string> const& path) {
  demand(!path.empty(), "a file has a path");
  for (std::string const& part : path) {
    demand(metainfo::is_safe_name(part) && metainfo::safe_name(part) == part,
           "each part of a path is safe");
    demand(part != "." && part != ".." && part.find('/') == part.npos, "none leads out");
  }
}

void check_files(metainfo::metainfo const& m) {
  std::uint64_t total = 0;
  std::set<std::string> places;
  std::vector<piece::storage_file> files;
  for (metainfo::file_entry const& f : m.files) {
    demand(f.offset == total, "the files lie end to end");
    total += f.length;
    check_path(f.path);
    if (!f.symlink.empty()) check_path(f.symlink);
    demand(f.path.front() == m.name, "every path is below the torrent's name");
    std::string place;
    for (std::string const& part : f.path) place += metainfo::folded_name(part) + '/';
    if (!f.padding)
      demand(places.insert(place).second, "no two files share a place on any disk");
    files.push_back({f.path_text(), f.length, f.padding, f.executable});
  }
  demand(total == m.total_length, "the lengths add up");
  std::uint64_t mapped = 0;
  for (piece::file_slice const& s : piece::file_map(files).slices(0, total))
    mapped += s.length;
  demand(mapped == total, "the files' slices make up the torrent");
}

} // namespace

void target(bytes input) {
  auto const m = unless_refused<input_error>([&] { return metainfo::decode(input); });
  if (!m) return;
  demand(m->piece_length != 0 && m->total_length != 0, "there is something to share");
  demand(m->pieces.size() == metainfo::count_pieces(m->total_length, m->piece_length),
         "there are as many hashes as pieces");
  piece::piece_layout const layout(m->total_length, m->piece_length);
  auto const last = static_cast<piece_index>(m->pieces.size() - 1);
  demand(m->size_of(last) == layout.size(last), "all agree on the last piece's size");
  check_files(*m);
  metainfo::metainfo const from_peers = metainfo::decode_info(m->info);
  demand(from_peers.hash == m->hash && from_peers.pieces == m->pieces &&
             from_peers.files.size() == m->files.size(),
         "peers who send the info dictionary give the same torrent");
}

} // namespace cotorra::fuzz
