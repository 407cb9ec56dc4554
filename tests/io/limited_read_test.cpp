// Reading through a limit: what one read brings, and when it may be given out.
#include "io/limited_stream.hpp"
#include "io/memory_pipe.hpp"
#include "print.hpp"
#include "support/bench.hpp"
#include "support/catch.hpp"
#include "support/story.hpp"
#include <asio/error.hpp>
#include <asio/system_error.hpp>
#include <fmt/format.h>

using namespace cotorra;
using test::bench;

namespace {

// A limit of 1,024 bytes per second, with which one read brings at most 1,024 bytes.
struct limited_desk {
  bench desk;
  io::rate_limit down{1024}, up;
  std::unique_ptr<io::memory_stream> peer;
  std::unique_ptr<io::limited_stream> yours;
  buffer place;

  explicit limited_desk(std::size_t room) : place(room) {
    auto [near, far] = io::memory_stream::pair(desk.executor());
    yours = std::make_unique<io::limited_stream>(std::move(near), desk.clock, down, up);
    peer = std::move(far);
  }
  auto read() { return desk.start(yours->read_some(place)); }
};

std::string told(test::running<std::size_t> const& r) {
  if (!r.done) return "it still waits";
  if (!r.error) return fmt::format("it gave {} bytes", *r.value);
  try {
    std::rethrow_exception(r.error);
  } catch (std::exception const& e) {
    return std::string("it threw: ") + e.what();
  }
}

buffer numbered(std::size_t n) {
  buffer out;
  for (std::size_t i = 0; i < n; ++i) put_u8(out, static_cast<std::uint8_t>(i * 7 % 251));
  return out;
}

} // namespace

TEST_CASE("a limited read gives what has come when it is paid for") {
  test::story s;
  limited_desk d(4096);
  buffer const sent = numbered(512);
  s.given("a wire, a limit of 1,024 bytes per second, and a place of 4,096 bytes");
  s.you("read");
  auto r = d.read();
  s.peer("sends 512 bytes");
  d.peer->say(sent);
  d.desk.settle();
  s.expect("you wait: they are not paid for", !r->done, told(*r));
  s.time("0.49 s pass");
  d.desk.advance(490ms);
  s.expect("you still wait", !r->done, told(*r));
  s.time("0.01 s passes");
  d.desk.advance(10ms);
  s.expect("you have all 512", told(*r) == "it gave 512 bytes", told(*r));
  s.expect_bytes("as they were sent", sent, bytes(d.place).first(512));
}

TEST_CASE("one limited read brings a part of the limit at most and the rest stays") {
  test::story s;
  limited_desk d(4096);
  buffer const sent = numbered(1500);
  s.peer("sends 1,500 bytes");
  d.peer->say(sent);
  s.you("read into a place of 4,096 bytes, at 1,024 bytes per second");
  auto r = d.read();
  d.desk.advance(10s);
  s.expect("one part came", told(*r) == "it gave 1024 bytes", told(*r));
  s.expect_bytes("the first one", bytes(sent).first(1024), bytes(d.place).first(1024));
  s.you("read again");
  r = d.read();
  d.desk.advance(10s);
  s.expect("the rest came", told(*r) == "it gave 476 bytes", told(*r));
  s.expect_bytes("where you stopped", bytes(sent).subspan(1024),
                 bytes(d.place).first(476));
}

TEST_CASE("a limited read brings no more than there is room for") {
  test::story s;
  limited_desk d(10);
  buffer const sent = numbered(20);
  s.peer("sends 20 bytes");
  d.peer->say(sent);
  s.you("read into a place of 10 bytes");
  auto r = d.read();
  d.desk.advance(1s);
  s.expect("10 came", told(*r) == "it gave 10 bytes", told(*r));
  s.expect_bytes("the first ones", bytes(sent).first(10), d.place);
}

TEST_CASE("a quiet limited stream holds no place in the queue of its limit") {
  test::story s;
  limited_desk d(4096);
  s.you("read, and the peer sends nothing");
  auto r = d.read();
  d.desk.advance(1s);
  s.expect("you wait for the peer", !r->done, told(*r));
  s.expect("and not in the queue", d.down.waiting() == 0,
           fmt::format("{} wait in the queue", d.down.waiting()));
}

TEST_CASE("the end of a limited stream is told at once and costs nothing") {
  test::story s;
  limited_desk d(4096);
  s.given("another stream that waits in the queue for 10,000 bytes");
  auto const other = d.down.enter(10'000);
  s.peer("closes the wire");
  d.peer->close();
  s.you("read");
  auto r = d.read();
  s.expect("it is the end: 0 bytes", told(*r) == "it gave 0 bytes", told(*r));
  d.down.leave(other);
}

TEST_CASE("a limited read pays the limits above its own too") {
  test::story s;
  limited_desk d(4096);
  io::rate_limit session(256), torrent(1024, &session);
  d.yours->set_limits(torrent, d.up);
  s.given("a torrent's limit of 1,024 bytes per second, under the session's of 256");
  s.peer("sends 512 bytes");
  d.peer->say(numbered(512));
  s.you("read");
  auto r = d.read();
  d.desk.advance(1900ms);
  s.expect("after 1.9 s you wait", !r->done, told(*r));
  d.desk.advance(1s);
  s.expect("after 2.9 s you have them", told(*r) == "it gave 512 bytes", told(*r));
}

TEST_CASE("a limited read that is closed while it waits fails and leaves the queue") {
  test::story s;
  limited_desk d(4096);
  bool const paying = GENERATE(false, true);
  s.given(paying ? "512 bytes that are not paid for" : "a peer that sends nothing");
  if (paying) d.peer->say(numbered(512));
  s.you("read");
  auto r = d.read();
  s.you("close the stream");
  d.yours->close();
  d.desk.advance(250ms);
  std::string const wanted =
      "it threw: " + asio::system_error(asio::error::operation_aborted).code().message();
  s.expect("the read fails: it was closed", told(*r) == wanted, told(*r));
  s.expect("no place in the queue is left", d.down.waiting() == 0, "one is left");
}
