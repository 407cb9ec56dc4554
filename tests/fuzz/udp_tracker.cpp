// Packets of UDP trackers, and of those who ask them: read, written, read again.
#include "fuzz/fuzz.hpp"
#include "tracker/udp_wire.hpp"

namespace cotorra::fuzz {
namespace {

using namespace tracker;

void question(bytes packet) {
  auto const a = decode_udp_request(packet);
  if (!a) return;
  buffer const written = encode(*a);
  auto const b = decode_udp_request(written);
  demand(b.has_value(), "what was read can be written");
  demand(encode(*b) == written, "and is the same when it is read again");
}

void answer(bytes packet, ip_family family) {
  auto const a = unless_refused([&] { return decode_udp_answer(packet, family); });
  if (!a) return;
  demand(transaction_of_answer(packet).has_value(), "an answer names its question");
  buffer const written = encode(*a, family);
  udp_answer const b = decode_udp_answer(written, family);
  demand(b.index() == a->index(), "an answer stays of its kind");
  demand(encode(b, family) == written, "and is the same when it is read again");
}

} // namespace

void target(bytes input) {
  choices c(input);
  std::uint8_t const which = c.byte();
  if (which % 3 == 0)
    question(c.rest());
  else
    answer(c.rest(), which % 3 == 1 ? ip_family::v4 : ip_family::v6);
}

} // namespace cotorra::fuzz
