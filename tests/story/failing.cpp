// Stories that fail, each in another way: what they print is compared with golden.txt.
#include "handshake/handshake_talk.hpp"
#include "io/memory_pipe.hpp"
#include "support/bench.hpp"
#include "support/catch.hpp"
#include "support/story.hpp"

using namespace cotorra;
using namespace cotorra::test;

namespace {

// Called as a hole of a student's room would be.
[[noreturn]] void empty_hole() {
  throw std::logic_error("hole 4.2 is empty: compare the answered info_hash "
                         "(work/04-handshake/handshake/handshake_talk.cpp:41)");
}

task<int> with_a_hole() {
  if (true) empty_hole();
  co_return 1;
}

buffer nineteen(std::string_view start) {
  buffer b;
  append(b, start);
  append(b, "BitTorrent protocol");
  return b;
}

} // namespace

TEST_CASE("the same place as a planted bug") {
  story s;
  s.given("a peer on an in-memory wire");
  s.peer("sends its 68 bytes, info_hash c77829d2...");
  s.expect("you have read them", true);
  s.expect("you refuse: wrong_info_hash", false,
           "exchange_handshakes() returned a handshake");
}

TEST_CASE("the same step as a planted bug, but another end, is another mistake") {
  story s;
  s.given("a peer on an in-memory wire");
  s.expect("you refuse: wrong_info_hash", false, "you gave up: timed_out");
}

TEST_CASE("the same place as two planted bugs") {
  story s;
  s.expect("you say nothing", false, "1 byte");
}

TEST_CASE("the same bytes as a planted bug") {
  story s;
  s.expect_bytes("four bytes", *from_hex("00000001"), *from_hex("00010001"));
}

TEST_CASE("the same step as a planted bug, but other bytes, is another mistake") {
  story s;
  s.expect_bytes("four bytes", *from_hex("00000001"), *from_hex("00020001"));
}

TEST_CASE("no planted bug fails like this, so none is named, however long the title is") {
  story s;
  for (int i = 0; i < 9; ++i) s.time("a second passes");
  s.peer("says a sentence that is far too long to stand on one line of a console, and so "
         "it is folded under itself");
  s.expect("a sentence of the same kind, which was kept to the letter and has its ok",
           true);
  s.expect("you answer", false,
           "nothing but a long sentence, which is folded under itself as well");
}

TEST_CASE("bytes: the text 19 where one byte should be") {
  std::vector<field> const fields = {{0, "pstrlen"}, {1, "pstr"}};
  story s;
  s.expect_bytes("the first 20 bytes of a handshake", nineteen("\x13"), nineteen("19"),
                 fields);
}

TEST_CASE("bytes: different in the middle of a field") {
  buffer const wanted = *from_hex("0000000d06000000010000400000004000");
  buffer came = wanted;
  came[15] = std::byte{0};
  story s;
  s.expect_bytes("a request", wanted, came,
                 {{0, "length"}, {4, "id"}, {5, "index"}, {9, "begin"}, {13, "length"}});
}

TEST_CASE("bytes: too few and too many") {
  story s;
  buffer const some = *from_hex("00000001");
  SECTION("too few") { s.expect_bytes("four bytes", some, bytes(some).first(2)); }
  SECTION("none") { s.expect_bytes("four bytes", some, {}); }
  SECTION("too many") { s.expect_bytes("three bytes", bytes(some).first(3), some); }
}

TEST_CASE("where the code waits") {
  bench desk;
  auto const [near, peer] = io::memory_stream::pair(desk.executor());
  io::reader in(*near);
  story s;
  s.given("a peer on an in-memory wire");
  auto const reading = desk.start(handshake::read_handshake(in));
  s.peer("sends 48 of its 68 bytes");
  buffer theirs = nineteen("\x13");
  theirs.resize(48);
  peer->say(theirs);
  desk.settle();
  s.expect("you have all you need", reading->done, "it still waits");
}

TEST_CASE("nobody waits any longer") {
  bench desk;
  auto const [near, peer] = io::memory_stream::pair(desk.executor());
  io::reader in(*near);
  auto const reading = desk.start(handshake::read_handshake(in));
  peer->close();
  desk.settle();
  story s;
  s.expect("you still wait", !reading->done, "it has ended");
}

TEST_CASE("an empty hole in a function") {
  story s;
  s.given("nothing");
  empty_hole();
}

TEST_CASE("an empty hole in a coroutine ends the test, whatever it expects") {
  bench desk;
  auto const r = desk.start(with_a_hole());
  CHECK(r->error != nullptr);
}

TEST_CASE("another exception is told as it is") {
  throw std::runtime_error("the hole in the cheese is empty");
}

TEST_CASE("a plain check fails where a planted bug does, and names none") {
  CHECK(handshake::encode(handshake::handshake{}).size() == 67);
}
