#include "base/keyed_hash.hpp"
#include "support/print.hpp"

using namespace cotorra;

namespace {

keyed_hash::key counting() { // 00 01 ... 0f
  keyed_hash::key k;
  for (std::size_t i = 0; i < k.size(); ++i) k[i] = static_cast<std::byte>(i);
  return k;
}

} // namespace

TEST_CASE("the hash is SipHash-2-4, by the vectors of its authors") {
  keyed_hash const hash(counting());
  buffer message;
  CHECK(hash(message) == 0x310e0edd47db6f72); // as its bytes stand
  for (unsigned i = 0; i < 15; ++i) put_u8(message, static_cast<std::uint8_t>(i));
  CHECK(hash(message) == 0xe545be4961ca29a1);
  CHECK(hash(message) == hash(message));
}

TEST_CASE("secret keys differ") {
  keyed_hash const a(keyed_hash::secret_key()), b(keyed_hash::secret_key());
  CHECK(a(as_bytes("cotorra")) != b(as_bytes("cotorra")));
}
