// The messages of ut_metadata (BEP 9): peers ask each other for the info dictionary, in
// pieces of 16 KiB. A message is a bencoded dictionary; behind that of `data` the bytes
// follow as they are.
#pragma once
#include "base/bytes.hpp"
#include "base/error.hpp"
#include <optional>

namespace cotorra::extension {

// Of each piece of the metadata but the last.
inline constexpr std::uint32_t metadata_piece_size = 16 * 1024;

struct metadata_message {
  enum class type : std::uint8_t { request = 0, data = 1, reject = 2 };

  type msg_type = type::request;
  std::uint32_t piece = 0;
  std::uint64_t total_size = 0; // data: of the whole info dictionary
  bytes block{};                // data: a view into the payload
};

std::string_view name(metadata_message::type);

// nullopt: a type that is not known, which BEP 9 says to ignore. Throws
// protocol_error{malformed_message, malformed_bencode, limit_exceeded}.
std::optional<metadata_message> decode_metadata(bytes payload);
buffer encode(metadata_message const&);

// Of metadata of so many bytes.
std::uint32_t metadata_pieces(std::uint64_t size);
std::uint32_t metadata_length(std::uint64_t size, std::uint32_t piece);

} // namespace cotorra::extension
