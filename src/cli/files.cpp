#include "cli/files.hpp"
#include "cli/runtime.hpp"
#include "cli/text.hpp"
#include "io/offload.hpp"
#include "piece/open_files.hpp"
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/stat.h>
#include <unistd.h>

namespace cotorra::cli {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void refuse(fs::path const& where, std::string_view what) {
  throw file_error(fmt::format("{}: {}", sanitise(where.string()), what));
}

[[noreturn]] void refuse(fs::path const& where, std::string_view verb, int error) {
  if (error == ENOENT) refuse(where, "there is no such file");
  if (error == EISDIR) refuse(where, "is a folder, not a file");
  if (error == EEXIST)
    refuse(where, "exists already: name another file, or use --force to replace it");
  refuse(where,
         fmt::format("cannot be {} ({})", verb, std::generic_category().message(error)));
}

// A pipe may keep us waiting forever; then only a signal ends the wait.
[[noreturn]] void cannot_read(fs::path const& where) {
  if (errno == EINTR) throw was_interrupted();
  refuse(where, "read", errno);
}

buffer read_all(int fd, fs::path const& where, std::size_t limit) {
  buffer out;
  for (std::size_t size = 0;;) {
    out.resize(std::min(limit + 1, std::max<std::size_t>(2 * size, 64 * 1024)));
    ssize_t const got = ::read(fd, out.data() + size, out.size() - size);
    if (got < 0) cannot_read(where);
    size += static_cast<std::size_t>(got);
    if (size > limit)
      refuse(where, fmt::format("is larger than {}, too large to be read here",
                                human_size(limit)));
    if (got != 0) continue;
    out.resize(size);
    return out;
  }
}

void write_all(int fd, fs::path const& where, bytes left) {
  while (!left.empty()) {
    ssize_t const n = ::write(fd, left.data(), left.size());
    if (n < 0 && errno == EINTR) continue;
    if (n < 0 && errno == EAGAIN) { // another program has made the pipe non-blocking
      pollfd ready{fd, POLLOUT, 0};
      ::poll(&ready, 1, -1);
      continue;
    }
    if (n < 0) refuse(where, "written", errno);
    left = left.subspan(static_cast<std::size_t>(n));
  }
  if (::fsync(fd) != 0 && errno != EINVAL) refuse(where, "written", errno);
}

metainfo::metainfo parse_torrent(fs::path const& path, bytes raw) {
  try {
    return metainfo::decode(raw);
  } catch (input_error const& e) {
    refuse(path == "-" ? "standard input" : path, sanitise(e.what()));
  }
}

// A temporary file, removed unless it gets its final name.
class unfinished_file {
public:
  explicit unfinished_file(fs::path const& target)
      : target_(target),
        path_(target.parent_path() /
              fmt::format(".{}.{}.part", target.filename().string().substr(0, 200),
                          ::getpid())),
        file_(::open(path_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666)) {
    if (file_) return;
    if (errno == ENOENT) refuse(target, "there is no such folder to write it to");
    refuse(target, "written", errno);
  }
  ~unfinished_file() {
    if (!named_) ::unlink(path_.c_str());
  }
  unfinished_file(unfinished_file const&) = delete;

  int fd() const { return file_.get(); }
  void take_name(bool overwrite) {
    unsigned const how = overwrite ? 0 : RENAME_NOREPLACE;
    int done = ::renameat2(AT_FDCWD, path_.c_str(), AT_FDCWD, target_.c_str(), how);
    if (done != 0 && (errno == EINVAL || errno == ENOSYS ||
                      errno == ENOTSUP)) // not every file system can refuse to replace
      done = ::rename(path_.c_str(), target_.c_str());
    if (done != 0) refuse(target_, "written", errno);
    named_ = true;
  }

private:
  fs::path const& target_;
  fs::path const path_;
  piece::descriptor const file_;
  bool named_ = false;
};

} // namespace

buffer read_file(fs::path const& path, std::size_t limit) {
  if (path == "-") return read_all(STDIN_FILENO, "standard input", limit);
  piece::descriptor const file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!file) cannot_read(path);
  return read_all(file.get(), path, limit);
}

metainfo::metainfo read_torrent(fs::path const& path) {
  return parse_torrent(path, read_file(path, metainfo::limits{}.bytes));
}

task<metainfo::metainfo> load_torrent(io::workers& workers, fs::path path) {
  buffer const raw = read_file(path, metainfo::limits{}.bytes);
  auto parse = [&] { return parse_torrent(path, raw); };
  constexpr std::size_t large = 1024 * 1024;
  if (raw.size() < large) co_return parse();
  metainfo::metainfo out = co_await io::offload(workers, parse);
  co_return out;
}

void check_target(fs::path const& path, bool overwrite) {
  std::error_code error;
  fs::file_status const there = fs::status(path, error);
  if (fs::is_directory(there)) refuse(path, "is a folder: name a file in it");
  if (!path.has_filename()) refuse(path, "is not the name of a file");
  if (fs::exists(there) && !fs::is_regular_file(there))
    refuse(path, "is not a plain file: name another");
  // A link that leads nowhere exists too.
  if (fs::exists(fs::symlink_status(path, error)) && !overwrite)
    refuse(path, "written", EEXIST);
  fs::path const folder = path.has_parent_path() ? path.parent_path() : fs::path(".");
  if (!fs::exists(folder, error)) refuse(path, "there is no such folder to write it to");
  if (!fs::is_directory(folder, error))
    refuse(path, "its folder is a file: name another place");
  if (::access(folder.c_str(), W_OK | X_OK) != 0)
    refuse(path, "its folder cannot be written to: name another place");
}

void write_file(fs::path const& path, bytes content, bool overwrite) {
  check_target(path, overwrite);
  unfinished_file file(path);
  write_all(file.fd(), path, content);
  file.take_name(overwrite);
}

void write_stdout(bytes content) { write_all(STDOUT_FILENO, "standard output", content); }

void check_apart(fs::path const& target, fs::path const& source) {
  std::error_code error;
  if (fs::is_directory(target, error)) return; // check_target() reports it
  if (fs::equivalent(target, source, error))
    refuse(target, "is the file to read: name another file to write to");
  fs::path const all = fs::canonical(source, error);
  if (error || !fs::is_directory(all, error)) return;
  fs::path const folder = target.has_parent_path() ? target.parent_path() : ".";
  fs::path const inside = fs::canonical(folder, error).lexically_relative(all);
  if (!error && !inside.empty() && *inside.begin() != "..")
    refuse(target, "is inside the folder to read, and would change it: name a "
                   "place outside of it");
}

int make_new_file(fs::path const& path, std::string_view what, unsigned mode) {
  constexpr int how = O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC;
  int const fd = ::open(path.c_str(), how, mode);
  if (fd < 0 && errno == EEXIST)
    refuse(path, fmt::format("exists already: name another file for the {}", what));
  if (fd < 0) refuse(path, fmt::format("the {} cannot be written there", what));
  return fd;
}

} // namespace cotorra::cli
