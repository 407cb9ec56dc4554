// Where do the bytes of a file lie? Under its own name; or, while it is not complete,
// under that name with ".part" behind it; or, when it is not wanted, in the part file of
// the torrent. A machine: storage tells it what is on the disk.
#pragma once
#include "piece/file_map.hpp"

namespace cotorra {

enum class file_place {
  nowhere, // there is nothing of it yet
  own_name,
  part_name, // its name with ".part" behind it
  part_file, // together with those of other unwanted files
};

class file_places {
public:
  explicit file_places(file_map const&);

  // Both at the beginning. Names: new files get ".part". File: there is a part file.
  void use_part_names(bool on) { part_names_ = on; }
  void use_part_file(bool on) { part_file_ = on; }

  // A file whose name would be too long with ".part", or would be that of another file of
  // the torrent, has none.
  bool has_part_name(std::size_t file) const { return has_part_name_[file]; }

  struct there {
    bool own = false, part = false; // what has these names on the disk
  };
  // Where its bytes are now.
  file_place find(std::size_t file, there const&) const;
  // Where the bytes of a file go that are nowhere yet.
  file_place for_new(std::size_t file, bool wanted) const;

  // Below the root. nowhere: its own name.
  std::string path(std::size_t file, file_place) const;

private:
  file_map const& files_;
  std::vector<bool> has_part_name_;
  bool part_names_ = false, part_file_ = false;
};

} // namespace cotorra
