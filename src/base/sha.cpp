#include "base/sha.hpp"
#include <botan/hash.h>

namespace cotorra {

struct sha1_hasher::state {
  std::unique_ptr<Botan::HashFunction> hash =
      Botan::HashFunction::create_or_throw("SHA-1");
};

sha1_hasher::sha1_hasher() : state_(std::make_unique<state>()) {}
sha1_hasher::~sha1_hasher() = default;
sha1_hasher::sha1_hasher(sha1_hasher&&) noexcept = default;
sha1_hasher& sha1_hasher::operator=(sha1_hasher&&) noexcept = default;

void sha1_hasher::update(bytes in) {
  state_->hash->update(reinterpret_cast<std::uint8_t const*>(in.data()), in.size());
}

sha1_digest sha1_hasher::finish() {
  sha1_digest digest;
  state_->hash->final(reinterpret_cast<std::uint8_t*>(digest.value.data()));
  return digest;
}

sha1_digest sha1(bytes in) {
  sha1_hasher hasher;
  hasher.update(in);
  return hasher.finish();
}

} // namespace cotorra
