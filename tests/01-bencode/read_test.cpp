// Bencode from a stream: the value itself says where it ends.
#include "base/error.hpp"
#include "bencode/read_talk.hpp"
#include "io/memory_pipe.hpp"
#include "malformed.hpp"
#include "print.hpp"
#include "support/bench.hpp"
#include "support/catch.hpp"
#include "support/story.hpp"

using namespace cotorra;
using test::bench;

namespace {

struct talk {
  explicit talk(bencode::limits const& bounds = {})
      : ends(io::memory_stream::pair(desk.executor())), in(*ends.first),
        reading(desk.start(bencode::read(in, bounds))) {}

  void say(std::string_view text) {
    ends.second->say(as_bytes(text));
    desk.settle();
  }
  errc failure() {
    try {
      reading->get();
    } catch (protocol_error const& e) {
      says = e.what();
      return e.code();
    }
    FAIL("it was accepted");
    throw 0;
  }

  bench desk;
  std::pair<std::unique_ptr<io::memory_stream>, std::unique_ptr<io::memory_stream>> ends;
  io::reader in;
  std::shared_ptr<test::running<buffer>> reading;
  std::string says;
};

std::string state(test::running<buffer> const& reading) {
  if (!reading.done) return "you wait";
  if (!reading.error) return "you have a value";
  try {
    std::rethrow_exception(reading.error);
  } catch (std::exception const& e) {
    return std::string("you gave up: ") + e.what();
  }
}

std::string const sample = "d3:cow3:moo4:listli-42ei0e0:deee";

} // namespace

TEST_CASE("reading waits in mid-integer for the next byte") {
  test::story s;
  s.given("a peer on an in-memory wire, and you read one value");
  talk t;
  s.peer("sends i-4");
  t.say("i-4");
  s.expect("you wait: it may be -4, -42 or -400", !t.reading->done, state(*t.reading));
  s.peer("sends 2");
  t.say("2");
  s.expect("you still wait for the e", !t.reading->done, state(*t.reading));
  s.peer("sends e");
  t.say("e");
  std::string const came = state(*t.reading);
  s.expect("you have a value", came == "you have a value", came);
  s.expect_bytes("as it was sent", as_bytes("i-42e"), t.reading->get());
}

TEST_CASE("the same value comes out wherever the stream is cut") {
  std::string const whole = "d1:ali-42e3:abce1:bd0:lee1:ci0ee";
  for (std::size_t cut = 0; cut < whole.size(); ++cut) {
    test::story s;
    talk t;
    s.peer("sends " + whole.substr(0, cut));
    t.say(whole.substr(0, cut));
    std::string came = state(*t.reading);
    s.expect("you wait", came == "you wait", came);
    s.peer("sends the rest: " + whole.substr(cut));
    t.say(whole.substr(cut));
    came = state(*t.reading);
    s.expect("you have a value", came == "you have a value", came);
    s.expect_bytes("all of it, as it was sent", as_bytes(whole), t.reading->get());
  }
}

TEST_CASE("the same value comes out byte by byte") {
  std::string const whole = "d1:ali-42e3:abce1:bd0:lee1:ci0ee";
  talk t;
  for (char const& c : whole) {
    CHECK_FALSE(t.reading->done);
    t.say({&c, 1});
  }
  CHECK(as_text(t.reading->get()) == whole);
}

TEST_CASE("what follows the value stays for the next reader") {
  talk t;
  t.say("le4:next");
  CHECK(as_text(t.reading->get()) == "le");
  CHECK(as_text(t.in.buffered()) == "4:next");
  auto second = t.desk.start(bencode::read(t.in));
  CHECK(as_text(second->get()) == "4:next");
}

TEST_CASE("a malformed value is refused at its first wrong byte and not later") {
  for (test::malformed_case const& bad : test::malformed_cases) {
    if (bad.says == "behind the end") continue; // one value is all that is read
    test::story s;
    s.given("a peer that sends " + bad.data + " (" + bad.shape + "), byte by byte");
    talk t;
    t.say(std::string_view(bad.data).substr(0, bad.offset));
    std::string came = state(*t.reading);
    s.expect("you wait for byte " + std::to_string(bad.offset), came == "you wait", came);
    t.say(std::string_view(bad.data).substr(bad.offset, 1));
    came = state(*t.reading);
    std::string const refused = "you gave up: byte " + std::to_string(bad.offset) + ": ";
    bool const said = came.find(bad.says) != came.npos;
    s.expect("you refuse it there: " + bad.says, came.starts_with(refused) && said, came);
    CHECK(t.failure() == errc::malformed_bencode);
  }
}

TEST_CASE("a stream that ends inside a value is an error at every cut") {
  std::string const whole = "d1:ali-42e3:abcee";
  for (std::size_t cut = 0; cut < whole.size(); ++cut) {
    talk t;
    t.say(whole.substr(0, cut));
    t.ends.second->close();
    t.desk.settle();
    REQUIRE(t.reading->done);
    CHECK(t.failure() == errc::end_of_stream);
  }
}

TEST_CASE("a bomb of lists is refused at the limit") {
  talk t;
  t.say(std::string(100, 'l'));
  CHECK_FALSE(t.reading->done);
  t.say("l");
  CHECK(t.failure() == errc::limit_exceeded);
  CHECK(t.says == "byte 100: nested deeper than we accept");
}

TEST_CASE("a string longer than the limit is refused before it comes") {
  talk t;
  t.say("16777217:");
  CHECK(t.failure() == errc::limit_exceeded);
}

TEST_CASE("too many bytes and too many values are refused") {
  bencode::limits bounds;
  bounds.total_bytes = 8;
  talk small(bounds);
  small.say("li1ei22ee");
  CHECK(small.failure() == errc::limit_exceeded);

  bounds = {};
  bounds.items = 4;
  talk few(bounds);
  few.say("li1ei2ei3e");
  CHECK_FALSE(few.reading->done);
  few.say("e");
  CHECK(few.failure() == errc::limit_exceeded);
}

TEST_CASE("as many bytes and values as the limits say are accepted") {
  bencode::limits bounds;
  bounds.total_bytes = 6;
  talk small(bounds);
  small.say("4:four");
  CHECK(state(*small.reading) == "you have a value");

  bounds = {};
  bounds.items = 4; // the dictionary, its key, its value and its end
  talk four(bounds);
  four.say("d1:ai1ee");
  CHECK(state(*four.reading) == "you have a value");
  bounds.items = 3;
  talk three(bounds);
  three.say("d1:ai1ee");
  CHECK(three.failure() == errc::limit_exceeded);
}

TEST_CASE("dictionaries inside each other are counted from a stream, too") {
  talk t;
  for (int i = 0; i < 99; ++i) t.say("d0:");
  t.say("d");
  CHECK(state(*t.reading) == "you wait");
  t.say("0:d");
  CHECK(t.failure() == errc::limit_exceeded);
  CHECK(t.says == "byte 300: nested deeper than we accept");
}

TEST_CASE("a large string is read in parts") {
  talk t;
  std::string const content(300'000, 'x');
  t.say("300000:");
  t.say(content.substr(0, 299'999));
  CHECK_FALSE(t.reading->done);
  t.say("x");
  CHECK(as_text(t.reading->get()) == "300000:" + content);
}

TEST_CASE("what was read from a stream decodes as it would in memory") {
  talk t;
  t.say(sample);
  buffer const got = t.reading->get();
  auto const doc = bencode::decode(got);
  CHECK(doc.root().find("cow").text() == "moo");
  CHECK(doc.root().find("list").size() == 4);
}
