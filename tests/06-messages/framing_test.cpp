// Where one message ends and the next begins.
#include "message/framing.hpp"
#include "samples.hpp"
#include "support/catch.hpp"
#include "support/story.hpp"
#include <fmt/format.h>

using namespace cotorra;
using namespace cotorra::test;
using Catch::Matchers::ContainsSubstring;
using message::first_frame;
using message::missing_bytes;

namespace {

constexpr std::string_view request_hex = "0000000d06000000010000400000004000";

// What first_frame() makes of the bytes that have come, in words.
std::string outcome(bytes came) {
  try {
    auto const frame = first_frame(came, message::default_limit);
    return frame ? fmt::format("a frame of {} bytes", frame->size()) : "no frame yet";
  } catch (protocol_error const& e) {
    std::string const what = e.what(); // up to its comma, so that it fits a line
    return what.substr(0, what.find(','));
  }
}

// While its bytes come one by one: nothing happens until the last is there.
void expect_none(story& s, std::string text, bytes wire, std::size_t from,
                 std::size_t to) {
  std::string found;
  for (std::size_t came = from; came <= to && found.empty(); ++came) {
    std::string const what = outcome(wire.first(came));
    if (what != "no frame yet") found = fmt::format("after {} bytes: {}", came, what);
  }
  s.expect(std::move(text), found.empty(), found);
}

} // namespace

TEST_CASE("a frame is there when its last byte is there") {
  buffer const wire = *from_hex(request_hex);
  story s;
  s.given("a request, 17 bytes: 0000000d 06 00000001 00004000 00004000");
  expect_none(s, "no frame yet while its length comes", wire, 0, 3);
  expect_none(s, "no frame yet while its 13 bytes come", wire, 4, 16);
  std::string const whole = outcome(wire);
  s.expect("a frame when the last has come", whole == "a frame of 13 bytes", whole);
  s.expect_bytes("the bytes after the length", bytes(wire).subspan(4),
                 *first_frame(wire, message::default_limit),
                 {{0, "id"}, {1, "piece"}, {5, "begin"}, {9, "length"}});
}

TEST_CASE("a frame is a view and nothing is copied") {
  buffer const wire = *from_hex(request_hex);
  auto const frame = first_frame(wire, 100);
  REQUIRE(frame);
  CHECK(frame->data() == wire.data() + 4);
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
