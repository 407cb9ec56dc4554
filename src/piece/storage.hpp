// The files of a torrent, as one run of bytes. Blocking calls, from any number of threads
// at the same time. A file is made, sparse and at its full length, when its first piece
// arrives; it is opened for writing only when written to.
#pragma once
#include "base/bitfield.hpp"
#include "base/descriptor_budget.hpp"
#include "piece/file_carriers.hpp"
#include "piece/seen_files.hpp"
#include <array>
#include <chrono>
#include <set>

namespace cotorra::piece {

class storage {
public:
  storage(std::filesystem::path root, file_map files,
          std::size_t most_open = share_out(descriptor_limit()).files);

  // Call these setters before the workers start, or while none uses this object.
  //
  // An unwanted file is not made. Its bytes that share a piece with a wanted file go into
  // the part file; without a part file, the unwanted file is made after all.
  void set_wanted(std::size_t file, bool wanted) { wanted_[file] = wanted; }
  void use_part_file(std::string name) { disk_.use_part_file(std::move(name)); }
  // New files are called NAME.part until they are complete. An existing NAME.part is used
  // and finished in any case.
  void use_part_names(bool on) { disk_.use_part_names(on); }
  // Treat existing files as this torrent's, whatever they hold: they may be overwritten,
  // and cut when they are too long.
  void set_overwrite(bool on) { overwrite_ = on; }

  // Before a download (not for seeding): makes the folders, the empty files and the
  // links, and looks at existing files. where() describes the errors: file_too_large (a
  // file is longer than the torrent says), is_a_directory, invalid_argument (neither file
  // nor folder), too_many_symbolic_link_levels (a link is in the way), too_many_links
  // (two files of the torrent are one file on this disk), file_exists (a file exists with
  // and without ".part"), permission_denied or read_only_file_system (a file is
  // incomplete and cannot be written), or the system's.
  std::error_code prepare();
  // After the check: these pieces are here. Complete files get their own names, files
  // that are too long are cut. known: per file, an earlier run has written it. Error:
  // operation_canceled when a file has bytes but no right piece, since it may be the
  // user's.
  std::error_code begin(piece_layout const&, bitfield const& here,
                        std::vector<bool> const& known);
  // Could bytes be written to this file? It only looks. prepare() has asked this already
  // about short and missing files. Errors as for write().
  std::error_code may_write(std::size_t file);

  // Writes verified bytes, each only once, at this offset of the torrent. A file that
  // they complete gets its own name. Errors: no_space_on_device (the disk is full);
  // no_such_file_or_directory or no_message_available when another program has deleted or
  // shortened the file: verified pieces are lost, so check everything again.
  std::error_code write(std::uint64_t offset, bytes);
  // Reads all of it or fails: no_such_file_or_directory, no_message_available (ENODATA)
  // when the file is too short. Padding reads as zeros.
  std::error_code read(std::uint64_t offset, mutable_bytes);

  // What the disk holds, without reading it. hole: it exists, and is all zeros.
  enum class content { absent, hole, data };
  content look(std::uint64_t offset, std::uint64_t length);
  bool exists(std::size_t file) const; // padding and empty files always do
  // Where the file's bytes are, below the root: its own path, that path plus ".part", or
  // the part file.
  std::string path(std::size_t file) const { return disk_.path(disk_.of(file)); }

  // nullopt when the file does not exist, or is padding.
  std::optional<file_stamp> stamp(std::size_t file) const;
  // Does it look as we left it, or found it in prepare()? If not, another program has
  // changed it, or this disk does not let us tell.
  bool untouched(std::size_t file) const;
  // A sentence about the first file that is not untouched.
  std::string who_was_touched();

  // Flushes what was written to the disk itself, for at most about this long. The next
  // flush does the rest.
  std::error_code flush(std::chrono::milliseconds most = std::chrono::hours(1));
  bool is_flushed(std::size_t file) const;
  // Another process wrote this file: the next flush includes it.
  void flush_next(std::size_t file);
  void close();                 // closes the descriptors, and forgets which files exist
  void rest() { disk_.rest(); } // closes the descriptors: they open again when needed

  // This error as a sentence for the user: what failed, at which file, what to do.
  std::string where(std::error_code const&) const;

  file_map const& files() const { return map_; }
  std::filesystem::path root() const { return disk_.root(); }
  std::size_t open_count() const { return disk_.open_count(); }

private:
  using carrier = file_carriers::carrier;

  std::error_code prepare_file(std::size_t file);
  std::error_code prepare_plain(std::size_t file);
  std::error_code prepare_link(std::size_t file);
  std::error_code make_empty(std::size_t file);
  std::error_code take_from_part_file(std::size_t file);
  void wait_until_quiet();
  bool may_get_quiet(carrier) const;
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
  mutable file_carriers disk_; // looks for files when asked
  std::vector<bool> wanted_;
  bool overwrite_ = false;
  // One thread at a time writes to a carrier, so that only another program can change it
  // between its looks before and after the write. Carriers share these.
  std::array<std::mutex, 4> writers_;
  mutable std::mutex mutex_; // guards what is below
  std::set<carrier> unflushed_;
  seen_files seen_;                    // by carrier
  std::vector<std::uint64_t> lacking_; // per file: bytes that have not arrived
  std::error_code last_error_;
  std::string where_; // about last_error_
};

// The last part of the path.
std::string name_of(storage_file const&);
// Is it a name of cotorra's own files? Ignores case and characters that are not ASCII, as
// some disks do.
bool is_reserved_name(std::string_view);

} // namespace cotorra::piece
