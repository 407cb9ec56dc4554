#include "metainfo/rehearsal.hpp"
#include "base/error.hpp"
#include "metainfo/folded_name.hpp"
#include "metainfo/metainfo_wire.hpp"
#include "metainfo/safe_name.hpp"
#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace cotorra::metainfo {
namespace {

std::string text_of(std::vector<std::string> const& path) {
  return fmt::format("{}", fmt::join(path, "/"));
}

std::string folded(std::vector<std::string> const& path) {
  std::string out;
  for (std::string const& element : path) out += folded_name(element) + '/';
  return out;
}

// Why the reader would rename this file.
std::string reason_of(created_file const& file, std::span<created_file const> all) {
  for (std::string const& element : file.path) {
    if (!is_utf8(element)) return "its name is not UTF-8, as those of a .torrent must be";
    if (!is_safe_name(element))
      return "its name has a character that is not safe as part of a name (a control "
             "character, a backslash or a mark that turns the direction of writing)";
  }
  std::string const wanted = folded(file.path);
  for (created_file const& other : all)
    if (&other != &file && folded(other.path).starts_with(wanted))
      return fmt::format("many disks cannot tell its name from '{}'",
                         text_of(other.path));
  return "a torrent cannot hold it under this name";
}

bool is_same(file_entry const& read, created_file const& file, std::string const& name) {
  auto const with_name = [&](std::vector<std::string> path) {
    path.insert(path.begin(), name);
    return path;
  };
  bool const same_link = file.symlink.empty() ? read.symlink.empty()
                                              : read.symlink == with_name(file.symlink);
  return read.path == with_name(file.path) && !read.padding && same_link;
}

void compare(metainfo const& read, std::string const& name,
             std::span<created_file const> files) {
  std::size_t bad = 0, first = files.size();
  for (std::size_t i = files.size(); i-- > 0;) {
    if (is_same(read.files[i], files[i], name)) continue;
    ++bad;
    first = i;
  }
  if (bad == 0) return;
  throw input_error(fmt::format(
      "{}: {}, so it would not be found again{}: rename it, or leave it out "
      "with --exclude",
      text_of(files[first].path), reason_of(files[first], files),
      bad == 1 ? "" : fmt::format(" (nor {} other{})", bad - 1, bad == 2 ? "" : "s")));
}

[[noreturn]] void refuse_size(std::uint64_t bytes) {
  throw input_error(fmt::format(
      "the .torrent would have {} bytes, and most programs, this one too, read none of "
      "more than {}: choose longer pieces, or share it in parts",
      bytes, limits{}.bytes));
}

} // namespace

void rehearse(create_options const& options, std::span<created_file const> files) {
  limits const limits;
  std::uint64_t total = 0;
  for (created_file const& file : files) total += file.length;
  std::uint32_t const piece_length = std::max(options.piece_length, 1u);
  std::uint64_t const count = count_pieces(total, piece_length);
  if (count > limits.bytes / sha1_digest::size) refuse_size(count * sha1_digest::size);
  std::vector<sha1_digest> const blank(count);
  buffer const torrent = encode(options, files, blank);
  if (torrent.size() > limits.bytes) refuse_size(torrent.size());
  compare(decode(torrent, limits), options.name, files);
}

} // namespace cotorra::metainfo
