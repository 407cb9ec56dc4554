// The open descriptors of files below one root folder: only the most recently used.
//
// Paths are opened part by part, without following symbolic links, so that nothing in the
// folder can lead out of it. The root itself may be a link: the user chose it.
//
// Workers' threads share this and `storage`, so both have a mutex.
#pragma once
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <string>
#include <system_error>
#include <unordered_map>
#include <utility>

namespace cotorra::piece {

// A file descriptor; closes itself.
class descriptor {
public:
  explicit descriptor(int fd = -1) : fd_(fd) {}
  ~descriptor();
  descriptor(descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  descriptor& operator=(descriptor&&) noexcept;
  int get() const { return fd_; }
  explicit operator bool() const { return fd_ >= 0; }

private:
  int fd_;
};

class open_files {
public:
  // The file stays open while a thread holds its handle.
  using handle = std::shared_ptr<descriptor const>;

  // most: how many stay open between uses. If the process has no descriptor left,
  // all are closed, and it is tried once more.
  open_files(std::filesystem::path const& root, std::size_t most);

  enum class missing { make, report };

  // For reading: the file must exist. For writing: missing::make makes the folders and an
  // empty file.
  handle to_read(std::size_t file, std::string const& path, std::error_code&);
  handle to_write(std::size_t file, std::string const& path, missing, std::error_code&);
  // The file's folder, made if it is missing and `make` is set.
  descriptor folder_of(std::string const& path, bool make, std::error_code&);
  void close(); // those in use close when their threads have finished
  std::size_t count() const;
  std::filesystem::path root() const { return root_; }

private:
  struct entry {
    handle fd;
    bool writable = false;
    std::uint64_t used = 0;
  };
  handle cached(std::size_t file, bool writable);
  handle keep(std::size_t file, descriptor, bool writable);
  descriptor walk(std::string const& path, bool make, std::error_code&) const;
  descriptor open(std::string const& path, int how, bool make, std::error_code&);

  std::string root_; // of a thousand torrents, so not a path: that keeps all its parts
  std::size_t most_;
  mutable std::mutex mutex_;
  std::unordered_map<std::size_t, entry> entries_;
  std::uint64_t uses_ = 0;
};

} // namespace cotorra::piece
