// Where a torrent's files are on this disk, and what is wrong with them.
#pragma once
#include "base/bitfield.hpp"
#include "metainfo/metainfo_wire.hpp"
#include "piece/storage.hpp"

namespace cotorra::cli {

struct found_content {
  std::filesystem::path root;
  std::vector<piece::storage_file> files;
};

// `given` is the folder that holds the download, or the torrent's own file or folder,
// perhaps renamed. Throws input_error when it is neither.
found_content find_content(metainfo::metainfo const&, std::filesystem::path const& given);

using piece_range = piece::index_range<piece_index>;
std::vector<piece_range> bad_ranges(bitfield const& good);
std::vector<piece_range> bad_ranges(bitfield const& good, piece_range within);
std::string text_of(std::vector<piece_range> const&); // "3, 7-9"

// One line for the user: the first few, and how many more there are.
std::string short_text_of(std::vector<piece_range> const&);

// What mends a file: a download, a download with --repair, or only its user.
enum class remedy { download, repair, by_hand };

struct file_problem {
  std::size_t file = 0; // index
  std::string what;     // "is missing", "is 5 bytes too short", "piece 3 is wrong"
  remedy mended_by = remedy::repair;
};
std::vector<file_problem> problems_of(piece::storage const&, piece::piece_layout const&,
                                      bitfield const& good);

// The first file with a problem: "a/b.bin is missing". Does not read the files.
std::string first_problem(metainfo::metainfo const&, std::filesystem::path const& given);

} // namespace cotorra::cli
