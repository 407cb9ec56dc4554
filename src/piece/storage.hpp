// The files of a torrent, as one run of bytes. Blocking calls, for the workers' threads;
// any number of them at the same time. Files are made sparse, at their full length, when
// the first piece for them comes; they are opened for writing only when written to.
#pragma once
#include "base/bytes.hpp"
#include "piece/file_map.hpp"
#include "piece/open_files.hpp"
#include "piece/resume_wire.hpp"
#include <set>

namespace cotorra {

class storage {
public:
  storage(std::filesystem::path root, file_map files, std::size_t most_open = 128);

  // An unwanted file is made only when a piece that it shares with a wanted one comes.
  // To be set before the workers start, or while none is at work here.
  void set_wanted(std::size_t file, bool wanted) { wanted_[file] = wanted; }

  // Before a download: makes the folders and the empty files, and looks at what is there.
  // Not for seeding. Never shortens a file. Errors, with where() for a sentence:
  // file_too_large (a file is longer than the torrent says), is_a_directory,
  // too_many_symbolic_link_levels (a link lies in the way), permission_denied or
  // read_only_file_system (there is less of a file than its length, and no more can be
  // written), or the system's.
  std::error_code prepare();
  // After prepare(), which has asked this of files that are short or absent: could bytes
  // be written to this one? It only looks. Errors as those of write().
  std::error_code may_write(std::size_t file);

  // Bytes at this offset of the torrent. A full disk is no_space_on_device; a file that
  // was there and that somebody deleted or shortened meanwhile, no_such_file_or_directory
  // or no_message_available: verified pieces went with it, so look at everything again.
  std::error_code write(std::uint64_t offset, bytes);
  // All of it or an error: no_such_file_or_directory, no_message_available when the file
  // ends before (ENODATA). Padding reads as zeros.
  std::error_code read(std::uint64_t offset, mutable_bytes);

  // What is there, without reading it. hole: it is there, and all zeros.
  enum class content { absent, hole, data };
  content look(std::uint64_t offset, std::uint64_t length);
  bool exists(std::size_t file) const; // padding and empty files always do

  // How the file looks from outside: nullopt when it is not there, or is padding.
  std::optional<file_stamp> stamp(std::size_t file) const;
  // Does it look as we left it, or found it in prepare()? If not, somebody else was
  // there.
  bool untouched(std::size_t file) const;

  std::error_code flush(); // to the disk itself, all that was written
  // The next flush includes this file too: somebody else wrote it.
  void flush_next(std::size_t file);
  void close(); // gives the descriptors back, and forgets which files were there

  // The last error as a sentence for a person: what failed, at which file, what to do.
  std::string where(std::error_code const&) const;

  file_map const& files() const { return map_; }
  std::filesystem::path const& root() const { return open_.root(); }
  std::size_t open_count() const { return open_.count(); }

private:
  std::error_code prepare_file(std::size_t file, std::optional<file_stamp>& found);
  std::error_code failed(char const* verb, std::size_t file, std::error_code);
  std::error_code write_slice(file_slice const&, bytes);
  std::error_code read_slice(file_slice const&, mutable_bytes);
  content look_at(file_slice const&);
  std::optional<file_stamp> seen(std::size_t file) const;
  void saw(std::size_t file, file_stamp);

  file_map map_;
  open_files open_;
  std::vector<bool> wanted_;
  mutable std::mutex mutex_; // guards what is below
  std::set<std::size_t> unflushed_;
  // How each file looked when we found it, or after our last write.
  std::vector<std::optional<file_stamp>> seen_;
  std::string where_;
};

} // namespace cotorra
