// A hash that only the holder of the key can compute (SipHash-2-4, through Botan): it
// signs what is given out and comes back, so that nothing has to be kept for each asker.
#pragma once
#include "base/bytes.hpp"
#include <array>

namespace cotorra {

class keyed_hash {
public:
  using key = std::array<std::byte, 16>;
  static key secret_key(); // from the system's own randomness: no seed repeats it

  explicit keyed_hash(key const& k) : key_(k) {}
  std::uint64_t operator()(bytes) const;

private:
  key key_;
};

} // namespace cotorra
