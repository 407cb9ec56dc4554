#include "cli/trace_file.hpp"
#include "base/error.hpp"
#include "cli/output.hpp"
#include "cli/text.hpp"
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

namespace cotorra::cli {

// Never replaces a file: it may be the one that is shared.
trace_file::trace_file(std::filesystem::path const& path, io::clock const& clock)
    : path_(path), trace_(file_, clock) {
  int const fd = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
  if (fd < 0 && errno == EEXIST)
    throw input_error(fmt::format("{}: exists already: name another file for the trace",
                                  sanitise(path.string())));
  if (fd >= 0) {
    ::close(fd);
    file_.open(path, std::ios::binary | std::ios::app);
  }
  if (!file_.is_open())
    throw input_error(
        fmt::format("{}: the trace cannot be written there", sanitise(path.string())));
}

trace_file::~trace_file() {
  file_.flush();
  std::error_code error;
  if (file_ && std::filesystem::is_empty(path_, error) && !error)
    std::filesystem::remove(path_, error); // nothing was traced
  if (!file_)
    warn(fmt::format("{}: the trace is incomplete: is the disk full?",
                     sanitise(path_.string())));
}

std::unique_ptr<trace_file> open_trace(std::string const& path, io::world& of) {
  if (path.empty()) return nullptr;
  auto file = std::make_unique<trace_file>(path, of.clock);
  of.observer = file->observer();
  return file;
}

} // namespace cotorra::cli
