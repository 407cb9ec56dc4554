#include "base/keyed_hash.hpp"
#include <botan/mac.h>
#include <random>

namespace cotorra {

keyed_hash::key keyed_hash::secret_key() {
  std::random_device system;
  key k;
  for (std::byte& b : k) b = static_cast<std::byte>(system());
  return k;
}

std::uint64_t keyed_hash::operator()(bytes in) const {
  thread_local auto const sip =
      Botan::MessageAuthenticationCode::create_or_throw("SipHash(2,4)");
  auto const raw = [](bytes b) {
    return reinterpret_cast<std::uint8_t const*>(b.data());
  };
  sip->set_key(raw(key_), key_.size()); // it forgets the key after each message
  sip->update(raw(in), in.size());
  std::array<std::byte, 8> out;
  sip->final(reinterpret_cast<std::uint8_t*>(out.data()));
  return get_number<std::uint64_t>(out);
}

} // namespace cotorra
