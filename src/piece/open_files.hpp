// Open descriptors of files below one root folder, at most so many at a time.
//
// Paths are walked part by part and no symbolic link is followed, so nothing that lies in
// the folder can lead outside of it. The root itself may be a link: a person chose it.
//
// Workers' threads share this and `storage` above it, so these two hold a mutex, and
// nothing else in cotorra does. They guard tables, never a read or a write.
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

namespace cotorra {

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
  // Whoever uses it holds it, and it stays open that long.
  using handle = std::shared_ptr<descriptor const>;

  explicit open_files(std::filesystem::path root, std::size_t most = 128);

  // What to do about a file that is not there, or is shorter than it should be.
  enum class missing { make, report };

  // For reading: only when it exists. For writing: makes folders and file when that is
  // asked for.
  handle to_read(std::size_t file, std::string const& path, std::error_code&);
  handle to_write(std::size_t file, std::string const& path, std::uint64_t length,
                  bool executable, missing, std::error_code&);
  static std::error_code lengthen(descriptor const&, std::uint64_t length); // sparse
  // The folder that the file is in, made when missing and `make` is set.
  descriptor folder_of(std::string const& path, bool make, std::error_code&) const;
  void close(); // those in use close when they are let go
  std::size_t count() const;
  std::filesystem::path const& root() const { return root_; }

private:
  struct entry {
    handle fd;
    bool writable = false;
    std::uint64_t used = 0;
  };
  handle cached(std::size_t file, bool writable);
  handle keep(std::size_t file, descriptor, bool writable);

  std::filesystem::path root_;
  std::size_t most_;
  mutable std::mutex mutex_;
  std::unordered_map<std::size_t, entry> entries_;
  std::uint64_t uses_ = 0;
};

} // namespace cotorra
