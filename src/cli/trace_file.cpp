#include "cli/trace_file.hpp"
#include "cli/files.hpp"
#include "cli/output.hpp"
#include "cli/text.hpp"
#include <fmt/format.h>
#include <unistd.h>

namespace cotorra::cli {

trace_file::trace_file(std::filesystem::path const& path, io::clock const& clock)
    : path_(path), trace_(file_, clock) {
  ::close(make_new_file(path, "trace"));
  file_.open(path, std::ios::binary | std::ios::app);
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
