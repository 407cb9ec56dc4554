// Where the bytes of a file are: under its own name; while it is incomplete, under that
// name plus ".part"; if it is unwanted, in the torrent's part file. A machine: storage
// tells it what is on the disk.
#pragma once
#include "piece/file_map.hpp"

namespace cotorra::piece {

enum class file_location {
  nowhere, // no byte of it yet
  own_name,
  part_name, // its name plus ".part"
  part_file, // together with those of other unwanted files
};

class file_locations {
public:
  explicit file_locations(file_map const&);

  // Call both first. Part names: new files get ".part". Part file: the torrent has one.
  void use_part_names(bool on) { part_names_ = on; }
  void use_part_file(bool on) { part_file_ = on; }

  // False when the name with ".part" would be too long, or the name of another file of
  // the torrent.
  bool has_part_name(std::size_t file) const { return has_part_name_[file]; }

  struct there {
    bool own = false, part = false; // which names exist on the disk
  };
  // Where its bytes are now.
  file_location find(std::size_t file, there const&) const;
  // Where to put the bytes of a file that is nowhere yet.
  file_location for_new(std::size_t file, bool wanted) const;

  // Below the root. nowhere: its own name.
  std::string path(std::size_t file, file_location) const;

private:
  file_map const& files_;
  std::vector<bool> has_part_name_;
  bool part_names_ = false, part_file_ = false;
};

} // namespace cotorra::piece
