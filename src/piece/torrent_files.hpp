// The paths of a torrent's files, below the download folder.
#pragma once
#include "base/bitfield.hpp"
#include "metainfo/metainfo_wire.hpp"
#include "piece/file_map.hpp"

namespace cotorra::piece {

// name: replaces the torrent's own name, the first part of every path.
std::vector<storage_file> files_of(metainfo::metainfo const&, std::string const& name);
std::vector<storage_file> files_of(metainfo::metainfo const&);

// The name of the torrent's part file, which is in the download folder.
std::string part_file_name(info_hash const&);

// The text of a symbolic link (BEP 47) at `path` that leads to `target`, both relative to
// the same folder. The text is relative to the link's own folder:
// ("a/b/l", "a/c/t") gives "../c/t".
std::string link_text(std::vector<std::string> const& path,
                      std::vector<std::string> const& target);

// A piece is wanted when a wanted file has bytes in it; padding files do not count.
// wanted: one per file; empty: all.
bitfield wanted_pieces(file_map const&, piece_layout const&,
                       std::vector<bool> const& wanted);

} // namespace cotorra::piece
