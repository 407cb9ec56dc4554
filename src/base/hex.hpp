// Bytes as text: hex for people, percent-coding for URLs (RFC 3986, section 2.1).
#pragma once
#include "base/bytes.hpp"
#include <optional>
#include <string>

namespace cotorra {

std::string to_hex(bytes); // lower case
std::optional<buffer>
    from_hex(std::string_view); // nullopt: odd length, or not a hex digit

// Every byte but the unreserved letters, digits and "-._~" as %XX.
std::string percent_encode(bytes);
// Undoes that; nullopt when a % has no two hex digits behind it. A '+' stays a '+'.
std::optional<std::string> percent_decode(std::string_view);

} // namespace cotorra
