// SHA-1, the hash of BEP 3: pieces and info_hash. Botan computes it, with the processor's
// own instructions if it has them.
#pragma once
#include "base/identifiers.hpp"
#include <memory>

namespace cotorra {

sha1_digest sha1(bytes);

// The same for bytes that arrive in parts.
class sha1_hasher {
public:
  sha1_hasher();
  ~sha1_hasher();
  sha1_hasher(sha1_hasher&&) noexcept;
  sha1_hasher& operator=(sha1_hasher&&) noexcept;

  void update(bytes);
  sha1_digest finish(); // and starts over

private:
  struct state;
  std::unique_ptr<state> state_;
};

} // namespace cotorra
