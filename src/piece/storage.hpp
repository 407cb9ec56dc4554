// The files of a torrent, as one run of bytes. Blocking calls, for the workers' threads;
// any number of them at the same time. Files are made sparse, at their full length, when
// the first piece for them comes; they are opened for writing only when written to.
#pragma once
#include "base/bytes.hpp"
#include "base/descriptor_budget.hpp"
#include "piece/file_map.hpp"
#include "piece/open_files.hpp"
#include "piece/seen_files.hpp"
#include <array>
#include <chrono>
#include <set>

namespace cotorra {

class storage {
public:
  storage(std::filesystem::path root, file_map files,
          std::size_t most_open = share_out(descriptor_limit()).files);

  // An unwanted file is made only when a piece that it shares with a wanted one comes.
  // To be set before the workers start, or while none is at work here.
  void set_wanted(std::size_t file, bool wanted) { wanted_[file] = wanted; }

  // Before a download: makes the folders, the empty files and the links, and looks at
  // what is there. Not for seeding. Never shortens a file. Errors, with where() for a
  // sentence: file_too_large (a file is longer than the torrent says), is_a_directory,
  // invalid_argument (neither file nor folder), too_many_symbolic_link_levels (a link
  // lies in the way), too_many_links (two files of the torrent are one on this disk),
  // permission_denied or read_only_file_system (there is less of a file than its length,
  // and no more can be written), or the system's.
  std::error_code prepare();
  // After prepare(), which has asked this of files that are short or absent: could bytes
  // be written to this one? It only looks. Errors as those of write().
  std::error_code may_write(std::size_t file);

  // Bytes at this offset of the torrent. A full disk is no_space_on_device; a file that
  // was there and was deleted or shortened by another program, no_such_file_or_directory
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
  // Does it look as we left it, or found it in prepare()? If not, another program changed
  // it, or this disk is one where that can't be told.
  bool untouched(std::size_t file) const;
  // A sentence about the first file that is not untouched.
  std::string who_was_touched();

  // To the disk itself, what was written; for at most about this long. What there was no
  // time for stays to be flushed.
  std::error_code flush(std::chrono::milliseconds most = std::chrono::hours(1));
  bool is_flushed(std::size_t file) const;
  // The next flush includes this file too: another process wrote it.
  void flush_next(std::size_t file);
  void close(); // gives the descriptors back, and forgets which files were there

  // This error as a sentence for the user: what failed, at which file, what to do.
  std::string where(std::error_code const&) const;

  file_map const& files() const { return map_; }
  std::filesystem::path const& root() const { return open_.root(); }
  std::size_t open_count() const { return open_.count(); }

private:
  std::error_code prepare_file(std::size_t file);
  std::error_code prepare_link(descriptor const& folder, std::size_t file);
  std::error_code use(std::size_t file, struct stat const&);
  std::error_code make_empty(std::size_t file);
  std::error_code claim(std::size_t file, struct stat const&);
  std::error_code failed(char const* verb, std::size_t file, std::error_code);
  std::string why(std::size_t file, std::error_code const&) const;
  std::error_code write_slice(file_slice const&, bytes);
  open_files::handle open_to_write(std::size_t file, std::error_code&);
  std::error_code make_ready(descriptor const&, std::size_t file);
  std::error_code read_slice(file_slice const&, mutable_bytes);
  content look_at(file_slice const&);
  std::optional<file_stamp> seen(std::size_t file) const;
  bool stat_of(std::size_t file, struct stat&) const; // of a link itself

  file_map map_;
  mutable open_files open_; // a cache
  std::vector<bool> wanted_;
  // One worker at a time writes to a file: between its looks before and after the write,
  // only another program can change the file. Files share these.
  std::array<std::mutex, 16> writers_;
  mutable std::mutex mutex_; // guards what is below
  std::set<std::size_t> unflushed_;
  seen_files seen_;
  std::error_code last_error_;
  std::string where_; // about last_error_
};

// The last part of its path.
std::string name_of(storage_file const&);
// Of cotorra's own files, on any kind of disk: case and all that is not ASCII are left
// out, since some disks do so.
bool is_reserved_name(std::string_view);

} // namespace cotorra
