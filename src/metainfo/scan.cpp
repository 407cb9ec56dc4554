#include "metainfo/scan.hpp"
#include "base/error.hpp"
#include "metainfo/safe_name.hpp"
#include <algorithm>
#include <fmt/format.h>

namespace cotorra {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(fs::path const& where, std::string_view what) {
  throw input_error(fmt::format("{}: {}", where.string(), what));
}

// Walks a folder. Only what the disk says counts; a name it gives is shared as it is.
class walk {
public:
  explicit walk(fs::path root) : root_(std::move(root)) {}

  scanned run() && {
    folder(root_);
    std::sort(found_.begin(), found_.end());
    for (auto& [relative, where] : found_) add(relative, where);
    return std::move(out_);
  }

private:
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
    if (empty) leave_out(at, "is an empty folder, which a .torrent cannot tell");
  }

  void entry(fs::path const& at) {
    switch (fs::symlink_status(at).type()) {
    case fs::file_type::regular:
      found_.emplace_back(fs::relative(at, root_).generic_string(), at);
      return;
    case fs::file_type::directory:
      return folder(at);
    case fs::file_type::symlink:
      return link(at);
    default:
      refuse(at, "is neither a file nor a folder: take it out, then try again");
    }
  }

  void link(fs::path const& at) {
    std::error_code error;
    fs::path const target = fs::canonical(at, error);
    if (error) return leave_out(at, "is a link that leads nowhere");
    fs::path const inside = target.lexically_relative(fs::canonical(root_));
    if (inside.empty() || *inside.begin() == "..")
      return leave_out(at, "is a link that leads out of the folder");
    if (!fs::is_regular_file(target)) return leave_out(at, "is a link to a folder");
    found_.emplace_back(at.lexically_relative(root_).generic_string(), at);
  }

  void leave_out(fs::path const& at, std::string_view why) {
    out_.warnings.push_back(fmt::format("{} {}: left out", at.string(), why));
  }

  void add(std::string const& relative, fs::path const& where) {
    created_file file;
    for (fs::path const& element : fs::path(relative))
      file.path.push_back(element.string());
    for (std::string const& element : file.path)
      if (!is_safe_name(element))
        out_.warnings.push_back(fmt::format(
            "{}: other programs may save it under another name", where.string()));
    std::error_code error;
    file.length = fs::file_size(where, error);
    if (error) refuse(where, fmt::format("cannot be read ({})", error.message()));
    auto const may = fs::status(where).permissions();
    file.executable = (may & fs::perms::owner_exec) != fs::perms::none;
    out_.total_length += file.length;
    out_.files.push_back(std::move(file));
    out_.where.push_back(where);
  }

  fs::path const root_;
  std::vector<std::pair<std::string, fs::path>> found_; // relative path, for the order
  scanned out_;
};

scanned one_file(fs::path const& where) {
  scanned out;
  created_file file;
  std::error_code error;
  file.length = fs::file_size(where, error);
  if (error) refuse(where, fmt::format("cannot be read ({})", error.message()));
  out.total_length = file.length;
  out.files.push_back(std::move(file));
  out.where.push_back(where);
  return out;
}

} // namespace

scanned scan(fs::path const& given) {
  std::error_code error;
  fs::file_status const what = fs::status(given, error);
  if (what.type() == fs::file_type::not_found)
    refuse(given, "there is no such file or folder");
  if (error) refuse(given, fmt::format("cannot be read ({})", error.message()));
  if (!fs::is_regular_file(what) && !fs::is_directory(what))
    refuse(given, "is neither a file nor a folder: name one");
  // "folder/" and "." have no last element of their own
  fs::path at = fs::absolute(given).lexically_normal();
  if (!at.has_filename()) at = at.parent_path();
  scanned out = fs::is_directory(what) ? walk(at).run() : one_file(at);
  out.name = at.filename().string();
  if (out.total_length == 0) refuse(given, "there is not one byte in it to share");
  return out;
}

} // namespace cotorra
