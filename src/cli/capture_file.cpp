#include "cli/capture_file.hpp"
#include "cli/arguments.hpp"
#include "cli/files.hpp"
#include "cli/output.hpp"
#include "cli/text.hpp"
#include <cerrno>
#include <fmt/format.h>
#include <unistd.h>

namespace cotorra::cli {
namespace {

constexpr unsigned for_its_owner = 0600; // it has all peers, and all of the content
constexpr std::uint64_t usual_limit = 256 << 20; // Wireshark opens it in seconds

std::chrono::nanoseconds since_1970() {
  return std::chrono::system_clock::now().time_since_epoch();
}

// Returns 0 or an errno.
int write_all(int fd, bytes all) {
  while (!all.empty()) {
    ssize_t const n = ::write(fd, all.data(), all.size());
    if (n >= 0)
      all = all.subspan(static_cast<std::size_t>(n));
    else if (errno != EINTR)
      return errno;
  }
  return 0;
}

} // namespace

capture_file::capture_file(std::filesystem::path const& path, std::uint64_t most,
                           io::clock const& clock)
    : path_(path), most_(most), fd_(make_new_file(path, "capture", for_its_owner)),
      capture_([this](bytes blocks) { return write(blocks); }, clock, since_1970()) {}

capture_file::~capture_file() {
  network_.reset();
  ::close(fd_);
  std::error_code ignored;
  if (size_ == 0) std::filesystem::remove(path_, ignored); // nothing was captured
}

io::world capture_file::watched(io::world const& w) {
  io::network& network = network_.emplace(w.network, capture_);
  return {w.executor, network, w.clock, w.workers, w.random, w.observer};
}

// The blocks of one event are written whole or not at all, so that the file is always one
// that Wireshark opens.
bool capture_file::write(bytes blocks) {
  std::string const name = sanitise(path_.string());
  if (most_ != 0 && size_ + blocks.size() > most_) {
    warn(fmt::format("{}: the capture ends here, at {}; --pcap-limit allows more", name,
                     human_size(size_)));
    return false;
  }
  if (int const error = write_all(fd_, blocks)) {
    [[maybe_unused]] int const cut = ::ftruncate(fd_, static_cast<off_t>(size_));
    warn(fmt::format("{}: the capture ends here, and the rest goes on ({})", name,
                     std::generic_category().message(error)));
    return false;
  }
  size_ += blocks.size();
  return true;
}

std::unique_ptr<capture_file>
open_capture(std::string const& path, std::string const& limit, io::clock const& clock) {
  if (path.empty()) return nullptr;
  std::uint64_t const most = limit.empty() ? usual_limit : parse_size(limit);
  return std::make_unique<capture_file>(path, most, clock);
}

} // namespace cotorra::cli
