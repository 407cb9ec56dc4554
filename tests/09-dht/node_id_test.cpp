// The space of ids: how far, which is nearer, which bucket; and the ids that BEP 42 lets
// an address have, with the BEP's own vectors.
#include "09-dht/print.hpp"
#include "base/crc32c.hpp"
#include "dht/node_id.hpp"

using namespace cotorra;
using namespace cotorra::dht;

namespace {

node_id id(std::string_view hex) {
  auto const raw = from_hex(hex);
  REQUIRE(raw);
  REQUIRE(raw->size() == node_id::size);
  return node_id::from(*raw);
}
ip_address address(std::string_view text) { return ip_address::parse(text).value(); }

struct vector { // of BEP 42; the one of IPv6 is what libtorrent's tests take for valid
  char const* address;
  unsigned r;
  char const* id;
};
constexpr vector vectors[] = {
    {"124.31.75.21", 1, "5fbfbff10c5d6a4ec8a88e4c6ab4c28b95eee401"},
    {"21.75.31.124", 86, "5a3ce9c14e7a08645677bbd1cfe7d8f956d53256"},
    {"65.23.51.170", 22, "a5d43220bc8f112a3d426c84764f8c2a1150e616"},
    {"84.124.73.14", 65, "1b0321dd1bb1fe518101ceef99462b947a01ff41"},
    {"43.213.53.83", 90, "e56f6cbf5b7c4be0237986d5243b87aa6d51305a"},
    {"2001:b829:2123:be84:e16c:d6ae:5290:49f1", 4,
     "0a8ad123be84e16cd6ae529049f1f1bbe9ebb304"},
};

} // namespace

TEST_CASE("the sum of RFC 3720 is computed") {
  CHECK(crc32c(as_bytes("123456789")) == 0xe3069283);
  CHECK(crc32c(buffer(32, std::byte{0})) == 0x8a9136aa); // RFC 3720, B.4
  CHECK(crc32c(buffer(32, std::byte{0xff})) == 0x62a8ab43);
  CHECK(crc32c({}) == 0);
}

TEST_CASE("the distance of two ids is their xor, and the same both ways") {
  node_id const a = id("0000000000000000000000000000000000000003");
  node_id const b = id("8000000000000000000000000000000000000001");
  CHECK(distance(a, b) == id("8000000000000000000000000000000000000002"));
  CHECK(distance(a, b) == distance(b, a));
  CHECK(distance(a, a) == node_id{});
}

TEST_CASE("one of two ids is nearer to a target, unless they are the same") {
  node_id const target = id("8000000000000000000000000000000000000000");
  node_id const near = id("8000000000000000000000000000000000000001");
  node_id const far = id("7fffffffffffffffffffffffffffffffffffffff");
  CHECK(closer(near, far, target));
  CHECK_FALSE(closer(far, near, target));
  CHECK_FALSE(closer(near, near, target));
  CHECK(closer(target, near, target));

  random_source random(1);
  for (int i = 0; i < 1000; ++i) { // as the numbers say it
    node_id const a = random_id(random), b = random_id(random), t = random_id(random);
    CHECK(closer(a, b, t) == (distance(a, t) < distance(b, t)));
  }
}

TEST_CASE("ids share as many bits as are the same before the first that differs") {
  node_id const zero;
  CHECK(common_bits(zero, zero) == 160);
  CHECK(common_bits(zero, id("8000000000000000000000000000000000000000")) == 0);
  CHECK(common_bits(zero, id("0000000000000000000000000000000000000001")) == 159);
  CHECK(common_bits(zero, id("0010000000000000000000000000000000000000")) == 11);
}

TEST_CASE("a random id shares the bits that were asked for, and is random behind them") {
  random_source random(2);
  node_id const own = random_id(random);
  for (unsigned bits = 0; bits <= id_bits; ++bits) {
    CHECK(common_bits(own, random_id_sharing(own, bits, random)) >= bits);
    if (bits < id_bits)
      CHECK(common_bits(own, random_id_in_bucket(own, bits, random)) == bits);
  }
  unsigned more = 0; // half of all ids share one bit more
  for (int i = 0; i < 1000; ++i)
    more += common_bits(own, random_id_sharing(own, 13, random)) > 13;
  CHECK(more > 400);
  CHECK(more < 600);
}

TEST_CASE("the ids of BEP 42 belong to their addresses, and to no others") {
  for (vector const& v : vectors) {
    CAPTURE(v.address);
    CHECK(belongs_to(id(v.id), address(v.address)));
    for (vector const& other : vectors)
      if (&other != &v) CHECK_FALSE(belongs_to(id(v.id), address(other.address)));
  }
}

TEST_CASE("an id made for an address begins as in BEP 42") {
  random_source random(3);
  for (vector const& v : vectors) {
    CAPTURE(v.address);
    node_id const made = id_for(address(v.address), static_cast<std::byte>(v.r), random);
    CHECK(common_bits(made, id(v.id)) >= 21);
    CHECK(made.value.back() == static_cast<std::byte>(v.r));
    CHECK(belongs_to(made, address(v.address)));
  }
}

TEST_CASE("the first 21 bits of an id are bound to the address, the others are not") {
  random_source random(4);
  for (char const* text : {"203.0.113.77", "2001:db8:2123:be84:e16c:d6ae:5290:49f1"}) {
    node_id const made = id_for(address(text), std::byte{0x2a}, random);
    for (unsigned bit = 0; bit < 152; ++bit) {
      node_id changed = made;
      changed.value[bit / 8] ^= std::byte{0x80} >> (bit % 8);
      CAPTURE(text, bit);
      CHECK(belongs_to(changed, address(text)) == (bit >= 21));
    }
  }
}

TEST_CASE("an address has eight beginnings, by the lowest three bits of the last byte") {
  random_source random(5);
  ip_address const a = address("203.0.113.77");
  std::vector<node_id> made;
  for (unsigned r = 0; r < 256; ++r)
    made.push_back(id_for(a, static_cast<std::byte>(r), random));
  for (unsigned r = 0; r < 256; ++r)
    for (unsigned other = 0; other < 8; ++other)
      CHECK((common_bits(made[r], made[other]) >= 21) == (r % 8 == other));
}

TEST_CASE("of an IPv6 address the network counts, not the host") {
  random_source random(6);
  node_id const made = id_for(address("2001:db8:1:2::3"), std::byte{7}, random);
  CHECK(belongs_to(made, address("2001:db8:1:2:ffff::9")));
  CHECK_FALSE(belongs_to(made, address("2001:db8:1:3::3")));
}

TEST_CASE("any id will do on a local network and on this machine") {
  random_source random(7);
  for (char const* text : {"10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.1.1",
                           "169.254.9.9", "127.0.0.1", "::1", "fe80::1", "fd00::1"})
    for (int i = 0; i < 50; ++i) CHECK(belongs_to(random_id(random), address(text)));
  unsigned strangers = 0;
  for (int i = 0; i < 1000; ++i)
    strangers += belongs_to(random_id(random), address("172.32.0.1"));
  CHECK(strangers == 0);
}
