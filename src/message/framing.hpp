// Where one message ends and the next begins: each begins with its length, 4 bytes,
// big-endian (BEP 3).
#pragma once
#include "base/bytes.hpp"
#include <optional>

namespace cotorra::message {

inline constexpr std::size_t length_size = 4;
inline constexpr std::size_t default_limit = 1024 * 1024; // bytes in a frame

// The limit for a torrent of `pieces` pieces: its bitfield fits, and a block of 128 KiB,
// the largest that any client requests.
std::size_t limit_for(std::size_t pieces);

// The frame at the beginning of `buffered`, without its length (a keep-alive is empty);
// the next frame starts length_size + size() further on. nullopt when the frame is not
// complete. Throws protocol_error{message_too_long} as soon as the length has come.
std::optional<bytes> first_frame(bytes buffered, std::size_t limit);

// How many more bytes that frame needs; when its length is not complete, the rest of the
// length.
std::size_t missing_bytes(bytes buffered);

} // namespace cotorra::message
