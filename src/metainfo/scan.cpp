#include "metainfo/scan.hpp"
#include "base/error.hpp"
#include "metainfo/scan_filter.hpp"
#include <algorithm>
#include <fmt/format.h>
#include <set>
#include <unistd.h>

namespace cotorra::metainfo {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(fs::path const& where, std::string_view what) {
  throw input_error(fmt::format("{}: {}", where.string(), what));
}

std::uint64_t readable_size(fs::path const& where) {
  std::error_code error;
  std::uint64_t const size = fs::file_size(where, error);
  if (error) refuse(where, fmt::format("cannot be read ({})", error.message()));
  return size;
}

std::vector<std::string> elements_of(fs::path const& relative) {
  std::vector<std::string> out;
  for (fs::path const& element : relative) out.push_back(element.string());
  return out;
}

// Walks a folder, and takes the names exactly as they are on the disk.
class walk {
public:
  walk(fs::path root, scan_options const& options)
      : root_(std::move(root)), filter_(options) {}

  scanned run() && {
    folder(root_);
    refuse_unreadable();
    std::sort(found_.begin(), found_.end(),
              [](item const& a, item const& b) { return a.path < b.path; });
    for (item const& one : found_)
      if (one.target.empty()) remember(one.path);
    for (item const& one : found_) one.target.empty() ? add_file(one) : add_link(one);
    filter_.tell(out_.warnings);
    return std::move(out_);
  }

private:
  struct item {
    std::string path;          // below the root
    std::string target = "";   // of a link: below the root
    std::string resolved = ""; // the same, with all links on the way resolved
  };

  void folder(fs::path const& at) {
    std::error_code error;
    fs::directory_iterator entries(at, error);
    if (error) refuse(at, fmt::format("cannot be listed ({})", error.message()));
    bool empty = true;
    for (fs::directory_iterator const end; entries != end; entries.increment(error)) {
      empty = false;
      entry(entries->path());
      if (error) refuse(at, fmt::format("cannot be listed ({})", error.message()));
    }
    if (empty) leave_out(at, "is an empty folder, which a .torrent cannot hold");
  }

  void entry(fs::path const& at) {
    fs::path const relative = at.lexically_relative(root_);
    fs::file_type const type = fs::symlink_status(at).type();
    if (filter_.leaves_out(relative, type == fs::file_type::directory)) return;
    switch (type) {
    case fs::file_type::regular:
      if (::access(at.c_str(), R_OK) != 0) unreadable_.push_back(at.string());
      found_.push_back({relative.generic_string()});
      return;
    case fs::file_type::directory:
      return folder(at);
    case fs::file_type::symlink:
      return link(at, relative);
    default:
      refuse(at, "is neither a file nor a folder: take it out or leave it out with "
                 "--exclude, then try again");
    }
  }

  void link(fs::path const& at, fs::path const& relative) {
    std::error_code error;
    fs::path const target = fs::canonical(at, error);
    if (error) return leave_out(at, "is a link that leads nowhere");
    fs::path const inside = target.lexically_relative(fs::canonical(root_));
    if (inside.empty() || *inside.begin() == "..")
      return leave_out(at, "is a link that leads out of the folder");
    if (inside == ".") return leave_out(at, "is a link to the folder itself");
    found_.push_back(
        {relative.generic_string(), as_written(at, inside), inside.generic_string()});
  }

  // The target as the link's text gives it, perhaps through other links, if that leads
  // straight down and no --exclude is in force; otherwise as the disk resolves it.
  std::string as_written(fs::path const& at, fs::path const& resolved) const {
    std::error_code error;
    fs::path const text = fs::read_symlink(at, error);
    bool const climbs = std::find(text.begin(), text.end(), "..") != text.end();
    if (error || text.is_absolute() || climbs || filter_.excludes())
      return resolved.generic_string();
    fs::path const way = (at.parent_path() / text / "").lexically_normal();
    return way.parent_path().lexically_relative(root_).generic_string();
  }

  void leave_out(fs::path const& at, std::string_view why) {
    out_.warnings.push_back(fmt::format("{} {}: left out", at.string(), why));
  }

  void refuse_unreadable() const {
    if (unreadable_.empty()) return;
    std::size_t const more = unreadable_.size() - 1;
    refuse(unreadable_.front(),
           fmt::format("cannot be read{}: mend that, or leave it out with --exclude",
                       more == 0 ? ""
                                 : fmt::format(", nor can {} other{}", more,
                                               more == 1 ? "" : "s")));
  }

  // Remembers the file and its folders: links of the torrent may lead there.
  void remember(fs::path at) {
    for (; !at.empty(); at = at.parent_path())
      if (!places_.insert(at.string()).second) return;
  }

  void add_file(item const& one) {
    fs::path const where = root_ / one.path;
    created_file file;
    file.path = elements_of(one.path);
    file.length = readable_size(where);
    auto const may = fs::status(where).permissions();
    file.executable = (may & fs::perms::owner_exec) != fs::perms::none;
    out_.total_length += file.length;
    add(std::move(file), where);
  }

  void add_link(item const& one) {
    fs::path const where = root_ / one.path;
    if (places_.count(one.resolved) == 0)
      return leave_out(where, "is a link to something that is not shared");
    created_file file;
    file.path = elements_of(one.path);
    file.symlink = elements_of(one.target);
    add(std::move(file), where);
  }

  void add(created_file file, fs::path const& where) {
    out_.files.push_back(std::move(file));
    out_.where.push_back(where);
  }

  fs::path const root_;
  scan_filter filter_;
  std::vector<item> found_;
  std::vector<std::string> unreadable_;
  std::set<std::string> places_;
  scanned out_;
};

scanned one_file(fs::path const& where) {
  if (::access(where.c_str(), R_OK) != 0) refuse(where, "cannot be read");
  scanned out;
  created_file file;
  file.length = readable_size(where);
  out.total_length = file.length;
  out.files.push_back(std::move(file));
  out.where.push_back(where);
  return out;
}

} // namespace

scanned scan(fs::path const& given, scan_options const& options) {
  std::error_code error;
  fs::file_status const what = fs::status(given, error);
  if (what.type() == fs::file_type::not_found)
    refuse(given, "there is no such file or folder");
  if (error) refuse(given, fmt::format("cannot be read ({})", error.message()));
  if (!fs::is_regular_file(what) && !fs::is_directory(what))
    refuse(given, "is neither a file nor a folder: name one");
  // "folder/" and "." have no last element.
  fs::path at = fs::absolute(given).lexically_normal();
  if (!at.has_filename()) at = at.parent_path();
  scanned out = fs::is_directory(what) ? walk(at, options).run() : one_file(at);
  out.name = at.filename().string();
  if (out.total_length == 0) refuse(given, "there are no bytes in it to share");
  return out;
}

} // namespace cotorra::metainfo
