#include "message/framing.hpp"
#include "base/error.hpp"
#include <algorithm>
#include <fmt/format.h>

namespace cotorra::message {

std::size_t limit_for(std::size_t pieces) {
  constexpr std::size_t largest_piece_message = 9 + 128 * 1024;
  return std::max(largest_piece_message, 1 + (pieces + 7) / 8);
}

std::optional<bytes> first_frame(bytes buffered, std::size_t limit) {
  // hole 6.1: find the first frame
  if (buffered.size() < length_size) return std::nullopt;
  std::size_t const length = get_u32(buffered);
  if (length > limit)
    throw protocol_error(
        errc::message_too_long,
        fmt::format("the peer announces a message of {} bytes, and the limit is {}",
                    length, limit));
  if (buffered.size() - length_size < length) return std::nullopt;
  return buffered.subspan(length_size, length);
  // end hole 6.1
}

std::size_t missing_bytes(bytes buffered) {
  if (buffered.size() < length_size) return length_size - buffered.size();
  std::size_t const whole = length_size + get_u32(buffered);
  return whole > buffered.size() ? whole - buffered.size() : 0;
}

} // namespace cotorra::message
