// The 68 bytes as bytes: written, read, and refused at the first wrong one.
#include "sample.hpp"
#include "support/catch.hpp"

using namespace cotorra;
using namespace cotorra::test;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("a handshake is these 68 bytes") {
  story s;
  s.given("the reserved bits 0000000000100005, info_hash 1cad4a48... and peer_id "
          "-CO0100-abcdefghijkl");
  auto const hello = handshake::encode(sample_handshake());
  bytes const start = bytes(hello).first(4);
  s.expect("it begins with one byte, 13: the number 19", start[0] == std::byte{0x13},
           "it begins with " + to_hex(start) + ", as text \"" + printable(start) + "\"");
  s.expect_bytes("the 68 bytes of BEP 3", sample_bytes(), hello, handshake_fields());
}

TEST_CASE("each extension has its own bit") {
  story s;
  handshake::reserved_bits bits;
  auto const now = [&] { return "reserved is " + to_hex(bits.value); };
  s.given("eight reserved bytes, all of them zero");
  s.expect("the peer has no extension",
           !bits.supports_extensions() && !bits.supports_fast() && !bits.supports_dht(),
           now());
  bits.set_extensions();
  s.you("set the bit of BEP 10: bit 20 from the right, the first is bit 0");
  s.expect("reserved is 0000000000100000", bits == reserved("0000000000100000"), now());
  bits.set_fast();
  s.you("set the bit of BEP 6");
  s.expect("reserved is 0000000000100004", bits == reserved("0000000000100004"), now());
  bits.set_dht();
  s.you("set the bit of BEP 5");
  s.expect("reserved is 0000000000100005", bits == reserved("0000000000100005"), now());
  CHECK(reserved("0000000000100000").supports_extensions());
  CHECK(reserved("0000000000000004").supports_fast());
  CHECK(reserved("0000000000000001").supports_dht());
}

TEST_CASE("the 68 bytes give the handshake back") {
  CHECK(handshake::decode(sample_bytes()) == sample_handshake());
}

TEST_CASE("every reserved bit is kept as it came") {
  for (std::size_t bit = 0; bit < 64; ++bit) {
    buffer hello = sample_bytes();
    std::fill_n(hello.begin() + 20, 8, std::byte{0});
    hello[20 + bit / 8] = std::byte{1} << (bit % 8);
    handshake::handshake const h = handshake::decode(hello);
    CHECK(to_hex(h.reserved.value) == to_hex(bytes(hello).subspan(20, 8)));
    CHECK(to_hex(handshake::encode(h)) == to_hex(hello));
  }
}

TEST_CASE("every byte of the info_hash and the peer_id is sent and read as it is") {
  for (std::size_t at = 28; at < 68; ++at)
    for (unsigned value : {0x00, 0x0a, 0x80, 0xff}) {
      buffer hello = sample_bytes();
      hello[at] = std::byte(value);
      CHECK(to_hex(handshake::encode(handshake::decode(hello))) == to_hex(hello));
    }
}

TEST_CASE("each wrong byte of pstrlen and pstr is refused and named") {
  for (std::size_t at = 0; at < 20; ++at) {
    buffer hello = sample_bytes();
    hello[at] ^= std::byte{0x20};
    bytes const until_wrong = bytes(hello).first(at + 1);
    CHECK_NOTHROW(handshake::check_handshake_start(until_wrong.first(at)));
    CHECK(code_thrown_by([&] { handshake::check_handshake_start(until_wrong); }) ==
          errc::not_bittorrent);
    CHECK(code_thrown_by([&] { handshake::decode(hello); }) == errc::not_bittorrent);
    CHECK_THAT(clause_thrown_by([&] { handshake::check_handshake_start(until_wrong); }),
               ContainsSubstring("as byte " + std::to_string(at) + ","));
  }
}

TEST_CASE("a handshake that is cut short is refused at every length") {
  for (std::size_t size = 0; size < 68; ++size)
    CHECK(code_thrown_by([&] { handshake::decode(bytes(sample_bytes()).first(size)); }) ==
          errc::end_of_stream);
}

TEST_CASE("the refusal says what the other side may be speaking") {
  auto const refusal = [](std::string_view start) {
    return clause_thrown_by([&] { handshake::check_handshake_start(as_bytes(start)); });
  };
  CHECK_THAT(refusal("GET / HTTP/1.1"), ContainsSubstring("looks like HTTP"));
  CHECK_THAT(refusal("G"), ContainsSubstring("looks like HTTP"));
  CHECK_THAT(refusal("\x16\x03\x01"), ContainsSubstring("looks like TLS"));
  CHECK_THAT(refusal("19BitTorrent protocol"),
             ContainsSubstring("one byte, not the text"));
  CHECK_THAT(refusal("\xa7\x11"), ContainsSubstring("encrypted stream"));
  CHECK_THAT(refusal("\x13"
                     "BitTorrent Protocol"),
             ContainsSubstring("(pstr)"));
}
