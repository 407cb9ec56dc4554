#include "cli/content.hpp"
#include "base/error.hpp"
#include "cli/text.hpp"
#include <fmt/format.h>
#include <unistd.h>

namespace cotorra::cli {
namespace {

namespace fs = std::filesystem;

// The files as they would lie below `root`, their first folder (or, of a torrent of one
// file, the file itself) called `name`.
content_place place(metainfo const& torrent, fs::path root, std::string const& name) {
  content_place out{std::move(root), {}};
  for (file_entry const& f : torrent.files) {
    std::string path = name;
    for (std::size_t i = 1; i < f.path.size(); ++i) path += "/" + f.path[i];
    out.files.push_back({std::move(path), f.length, f.padding, f.executable});
  }
  return out;
}

bool any_file_below(metainfo const& torrent, fs::path const& folder) {
  std::error_code error;
  for (file_entry const& f : torrent.files)
    if (f.path.size() > 1 && fs::exists(folder / f.path[1], error)) return true;
  return false;
}

} // namespace

content_place find_content(metainfo const& torrent, fs::path const& given) {
  std::error_code error;
  fs::path const at = fs::canonical(given, error);
  if (error)
    throw input_error(
        fmt::format("{}: there is no such file or folder", sanitise(given.string())));
  std::string const& name = torrent.files.front().path.front();
  bool const folder = fs::is_directory(at, error);
  if (folder && fs::exists(at / name, error)) return place(torrent, at, name);
  if (folder == torrent.is_multi_file &&
      (!folder || at.filename() == name || any_file_below(torrent, at)))
    return place(torrent, at.parent_path(), at.filename().string());
  if (folder) return place(torrent, at, name); // nothing has come yet
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

namespace {

// What can be told without reading it; empty when nothing is wrong.
std::string first_look(fs::path const& where, std::uint64_t length) {
  std::error_code error;
  auto const type = fs::symlink_status(where, error).type();
  if (type == fs::file_type::not_found) return "is missing";
  if (type == fs::file_type::symlink) return "is a link: put the file itself there";
  if (type == fs::file_type::none) return "cannot be read";
  if (type != fs::file_type::regular) return "is not a file";
  if (::access(where.c_str(), R_OK) != 0) return "cannot be read";
  std::uint64_t const size = fs::file_size(where, error);
  if (error) return "cannot be read";
  if (size < length)
    return fmt::format("is {} too short", count_of(length - size, "byte"));
  if (size > length)
    return fmt::format("is {} too long", count_of(size - length, "byte"));
  return "";
}

std::string wrong_pieces(piece_range range, bitfield const& good) {
  auto const bad = bad_ranges(good, range);
  if (bad.empty()) return "";
  bool const one = bad.size() == 1 && bad[0].end - bad[0].first == 1;
  return fmt::format("piece{} {} {} wrong", one ? "" : "s", text_of(bad),
                     one ? "is" : "are");
}

} // namespace

std::vector<file_problem> problems_of(storage const& files, piece_layout const& layout,
                                      bitfield const& good) {
  std::vector<file_problem> out;
  file_map const& map = files.files();
  for (std::size_t f = 0; f < map.size(); ++f) {
    if (map[f].padding) continue;
    std::string what = first_look(files.root() / map[f].path, map[f].length);
    if (what.empty()) what = wrong_pieces(map.pieces_of(f, layout), good);
    if (!what.empty()) out.push_back({f, std::move(what)});
  }
  return out;
}

} // namespace cotorra::cli
