// Where the files of a torrent lie below the folder that it is downloaded into.
#pragma once
#include "base/bitfield.hpp"
#include "metainfo/metainfo_wire.hpp"
#include "piece/file_map.hpp"

namespace cotorra {

// name: in place of the torrent's own name, the first part of every path.
std::vector<storage_file> files_of(metainfo const&, std::string const& name);
std::vector<storage_file> files_of(metainfo const&);

// Of the torrent's part file, in the folder that it is downloaded into.
std::string part_file_name(info_hash const&);

// The text of a symbolic link (BEP 47) at `path` that leads to `target`; both relative to
// one folder. A disk reads it from the folder that the link is in: ("a/b/l", "a/c/t")
// gives "../c/t".
std::string link_text(std::vector<std::string> const& path,
                      std::vector<std::string> const& target);

// A piece is wanted when one of the wanted files has a byte in it. wanted: one for each
// file; empty: all. A padding file alone is no reason.
bitfield wanted_pieces(file_map const&, piece_layout const&,
                       std::vector<bool> const& wanted);

} // namespace cotorra
