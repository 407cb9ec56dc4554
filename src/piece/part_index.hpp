// The part file keeps the bytes of unwanted files that share a piece with wanted ones, so
// that the unwanted files need not be made. It is a row of records, each a head of 16
// bytes and then the bytes that the head describes. The index says where each record is.
#pragma once
#include "base/bytes.hpp"
#include <map>
#include <optional>
#include <vector>

namespace cotorra::piece {

struct part_record {
  std::uint64_t offset = 0; // of the bytes, in the torrent
  std::uint32_t length = 0; // bytes
  bool operator==(part_record const&) const = default;
};

constexpr std::size_t part_head_size = 16, part_mark_size = 4;
// "cpr1", the offset and the length, big-endian.
buffer encode(part_record const&);
bool begins_part_file(bytes); // with that mark
// nullopt when these bytes are not the head of a record.
std::optional<part_record> decode_part_record(bytes);

class part_index {
public:
  // The next record of the file. It replaces an older one with the same range.
  void add(part_record const&);
  // Where these bytes of the torrent are in the part file, if one record has them all.
  std::optional<std::uint64_t> find(std::uint64_t offset, std::uint64_t length) const;
  // The records that begin in this range, sorted by offset.
  std::vector<part_record> in(std::uint64_t offset, std::uint64_t length) const;
  bool any(std::uint64_t offset, std::uint64_t length) const; // is there one?
  std::uint64_t end() const { return end_; } // where to write the next record

  bool empty() const { return end_ == 0; }

private:
  struct entry {
    std::uint32_t length = 0;
    std::uint64_t begin = 0; // of the bytes, in the part file
  };
  std::map<std::uint64_t, entry> entries_; // by offset in the torrent
  std::uint64_t end_ = 0;
};

} // namespace cotorra::piece
