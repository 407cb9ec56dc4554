#include "metainfo/create_talk.hpp"
#include "base/error.hpp"
#include "base/sha.hpp"
#include "io/offload.hpp"
#include "io/task_group.hpp"
#include <algorithm>
#include <asio/this_coro.hpp>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>

namespace cotorra::metainfo {
namespace {

// A file open for reading; the destructor closes it.
class input_file {
public:
  input_file(std::filesystem::path const& path, std::uint64_t length)
      : path_(path), length_(length), fd_(::open(path.c_str(), O_RDONLY | O_CLOEXEC)) {
    if (fd_ < 0) fail("cannot be read");
  }
  input_file(input_file const&) = delete;
  ~input_file() { ::close(fd_); }

  void read(mutable_bytes into, std::uint64_t at) {
    while (!into.empty()) {
      ssize_t const got = ::pread(fd_, into.data(), into.size(), static_cast<off_t>(at));
      if (got > 0) {
        into = into.subspan(static_cast<std::size_t>(got));
        at += static_cast<std::uint64_t>(got);
      } else if (got == 0) {
        changed();
      } else if (errno != EINTR) {
        fail("cannot be read");
      }
    }
  }

  void check_length() {
    struct stat now{};
    if (::fstat(fd_, &now) != 0) fail("cannot be read");
    if (static_cast<std::uint64_t>(now.st_size) != length_) changed();
  }

private:
  [[noreturn]] void fail(char const* what) const {
    throw input_error(fmt::format("{}: {} ({})", path_.string(), what,
                                  std::generic_category().message(errno)));
  }
  [[noreturn]] void changed() const {
    throw input_error(
        fmt::format("{}: its size changed while it was read: try again when "
                    "no program writes to it",
                    path_.string()));
  }

  std::filesystem::path const& path_;
  std::uint64_t const length_;
  int const fd_;
};

// Shared by all workers. Each takes the next run of pieces until none is left, so that
// all stay busy until the end, whatever the sizes of the files.
class hashing {
public:
  hashing(files_to_hash files, std::uint32_t piece_length,
          std::function<void(std::uint64_t)> progress)
      : files_(std::move(files)), piece_length_(piece_length),
        progress_(std::move(progress)) {
    for (auto const& [path, length] : files_) {
      begins_.push_back(total_);
      total_ += length;
    }
    pieces.resize((total_ + piece_length - 1) / piece_length);
  }

  bool complete() const { return done_ == total_; }

  task<> work(io::workers& pool) {
    buffer part(256 * 1024); // stays in the cache between reading and hashing
    while (next_ < pieces.size()) {
      std::size_t const first = next_;
      std::size_t const last = std::min(first + run_length(), pieces.size());
      next_ = last;
      auto const job = [&, first, last] { hash_run(first, last, part); };
      co_await io::offload(pool, job);
      done_ += std::min(last * piece_length_, total_) - first * piece_length_;
      if (progress_) progress_(done_);
    }
  }

  std::vector<sha1_digest> pieces;

private:
  // 16 MiB at a time: long enough to read in sequence, short enough to share out.
  std::size_t run_length() const {
    return std::max<std::size_t>(1, 16 * 1024 * 1024 / piece_length_);
  }

  // In a worker's thread. Each run writes only its own hashes.
  void hash_run(std::size_t first, std::size_t last, mutable_bytes part) {
    std::uint64_t at = first * std::uint64_t{piece_length_};
    std::uint64_t const end = std::min(last * std::uint64_t{piece_length_}, total_);
    auto const after = std::upper_bound(begins_.begin(), begins_.end(), at);
    auto file = static_cast<std::size_t>(after - begins_.begin()) - 1;
    sha1_hasher hasher;
    for (; at < end; ++file) at = hash_file(hasher, file, at, end, part);
    if (end % piece_length_ != 0) pieces[last - 1] = hasher.finish();
  }

  // Hashes one file from `at` on; returns where it stopped.
  std::uint64_t hash_file(sha1_hasher& hasher, std::size_t index, std::uint64_t at,
                          std::uint64_t end, mutable_bytes part) {
    auto const& [path, length] = files_[index];
    std::uint64_t const begin = begins_[index];
    std::uint64_t const stop = std::min(end, begin + length);
    if (at >= stop) return at; // an empty file
    input_file file(path, length);
    while (at < stop) {
      // hole 2.5: a part of the file goes to the hash of its piece, and may end it
      std::uint64_t const piece_end = (at / piece_length_ + 1) * piece_length_;
      std::uint64_t const size = std::min({part.size() + at, piece_end, stop}) - at;
      mutable_bytes const into = part.first(size);
      file.read(into, at - begin);
      hasher.update(into);
      at += size;
      if (at == piece_end) pieces[at / piece_length_ - 1] = hasher.finish();
      // end hole 2.5
    }
    file.check_length();
    return at;
  }

  files_to_hash const files_;
  std::uint64_t const piece_length_;
  std::function<void(std::uint64_t)> const progress_;
  std::vector<std::uint64_t> begins_; // where each file begins, among all bytes
  std::uint64_t total_ = 0, done_ = 0;
  std::size_t next_ = 0; // the first piece that no worker has taken
};

} // namespace

task<std::vector<sha1_digest>> hash_pieces(io::workers& pool, files_to_hash files,
                                           std::uint32_t piece_length,
                                           std::function<void(std::uint64_t)> progress) {
  hashing all(std::move(files), piece_length, std::move(progress));
  io::executor const ex = co_await asio::this_coro::executor;
  io::task_group group(ex);
  for (unsigned i = 0; i < pool.count(); ++i) group.spawn(all.work(pool), "hashing");
  co_await group.join();
  if (!all.complete()) throw protocol_error(errc::shut_down, "hashing was cut short");
  co_return std::move(all.pieces);
}

} // namespace cotorra::metainfo
