// The 68 bytes as bytes: written, read, and refused at the first wrong one.
#include "sample.hpp"
#include "support/catch.hpp"

using namespace cotorra;
using namespace cotorra::test;
using Catch::Matchers::ContainsSubstring;

TEST_CASE("a handshake is these 68 bytes") {
  story s;
  s.given("info_hash 1cad4a48... and the bits of BEP 5 and 6 and 10");
  auto const hello = handshake::encode(sample_handshake());
  buffer const wanted = sample_bytes();
  s.expect_bytes("the 68 bytes of BEP 3", wanted, hello, handshake_fields());
  CHECK(hello.size() == 68);
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
    CHECK(h.reserved.value[bit / 8] == hello[20 + bit / 8]);
    auto const again = handshake::encode(h);
    CHECK(std::equal(again.begin(), again.end(), hello.begin(), hello.end()));
  }
}

TEST_CASE("each extension has its own bit") {
  handshake::reserved_bits none;
  CHECK_FALSE(
      (none.supports_extensions() || none.supports_fast() || none.supports_dht()));
  CHECK(to_hex(handshake::reserved_bits{}.set_extensions().value) == "0000000000100000");
  CHECK(to_hex(handshake::reserved_bits{}.set_fast().value) == "0000000000000004");
  CHECK(to_hex(handshake::reserved_bits{}.set_dht().value) == "0000000000000001");
  CHECK(handshake::reserved_bits{}.set_extensions().supports_extensions());
  CHECK(handshake::reserved_bits{}.set_fast().supports_fast());
  CHECK(handshake::reserved_bits{}.set_dht().supports_dht());
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
