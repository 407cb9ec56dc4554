// The files of a torrent, as one run of bytes. Blocking calls, for the workers' threads;
// any number of them at the same time. Files are made sparse, at their full length, when
// the first piece for them comes; they are opened for writing only when written to.
#pragma once
#include "base/bitfield.hpp"
#include "base/descriptor_budget.hpp"
#include "piece/file_carriers.hpp"
#include "piece/seen_files.hpp"
#include <array>
#include <chrono>
#include <set>

namespace cotorra {

class storage {
public:
  storage(std::filesystem::path root, file_map files,
          std::size_t most_open = share_out(descriptor_limit()).files);

  // All to be set before the workers start, or while none is at work here.
  //
  // An unwanted file is not made. What of it comes, since it shares a piece with a wanted
  // one, goes into the part file; where there is none, the file is made after all.
  void set_wanted(std::size_t file, bool wanted) { wanted_[file] = wanted; }
  void use_part_file(std::string name) { disk_.use_part_file(std::move(name)); }
  // New files have ".part" behind their name until they are complete. Such a file that is
  // there already is used and finished in any case.
  void use_part_names(bool on) { disk_.use_part_names(on); }
  // What is there is this torrent's, whatever it looks like: it may be written over, and
  // cut when it is too long.
  void set_overwrite(bool on) { overwrite_ = on; }

  // Before a download: makes the folders, the empty files and the links, and looks at
  // what is there. Not for seeding. Errors, with where() for a sentence: file_too_large
  // (a file is longer than the torrent says), is_a_directory, invalid_argument (neither
  // file nor folder), too_many_symbolic_link_levels (a link lies in the way),
  // too_many_links (two files of the torrent are one on this disk), file_exists (a file
  // is there with and without ".part"), permission_denied or read_only_file_system (there
  // is less of a file than its length, and no more can be written), or the system's.
  std::error_code prepare();
  // After the check: these pieces are here. Files that are complete get their own names,
  // those that are too long are cut. known: the file was written by an earlier run.
  // Error: operation_canceled, a file that has bytes but no right piece; it may be the
  // user's.
  std::error_code begin(piece_layout const&, bitfield const& here,
                        std::vector<bool> const& known);
  // After prepare(), which has asked this of files that are short or absent: could bytes
  // be written to this one? It only looks. Errors as those of write().
  std::error_code may_write(std::size_t file);

  // Verified bytes, each once, at this offset of the torrent. A file that is complete
  // with them gets its own name. A full disk is no_space_on_device; a file that was there
  // and was deleted or shortened by another program, no_such_file_or_directory or
  // no_message_available: verified pieces went with it, so look at everything again.
  std::error_code write(std::uint64_t offset, bytes);
  // All of it or an error: no_such_file_or_directory, no_message_available when the file
  // ends before (ENODATA). Padding reads as zeros.
  std::error_code read(std::uint64_t offset, mutable_bytes);

  // What is there, without reading it. hole: it is there, and all zeros.
  enum class content { absent, hole, data };
  content look(std::uint64_t offset, std::uint64_t length);
  bool exists(std::size_t file) const; // padding and empty files always do
  // Where its bytes are, below the root: its own path, the one with ".part", or the part
  // file's.
  std::string path(std::size_t file) const { return disk_.path(disk_.of(file)); }

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
  std::filesystem::path const& root() const { return disk_.root(); }
  std::size_t open_count() const { return disk_.open_count(); }

private:
  using carrier = file_carriers::carrier;

  std::error_code prepare_file(std::size_t file);
  std::error_code prepare_plain(std::size_t file);
  std::error_code prepare_link(std::size_t file);
  std::error_code make_empty(std::size_t file);
  std::error_code take_from_part_file(std::size_t file);
  void wait_until_quiet();
  std::error_code use(carrier, struct stat const&);
  std::error_code claim(carrier, struct stat const&);

  bool is_foreign(std::size_t file, piece_layout const&, bitfield const& here);
  std::error_code cut(std::size_t file);
  std::error_code came(file_slice const&);
  std::error_code finish(std::size_t file);

  std::error_code write_slice(file_slice const&, bytes);
  open_files::handle open_to_write(carrier, std::size_t file, std::error_code&);
  std::error_code make_ready(descriptor const&, std::size_t file);
  std::error_code read_slice(file_slice const&, mutable_bytes);
  content look_at(file_slice const&);

  std::error_code failed(char const* verb, std::size_t file, std::error_code);
  std::string why(std::size_t file, std::error_code const&) const;
  std::optional<file_stamp> seen(carrier) const;
  std::optional<file_stamp> stamp_of_carrier(carrier) const;
  std::mutex& writer_of(carrier c) { return writers_[c % writers_.size()]; }

  file_map map_;
  mutable file_carriers disk_; // finds out where things are when asked
  std::vector<bool> wanted_;
  bool overwrite_ = false;
  // One worker at a time writes to a carrier: between its looks before and after the
  // write, only another program can change it. Carriers share these.
  std::array<std::mutex, 16> writers_;
  mutable std::mutex mutex_; // guards what is below
  std::set<carrier> unflushed_;
  seen_files seen_;                    // by carrier
  std::vector<std::uint64_t> lacking_; // of each file: bytes that have not come
  std::error_code last_error_;
  std::string where_; // about last_error_
};

// The last part of its path.
std::string name_of(storage_file const&);
// Of cotorra's own files, on any kind of disk: case and all that is not ASCII are left
// out, since some disks do so.
bool is_reserved_name(std::string_view);

} // namespace cotorra
