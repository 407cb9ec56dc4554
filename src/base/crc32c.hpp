// CRC32C (Castagnoli; RFC 3720, B.4): the checksum by which BEP 40 and BEP 42 mix
// addresses. It is quick and spreads evenly, and keeps nothing secret.
#pragma once
#include "base/bytes.hpp"

namespace cotorra {

std::uint32_t crc32c(bytes);

} // namespace cotorra
