#include "base/bitfield.hpp"
#include "support/catch.hpp"
#include "support/print.hpp"

using namespace cotorra;

TEST_CASE("piece 0 is the highest bit of the first byte") {
  bitfield have(10);
  have.set(0);
  have.set(9);
  CHECK(have.encode()[0] == std::byte{0x80});
  CHECK(have.encode()[1] == std::byte{0x40});
  CHECK(have.count() == 2);
}

TEST_CASE("a bitfield of the wrong length is refused") {
  buffer const three(3);
  CHECK_FALSE(bitfield::decode(three, 16));
  CHECK_FALSE(bitfield::decode(three, 25));
  CHECK(bitfield::decode(three, 17));
}

TEST_CASE("a spare bit that is set is refused") {
  buffer wire{std::byte{0xff}, std::byte{0xc0}};
  CHECK(bitfield::decode(wire, 10));
  wire[1] = std::byte{0xe0};
  CHECK_FALSE(bitfield::decode(wire, 10));
}

TEST_CASE("set and reset count each piece once") {
  bitfield have(5);
  have.set(3);
  have.set(3);
  CHECK(have.count() == 1);
  have.reset(3);
  have.reset(3);
  CHECK(have.none());
  CHECK(bitfield(5, true).all());
  CHECK(bitfield(0).all());
}
