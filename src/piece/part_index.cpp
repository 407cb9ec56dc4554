#include "piece/part_index.hpp"

namespace cotorra::piece {
namespace {

constexpr std::uint32_t mark = 0x63707231; // "cpr1"

} // namespace

buffer encode(part_record const& r) {
  buffer out;
  out.reserve(part_head_size);
  put_u32(out, mark);
  put_number<std::uint64_t>(out, r.offset);
  put_number<std::uint32_t>(out, r.length);
  return out;
}

bool begins_part_file(bytes in) {
  return in.size() >= part_mark_size && get_u32(in) == mark;
}

std::optional<part_record> decode_part_record(bytes in) {
  if (in.size() < part_head_size || get_u32(in) != mark) return std::nullopt;
  part_record const r{get_number<std::uint64_t>(in.subspan(4)),
                      get_number<std::uint32_t>(in.subspan(12))};
  bool const possible = r.length > 0 && r.offset < std::uint64_t{1} << 63;
  return possible ? std::optional(r) : std::nullopt;
}

void part_index::add(part_record const& r) {
  entries_[r.offset] = {r.length, end_ + part_head_size};
  end_ += part_head_size + r.length;
}

std::optional<std::uint64_t> part_index::find(std::uint64_t offset,
                                              std::uint64_t length) const {
  auto at = entries_.upper_bound(offset);
  if (at == entries_.begin()) return std::nullopt;
  --at;
  std::uint64_t const skipped = offset - at->first;
  if (skipped > at->second.length || length > at->second.length - skipped)
    return std::nullopt;
  return at->second.begin + skipped;
}

bool part_index::any(std::uint64_t offset, std::uint64_t length) const {
  auto const at = entries_.lower_bound(offset);
  return at != entries_.end() && at->first - offset < length;
}

std::vector<part_record> part_index::in(std::uint64_t offset,
                                        std::uint64_t length) const {
  std::vector<part_record> found;
  for (auto at = entries_.lower_bound(offset);
       at != entries_.end() && at->first - offset < length; ++at)
    found.push_back({at->first, at->second.length});
  return found;
}

} // namespace cotorra::piece
