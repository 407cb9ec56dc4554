#include "piece/torrent_files.hpp"
#include <algorithm>

namespace cotorra::piece {

std::vector<storage_file> files_of(metainfo::metainfo const& torrent,
                                   std::string const& name) {
  std::vector<storage_file> files;
  for (metainfo::file_entry const& f : torrent.files) {
    std::string path = name;
    for (std::size_t i = 1; i < f.path.size(); ++i) path += "/" + f.path[i];
    std::string link = f.symlink.empty() ? "" : link_text(f.path, f.symlink);
    files.push_back(
        {std::move(path), f.length, f.padding, f.executable, std::move(link)});
  }
  return files;
}

std::vector<storage_file> files_of(metainfo::metainfo const& torrent) {
  return files_of(torrent, torrent.files.front().path.front());
}

std::string part_file_name(info_hash const& hash) {
  return ".cotorra-" + hash.hex() + ".parts";
}

std::string link_text(std::vector<std::string> const& path,
                      std::vector<std::string> const& target) {
  auto const folder_end = path.end() - 1;
  auto const [up, down] =
      std::mismatch(path.begin(), folder_end, target.begin(), target.end());
  std::string text;
  for (auto part = up; part != folder_end; ++part) text += "../";
  for (auto part = down; part != target.end(); ++part) text += *part + "/";
  if (text.empty()) return ".";
  text.pop_back();
  return text;
}

bitfield wanted_pieces(file_map const& files, piece_layout const& layout,
                       std::vector<bool> const& wanted) {
  if (wanted.empty()) return bitfield(layout.piece_count(), true);
  bitfield pieces(layout.piece_count());
  for (std::size_t f = 0; f < files.size(); ++f) {
    if (!wanted[f] || files[f].padding) continue;
    auto const range = files.pieces_of(f, layout); // empty for an empty file
    for (piece_index i = range.first; i < range.end; ++i) pieces.set(i);
  }
  return pieces;
}

} // namespace cotorra::piece
