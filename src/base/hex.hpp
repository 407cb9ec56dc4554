// Bytes as text: hex and base32 for people, percent-coding for URLs (RFC 3986, section
// 2.1).
#pragma once
#include "base/bytes.hpp"
#include <optional>
#include <string>

namespace cotorra {

std::string to_hex(bytes); // lower case
std::optional<buffer>
    from_hex(std::string_view); // nullopt: odd length, or not a hex digit

// RFC 4648, without padding, in upper or lower case; nullopt when it is no whole number
// of bytes, or has another character.
std::optional<buffer> from_base32(std::string_view);

// Every byte but the unreserved letters, digits and "-._~" as %XX.
std::string percent_encode(bytes);
// Undoes that; nullopt when a % has no two hex digits behind it. A '+' stays a '+'.
std::optional<std::string> percent_decode(std::string_view);

} // namespace cotorra
