// The head of an HTTP message without what only its user may know, for a capture: the
// same length, with 'x' in the place of passwords and of what looks like a passkey.
#pragma once
#include "base/bytes.hpp"

namespace cotorra::explain {

// The target of the first line, Authorization and Location. What an announce says of
// itself (info_hash, peer_id, ...) stays. `head`: a head, whole or its beginning.
void mask_secrets(mutable_bytes head);

} // namespace cotorra::explain
