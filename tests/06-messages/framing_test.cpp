// Where one message ends and the next begins.
#include "message/framing.hpp"
#include "samples.hpp"
#include "support/catch.hpp"

using namespace cotorra;
using namespace cotorra::test;
using Catch::Matchers::ContainsSubstring;
using message::first_frame;
using message::missing_bytes;

TEST_CASE("a frame is there when its last byte is there") {
  buffer const wire = *from_hex("000000050401020304");
  for (std::size_t came = 0; came < wire.size(); ++came)
    CHECK_FALSE(first_frame(bytes(wire).first(came), 100));
  auto const frame = first_frame(wire, 100);
  REQUIRE(frame);
  CHECK(frame->data() == wire.data() + 4);
  CHECK(frame->size() == 5);
}

TEST_CASE("what follows a frame is not part of it") {
  buffer const two = *from_hex("00000001000000000101");
  auto const frame = first_frame(two, 100);
  REQUIRE(frame);
  CHECK(to_hex(*frame) == "00");
}

TEST_CASE("a keep-alive is an empty frame") {
  buffer const wire = *from_hex("00000000");
  auto const frame = first_frame(wire, 100);
  REQUIRE(frame);
  CHECK(frame->empty());
}

TEST_CASE("a frame of the limit passes and one byte more is refused") {
  buffer const wire = *from_hex("000000050401020304");
  CHECK(first_frame(wire, 5));
  CHECK(thrown_by([&] { first_frame(wire, 4); }).code() == errc::message_too_long);
}

TEST_CASE("a length of two gigabytes is refused before a byte of it has come") {
  auto const e = thrown_by([] { first_frame(*from_hex("80000000"), 1024); });
  CHECK(e.code() == errc::message_too_long);
  CHECK_THAT(e.what(), ContainsSubstring("2147483648 bytes"));
  CHECK_THAT(e.what(), ContainsSubstring("limit is 1024"));
}

TEST_CASE("a little-endian 13 is 218103808 and refused") {
  auto const e =
      thrown_by([] { first_frame(*from_hex("0d000000"), message::default_limit); });
  CHECK_THAT(e.what(), ContainsSubstring("218103808 bytes"));
}

TEST_CASE("the missing bytes are counted down") {
  buffer const wire = *from_hex("000000050401020304");
  for (std::size_t came = 0; came < 4; ++came)
    CHECK(missing_bytes(bytes(wire).first(came)) == 4 - came);
  for (std::size_t came = 4; came <= wire.size(); ++came)
    CHECK(missing_bytes(bytes(wire).first(came)) == wire.size() - came);
  CHECK(missing_bytes(*from_hex("ffffffff")) == 4294967295u);
}

TEST_CASE("the limit grows with the torrent's bitfield") {
  CHECK(message::limit_for(0) == 9 + 128 * 1024);
  CHECK(message::limit_for(1000) == 9 + 128 * 1024);
  CHECK(message::limit_for(8 * 1024 * 1024) == 1 + 1024 * 1024);
  CHECK(message::limit_for(8 * 1024 * 1024 + 1) == 2 + 1024 * 1024);
}
