#include "cli/content.hpp"
#include "base/error.hpp"
#include "cli/text.hpp"
#include "piece/disk_trouble.hpp"
#include "piece/torrent_files.hpp"
#include <cerrno>
#include <fmt/format.h>
#include <span>
#include <sys/stat.h>
#include <unistd.h>

namespace cotorra::cli {
namespace {

namespace fs = std::filesystem;

// The torrent's files below `root`, with `name` instead of the torrent's own name.
found_content below(metainfo::metainfo const& torrent, fs::path root,
                    std::string const& name) {
  return {std::move(root), piece::files_of(torrent, name)};
}

bool any_file_below(metainfo::metainfo const& torrent, fs::path const& folder) {
  std::error_code error;
  for (metainfo::file_entry const& f : torrent.files)
    if (f.path.size() > 1 && fs::exists(folder / f.path[1], error)) return true;
  return false;
}

} // namespace

found_content find_content(metainfo::metainfo const& torrent, fs::path const& given) {
  std::error_code error;
  fs::path const at = fs::canonical(given, error);
  if (error)
    throw input_error(
        fmt::format("{}: there is no such file or folder", sanitise(given.string())));
  std::string const& name = torrent.files.front().path.front();
  bool const folder = fs::is_directory(at, error);
  if (folder && fs::exists(at / name, error)) return below(torrent, at, name);
  if (folder == torrent.is_multi_file &&
      (!folder || at.filename() == name || any_file_below(torrent, at)))
    return below(torrent, at.parent_path(), at.filename().string());
  if (folder) return below(torrent, at, name); // nothing downloaded yet
  throw input_error(
      fmt::format("{}: is one file, but the torrent is a folder of {}: name "
                  "the folder",
                  sanitise(given.string()), count_of(torrent.files.size(), "file")));
}

std::vector<piece_range> bad_ranges(bitfield const& good, piece_range within) {
  std::vector<piece_range> out;
  for (piece_index i = within.first; i < within.end; ++i) {
    if (good[i]) continue;
    if (!out.empty() && out.back().end == i)
      ++out.back().end;
    else
      out.push_back({i, i + 1});
  }
  return out;
}

std::vector<piece_range> bad_ranges(bitfield const& good) {
  return bad_ranges(good, {0, static_cast<piece_index>(good.size())});
}

std::string text_of(std::vector<piece_range> const& ranges) {
  std::string out;
  for (auto const& [first, end] : ranges) {
    if (!out.empty()) out += ", ";
    out += end - first == 1 ? fmt::format("{}", first)
                            : fmt::format("{}-{}", first, end - 1);
  }
  return out;
}

std::string short_text_of(std::vector<piece_range> const& ranges) {
  constexpr std::size_t most = 8;
  if (ranges.size() <= most + 1) return text_of(ranges);
  std::size_t more = 0;
  for (auto const& range : std::span(ranges).subspan(most))
    more += range.end - range.first;
  return fmt::format("{} and {} more", text_of({ranges.begin(), ranges.begin() + most}),
                     human_count(more));
}

namespace {

// What is wrong with a file, as far as one can tell without reading it; empty: nothing.
struct finding {
  std::string what;
  remedy mended_by = remedy::by_hand;
  bool lacks_bytes = true;
};
finding missing() { return {"is missing", remedy::download}; }

std::string unreadable(int error) {
  return fmt::format("cannot be read ({})",
                     std::error_code(error, std::generic_category()).message());
}

finding look_at_link(fs::path const& where, std::string const& text) {
  std::error_code error;
  auto const type = fs::symlink_status(where, error).type();
  if (type == fs::file_type::not_found) return missing();
  if (type != fs::file_type::symlink)
    return {fmt::format("is not a link to {}: move it away", sanitise(text))};
  if (fs::read_symlink(where, error) == text) return {};
  // A different text may still lead to the same file or folder.
  fs::path const wanted = fs::canonical(where.parent_path() / text, error);
  if (!error && fs::canonical(where, error) == wanted && !error) return {};
  return {fmt::format("is a link, but not to {}: move it away", sanitise(text))};
}

finding first_look(fs::path const& where, piece::storage_file const& f) {
  if (!f.link.empty()) return look_at_link(where, f.link);
  struct stat info;
  if (::lstat(where.c_str(), &info) != 0) {
    bool const is_missing = errno == ENOENT || errno == ENOTDIR;
    return is_missing ? missing() : finding{unreadable(errno)};
  }
  if (S_ISLNK(info.st_mode)) return {"is a link: put the file itself there"};
  if (!S_ISREG(info.st_mode))
    return {fmt::format("is {}, not a plain file: move it away",
                        piece::kind_of(info.st_mode))};
  if (::access(where.c_str(), R_OK) != 0) return {unreadable(errno)};
  auto const size = static_cast<std::uint64_t>(info.st_size);
  if (size < f.length)
    return {fmt::format("is {} too short", count_of(f.length - size, "byte")),
            remedy::repair};
  if (size > f.length)
    return {fmt::format("is {} too long", count_of(size - f.length, "byte")),
            remedy::repair, false};
  return {};
}

std::string pieces_text(std::vector<piece_range> const& ranges, char const* one,
                        char const* several) {
  bool const single = ranges.size() == 1 && ranges[0].end - ranges[0].first == 1;
  return fmt::format("piece{} {} {}", single ? "" : "s", short_text_of(ranges),
                     single ? one : several);
}

// The pieces that are wrong, or those that other files keep from being proven: a piece
// that ends in a missing file says nothing about this one. blameless: good, or lacking.
finding look_at_pieces(piece_range range, bitfield const& good,
                       bitfield const& blameless) {
  if (auto const wrong = bad_ranges(blameless, range); !wrong.empty())
    return {pieces_text(wrong, "is wrong", "are wrong"), remedy::repair};
  auto const unproven = bad_ranges(good, range);
  if (unproven.empty()) return {};
  return {pieces_text(unproven, "cannot be proven: another file lacks a part of it",
                      "cannot be proven: other files lack parts of them"),
          remedy::download};
}

} // namespace

std::vector<file_problem> problems_of(piece::storage const& files,
                                      piece::piece_layout const& layout,
                                      bitfield const& good) {
  piece::file_map const& map = files.files();
  std::vector<finding> found(map.size());
  bitfield blameless = good; // and pieces of which a file lacks some bytes
  for (std::size_t f = 0; f < map.size(); ++f) {
    if (map[f].padding) continue;
    found[f] = first_look(files.root() / map[f].path, map[f]);
    std::string const path = files.path(f);
    if (found[f].mended_by == remedy::download && path == map[f].path + ".part")
      found[f].what = "is not complete yet: what came is in " + sanitise(path);
    if (found[f].what.empty() || !found[f].lacks_bytes) continue;
    auto const pieces = map.pieces_of(f, layout);
    for (piece_index i = pieces.first; i < pieces.end; ++i) blameless.set(i);
  }
  std::vector<file_problem> out;
  for (std::size_t f = 0; f < map.size(); ++f) {
    if (map[f].padding) continue;
    if (found[f].what.empty())
      found[f] = look_at_pieces(map.pieces_of(f, layout), good, blameless);
    if (!found[f].what.empty())
      out.push_back({f, std::move(found[f].what), found[f].mended_by});
  }
  return out;
}

std::string first_problem(metainfo::metainfo const& torrent, fs::path const& given) {
  found_content const here = find_content(torrent, given);
  for (piece::storage_file const& f : here.files) {
    if (f.padding) continue;
    std::string const what = first_look(here.root / f.path, f).what;
    if (!what.empty()) return sanitise(f.path) + " " + what;
  }
  return "the files there have other content";
}

} // namespace cotorra::cli
