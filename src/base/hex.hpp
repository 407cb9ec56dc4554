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

// RFC 4648, without padding, in upper or lower case; nullopt: not a whole number of
// bytes, or not a base32 digit.
std::optional<buffer> from_base32(std::string_view);

// Every byte but the unreserved letters, digits and "-._~" as %XX.
std::string percent_encode(bytes);
// The reverse; nullopt when a % is not followed by two hex digits. A '+' stays a '+'.
std::optional<std::string> percent_decode(std::string_view);

} // namespace cotorra
