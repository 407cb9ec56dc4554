#include "bencode/number.hpp"
#include <fmt/format.h>
#include <limits>

namespace cotorra::bencode {

void malformed(std::size_t offset, std::string_view what) {
  throw protocol_error(errc::malformed_bencode, fmt::format("byte {}: {}", offset, what));
}

void beyond_limit(std::size_t offset, std::string_view what) {
  throw protocol_error(errc::limit_exceeded, fmt::format("byte {}: {}", offset, what));
}

void number::take_sign(unsigned c, std::size_t offset) {
  bool const first = digits_ == 0 && !negative_;
  if (c == '-' && first && end_ == 'e') {
    negative_ = true;
    return;
  }
  if (c == end_) fail(offset, "has no digits");
  fail(offset, "has a byte that is not a digit");
}

// The magnitude of the lowest integer is one more than that of the highest.
void number::check_range(unsigned digit, std::size_t offset) {
  std::uint64_t const highest = std::numeric_limits<std::int64_t>::max();
  std::uint64_t const most = negative_ ? highest + 1 : highest;
  if (!wide_ && magnitude_ <= (most - digit) / 10) return;
  bool const is_length = end_ == ':'; // there is no string that long
  if (!lenient_ || is_length) fail(offset, "does not fit in 64 bits, sign included");
  wide_ = true; // from here on the magnitude says nothing
}

std::int64_t number::value() const {
  using limits = std::numeric_limits<std::int64_t>;
  if (wide_) return negative_ ? limits::min() : limits::max();
  return static_cast<std::int64_t>(negative_ ? 0 - magnitude_ : magnitude_);
}

void number::fail(std::size_t offset, char const* what) const {
  char const* const kind = end_ == 'e' ? "integer" : "length of the string";
  malformed(offset, fmt::format("the {} {}", kind, what));
}

} // namespace cotorra::bencode
