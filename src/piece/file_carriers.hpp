// The files on the disk that carry a torrent's bytes. Each of its files is a carrier,
// under its own name or its ".part" name; the part file is one more, for bytes of
// unwanted files. Blocking calls, from any number of threads at the same time.
#pragma once
#include "piece/file_locations.hpp"
#include "piece/open_files.hpp"
#include "piece/part_index.hpp"
#include <sys/stat.h>

namespace cotorra::piece {

class file_carriers {
public:
  using carrier = std::size_t; // the file's index, or part_file()

  // The map must outlive this.
  file_carriers(std::filesystem::path root, file_map const&, std::size_t most_open);

  // Both before any other call.
  void use_part_names(bool on) { locations_.use_part_names(on); }
  void use_part_file(std::string name); // below the root
  carrier part_file() const { return files_.size(); }
  std::size_t count() const { return files_.size() + 1; }

  // Where the file's bytes are. Looks at the disk if that is not known yet.
  file_location location_of(std::size_t file);
  carrier of(std::size_t file);
  // Decides where to put a file that is nowhere yet.
  void locate_new(std::size_t file, bool wanted);
  // Which exist on the disk: its own name, its ".part" name?
  file_locations::there on_disk(std::size_t file);
  // Below the root.
  std::string path(carrier);

  open_files::handle to_read(carrier, std::error_code&);
  open_files::handle to_write(carrier, open_files::missing, std::error_code&);
  descriptor folder_of(carrier, bool make, std::error_code&);
  bool stat_of(carrier, struct stat&); // of a link, the link itself

  // The slice's offset in the carrier of its file. nullopt: the part file does not have
  // it.
  std::optional<std::uint64_t> offset_of(file_slice const&);
  // The same, for writing: adds a record to the part file if needed, whose descriptor is
  // `fd`.
  std::uint64_t room_for(file_slice const&, int fd, std::error_code&);
  bool in_part_file(std::size_t file); // does the part file have any of it?
  std::optional<std::uint64_t> offset_in_part_file(file_slice const&);
  // The slices of this file that the part file has.
  std::vector<file_slice> slices_in_part_file(std::size_t file);
  void remove_part_file(); // not a user's file of that name

  // Removes ".part" from the name of a complete file. Never replaces a file: file_exists.
  std::error_code finish(std::size_t file);

  void close();
  void rest() { open_.close(); }
  std::size_t open_count() const { return open_.count(); }
  std::filesystem::path root() const { return open_.root(); }

private:
  void load_part_file(); // with the mutex held
  std::string path_at(std::size_t file, file_location) const;
  bool stat_at(std::string const& path, struct stat&);

  file_map const& files_;
  open_files open_;
  file_locations locations_;
  std::string part_name_;         // empty: there is no part file
  std::mutex mutex_;              // guards what is below
  std::vector<file_location> at_; // nowhere: not known yet
  part_index parts_;
  bool loaded_ = false;
};

} // namespace cotorra::piece
