// Every message as bytes, both ways, and every length that it must not have.
#include "06-messages/print.hpp"
#include "base/bitfield.hpp"
#include "samples.hpp"
#include "support/story.hpp"
#include <fmt/format.h>

using namespace cotorra;
using namespace cotorra::test;
using Catch::Matchers::ContainsSubstring;

static_assert(std::is_trivially_destructible_v<message::any>, "may stand in a co_await");
static_assert(std::variant_size_v<message::any> == 18);

TEST_CASE("each message has the bytes of its BEP") {
  story s;
  s.given("each message once");
  for (sample const& m : samples())
    s.expect_bytes(std::string(m.name), m.wire, wire_of(m.value),
                   {{0, "length"}, {4, "id"}, {5, "payload"}});
  CHECK(samples().size() == std::variant_size_v<message::any>);
}

namespace {

// What decode() makes of a piece message, in words.
std::string piece_in(bytes frame) {
  try {
    message::any const m = message::decode(frame);
    auto const* p = std::get_if<message::piece>(&m);
    if (p == nullptr) return std::string(message::name(m));
    bool const view = p->block.data() == frame.data() + 9;
    return fmt::format("piece {} from {}: {} bytes{}", p->piece, p->begin,
                       p->block.size(), view ? "" : " that are elsewhere");
  } catch (protocol_error const& e) {
    return std::string(name(e.code()));
  }
}

} // namespace

TEST_CASE("a piece message is two numbers and a view of its block") {
  story s;
  auto const expect = [&](std::string_view hex, std::size_t block, std::string wanted) {
    buffer frame = *from_hex(hex);
    frame.resize(frame.size() + block, std::byte{'x'});
    std::string const found = piece_in(frame);
    s.expect(wanted, found == wanted, found);
  };
  s.given("07 00000001 00014000 and the three bytes of a block");
  expect("070000000100014000", 3, "piece 1 from 81920: 3 bytes");
  s.given("the same with a block of 131072 bytes, the largest that clients request");
  expect("070000000100014000", 131072, "piece 1 from 81920: 131072 bytes");
  s.given("07 00000001 00014000 and a block without bytes");
  expect("070000000100014000", 0, "piece 1 from 81920: 0 bytes");
  s.given("07 00000001 000140: its last number is cut off");
  expect("0700000001000140", 0, "malformed_message");
}

TEST_CASE("the bytes of each message give it back") {
  story s;
  s.given("each message once, as the bytes of its BEP");
  std::size_t kind = 0;
  for (sample const& m : samples()) {
    message::any back;
    std::string found = "another message";
    try {
      back = message::decode(m.frame());
      found = fmt::format("{}, {}", message::name(back), to_hex(wire_of(back)));
    } catch (protocol_error const& e) {
      found = fmt::format("{}: {}", name(e.code()), e.what());
    }
    std::string const wanted = fmt::format("{}, {}", m.name, to_hex(m.wire));
    s.expect(wanted, found == wanted, found);
    CHECK(back.index() == kind++);
  }
}

TEST_CASE("numbers come out as they went in") {
  auto const r = std::get<message::request>(
      message::decode(*from_hex("06000000010000400000002000")));
  CHECK(r.piece == 1);
  CHECK(r.begin == 0x4000);
  CHECK(r.length == 0x2000);
  auto const p = std::get<message::port>(message::decode(*from_hex("091ae1")));
  CHECK(p.number == 6881);
}

TEST_CASE("every length that a message must not have is refused") {
  auto const legal = [](unsigned id, std::size_t size) {
    switch (id) {
    case 0:
    case 1:
    case 2:
    case 3:
    case 14:
    case 15:
      return size == 1;
    case 4:
    case 13:
    case 17:
      return size == 5;
    case 6:
    case 8:
    case 16:
      return size == 13;
    case 7:
      return size >= 9;
    case 9:
      return size == 3;
    case 20:
      return size >= 2;
    default:
      return true; // a bitfield's length depends on the torrent; unknown: any
    }
  };
  for (unsigned id = 0; id < 256; ++id)
    for (std::size_t size = 1; size <= 40; ++size) {
      buffer frame(size, std::byte{0});
      frame[0] = static_cast<std::byte>(id);
      std::string const name(message::name_of(static_cast<std::uint8_t>(id)));
      if (legal(id, size)) {
        CHECK(message::name(message::decode(frame)) == name);
        continue;
      }
      protocol_error const e = thrown_by([&] { message::decode(frame); });
      CHECK(e.code() == errc::malformed_message);
      CHECK_THAT(e.what(), ContainsSubstring(fmt::format("\"{}\" (id {}) of {} bytes",
                                                         name, id, size)));
    }
}

TEST_CASE("the refusal says what length was expected") {
  auto const refusal = [](std::string_view hex) {
    return std::string(thrown_by([&] { message::decode(*from_hex(hex)); }).what());
  };
  CHECK(refusal("04010203") == "the peer sent a message \"have\" (id 4) of 4 bytes "
                               "instead of 5");
  CHECK(refusal("0700") == "the peer sent a message \"piece\" (id 7) of 2 bytes "
                           "instead of at least 9");
}

TEST_CASE("a message that we do not know is kept whole") {
  buffer const frame = *from_hex("15010203");
  auto const m = std::get<message::unknown>(message::decode(frame));
  CHECK(m.id == 0x15);
  CHECK(to_hex(m.payload) == "010203");
}

namespace {

std::string pieces_in(cotorra::bitfield const& b) {
  std::string out = "pieces";
  for (std::size_t i = 0; i < b.size(); ++i)
    if (b[i]) out += fmt::format(" {}", i);
  return out;
}

} // namespace

TEST_CASE("the bits of a bitfield are checked against the torrent") {
  buffer const frame = *from_hex("05aa80");
  story s;
  s.given("a torrent of 9 pieces");
  s.peer("sends a bitfield: 05 aa 80, which is 10101010 1.......");
  auto const m = std::get<message::bitfield>(message::decode(frame));
  auto const nine = cotorra::bitfield::decode(m.bits, 9);
  s.expect("two bytes are right for 9 pieces", nine.has_value(), "refused");
  s.expect("pieces 0 2 4 6 8", pieces_in(*nine) == "pieces 0 2 4 6 8", pieces_in(*nine));
  s.expect("five of them", nine->count() == 5, fmt::format("{}", nine->count()));
  auto const taken = [](std::string_view hex, std::size_t count) {
    return cotorra::bitfield::decode(*from_hex(hex), count).has_value();
  };
  s.expect("8 pieces would need one byte: refused", !taken("aa80", 8), "accepted");
  s.expect("17 pieces would need three: refused", !taken("aa80", 17), "accepted");
  s.peer("sends aa c0: the bit after the last piece is set");
  s.expect("refused: it is spare", !taken("aac0", 9), "accepted");
  buffer out;
  message::encode(out, message::bitfield{nine->encode()});
  s.expect_bytes("you send your own in the same order", *from_hex("0000000305aa80"), out,
                 {{0, "length"}, {4, "id"}, {5, "bits"}});
}

TEST_CASE("the header of a piece message goes in front of a block from elsewhere") {
  buffer const block(16 * 1024, std::byte{'x'});
  buffer whole;
  message::encode(whole, message::piece{5, 0x8000, block});
  auto const header = message::piece_header(5, 0x8000, block.size());
  CHECK(to_hex(header) == "00004009070000000500008000");
  REQUIRE(whole.size() == header.size() + block.size());
  CHECK(to_hex(bytes(whole).first(header.size())) == to_hex(header));
}
