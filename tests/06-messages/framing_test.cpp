// Where one message ends and the next begins.
#include "06-messages/print.hpp"
#include "message/framing.hpp"
#include "samples.hpp"
#include "support/story.hpp"
#include <fmt/format.h>

using namespace cotorra;
using namespace cotorra::test;
using Catch::Matchers::ContainsSubstring;
using message::first_frame;
using message::missing_bytes;

namespace {

constexpr std::string_view request_hex = "0000000d06000000010000400000004000";

// What first_frame() makes of the bytes that have come, in words. A refusal has a
// sentence of the student's own, in which two numbers stand.
std::string outcome(bytes came, std::size_t limit = message::default_limit) {
  try {
    auto const frame = first_frame(came, limit);
    return frame ? fmt::format("a frame of {} bytes", frame->size()) : "no frame yet";
  } catch (protocol_error const& e) {
    std::string const what = e.what();
    if (e.code() != errc::message_too_long) return "refused, and not as too long";
    if (what.find_first_of("0123456789") == what.npos)
      return "refused, and the sentence names no number";
    if (came.size() >= 4) {
      std::size_t length = 0;
      for (std::byte b : came.first(4))
        length = length * 256 + std::to_integer<unsigned>(b);
      if (what.find(std::to_string(length)) != what.npos &&
          what.find(std::to_string(limit)) != what.npos)
        return fmt::format("a message of {} bytes is refused", length);
    }
    return what.substr(0, what.find(',')); // so that it fits a line
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
  bytes const frame = *first_frame(wire, message::default_limit);
  s.expect("it is a view of the bytes that came", frame.data() == wire.data() + 4,
           frame.data() == wire.data() ? "a view that begins with the length"
                                       : "bytes in another place of the memory");
  s.expect_bytes("the bytes after the length", bytes(wire).subspan(4), frame,
                 {{0, "id"}, {1, "piece"}, {5, "begin"}, {9, "length"}});
  s.given("two messages in one read, choke and unchoke: 0000000100 0000000101");
  std::string const first = outcome(*from_hex("00000001000000000101"));
  s.expect("choke is a frame of 1 bytes", first == "a frame of 1 bytes", first);
  s.given("a keep-alive, and choke behind it: 00000000 0000000100");
  std::string const empty = outcome(*from_hex("000000000000000100"));
  s.expect("the keep-alive is a frame of 0 bytes", empty == "a frame of 0 bytes", empty);
}

TEST_CASE("a frame of the limit passes and one byte more is refused") {
  buffer const wire = *from_hex("000000050401020304");
  story s;
  s.given("a message \"have\", 5 bytes after its length: 00000005 04 01020304");
  std::string const five = outcome(wire, 5), four = outcome(wire, 4);
  s.expect("limit 5: a frame of 5 bytes", five == "a frame of 5 bytes", five);
  s.expect("limit 4: refused", four == "a message of 5 bytes is refused", four);
}

TEST_CASE("a length of two gigabytes is refused before a byte of it has come") {
  buffer const wire = *from_hex("80000000");
  story s;
  s.given("a limit of 1024 bytes");
  s.peer("sends 80 00 00 00: a message of 2147483648 bytes, of which none has come");
  std::string const found = outcome(wire, 1024);
  s.expect("refused", found == "a message of 2147483648 bytes is refused", found);
  auto const e = thrown_by([&] { first_frame(wire, 1024); });
  CHECK(e.code() == errc::message_too_long);
  CHECK_THAT(e.what(), ContainsSubstring("1024"));
}

TEST_CASE("a little-endian 13 is 218103808 and refused") {
  auto const e =
      thrown_by([] { first_frame(*from_hex("0d000000"), message::default_limit); });
  CHECK_THAT(e.what(), ContainsSubstring("218103808"));
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
