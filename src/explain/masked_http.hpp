// An HTTP conversation without what only its user may know, for a capture: the same
// length, with 'x' in the place of passwords and of what looks like a passkey.
#pragma once
#include "base/bytes.hpp"
#include <string>
#include <vector>

namespace cotorra::explain {

// What was masked, as it stood there and decoded: an answer often repeats the question.
using secrets = std::vector<std::string>;

// In a head, whole or its beginning: the target of the first line, the fields that name a
// URL, Authorization and cookies. What an announce says of itself (info_hash, peer_id,
// ...) stays. Adds what it masked to `found`; without what is so short that it may stand
// anywhere by chance.
void mask_secrets(mutable_bytes head, secrets& found);

// Masks each known secret that stands in `said`. Returns how much of it can be shown: the
// rest may be the beginning of a secret. What a server has compressed stays as it is.
std::size_t mask_repeated(mutable_bytes said, secrets const& known);

} // namespace cotorra::explain
