// The ground under every conversation: groups, deadlines, the reader, the outbox, the
// memory pipe.
#include "base/error.hpp"
#include "io/deadline.hpp"
#include "io/memory_pipe.hpp"
#include "io/offload.hpp"
#include "io/outbox.hpp"
#include "io/reader.hpp"
#include "print.hpp"
#include "support/bench.hpp"
#include "support/catch.hpp"
#include "support/joined_group.hpp"
#include "support/story.hpp"
#include <asio/post.hpp>

using namespace cotorra;
using test::bench;

namespace {

io::task<> sleep_then_throw(io::clock& time, duration d, errc code) {
  co_await time.sleep_for(d);
  throw protocol_error(code, "planned");
}

io::task<> run_two(bench& desk, duration first, duration second) {
  io::task_group group(desk.executor());
  group.spawn(sleep_then_throw(desk.clock, first, errc::timed_out));
  group.spawn(sleep_then_throw(desk.clock, second, errc::bad_piece));
  co_await group.join();
}

// How it ended, if it did: for a story.
template <class T> std::string ending(test::running<T> const& r) {
  if (!r.done) return "it still waits";
  if (!r.error) return "a result";
  try {
    std::rethrow_exception(r.error);
  } catch (protocol_error const& e) {
    return std::string(name(e.code()));
  } catch (std::system_error const&) {
    return "it was cancelled";
  } catch (std::exception const& e) {
    return std::string("it threw: ") + e.what();
  }
}

// The same for bytes that were taken.
std::string ending_of(test::running<std::string> const& r) {
  if (!r.done || r.error) return ending(r);
  return fmt::format("a result of {} bytes", r.value->size());
}

// What lies on a wire and has not been read, seen from the end where it should come.
std::string on_the_wire(io::memory_stream const& near, io::memory_stream const& far) {
  if (!near.heard().empty())
    return fmt::format(", though \"{}\" lies there", as_text(near.heard()));
  if (!far.heard().empty())
    return fmt::format("; \"{}\" lies at the peer's own end", as_text(far.heard()));
  return ", and nothing lies there";
}

errc code_of(std::exception_ptr e) {
  try {
    std::rethrow_exception(e);
  } catch (protocol_error const& p) {
    return p.code();
  }
}

// Cancels `whom` this many steps later.
void cancel_later(io::executor ex, test::joined_group& whom, int steps) {
  if (steps == 0) return whom.cancel();
  asio::post(ex, [ex, &whom, steps] { cancel_later(ex, whom, steps - 1); });
}

io::task<> end_and_cancel(bench& desk, test::joined_group& whom, int steps) {
  co_await desk.clock.sleep_for(1s);
  cancel_later(desk.executor(), whom, steps);
}

io::task<> join_then_sleep(bench& desk, test::joined_group& outer, int steps) {
  io::task_group inner(desk.executor());
  inner.spawn(end_and_cancel(desk, outer, steps));
  co_await inner.join();
  co_await desk.clock.sleep_for(1h);
}

io::task<std::string> take_text(io::reader& in, std::size_t n) {
  bytes const got = co_await in.take(n);
  if (n != 0 && !got.data()) throw std::logic_error("you gave out what was never read");
  co_return std::string(as_text(got));
}

struct inline_workers : io::workers {
  void post(std::function<void()> job) override { job(); }
  unsigned count() const override { return 1; }
};

} // namespace

TEST_CASE("a reader that waits for bytes is woken when they come") {
  test::story s;
  bench desk;
  auto [near, far] = io::memory_stream::pair(desk.executor());
  buffer place(10);
  s.you("await what a stream brings, into a place of 10 bytes");
  auto r = desk.start(near->read_some(place));
  s.expect("you are suspended", !r->done, ending(*r));
  s.peer("sends yes");
  far->say(as_bytes("yes"));
  desk.settle();
  s.expect("you are resumed", r->done, ending(*r) + on_the_wire(*near, *far));
  s.expect_bytes("with these bytes", as_bytes("yes"), bytes(place).first(r->get()));
  s.you("await what comes next");
  r = desk.start(near->read_some(place));
  s.expect("you are suspended again", !r->done, ending(*r));
}

TEST_CASE("what is said twice before it is read comes in order") {
  test::story s;
  bench desk;
  auto [near, far] = io::memory_stream::pair(desk.executor());
  buffer place(10);
  s.peer("sends one, then nothing, then two, before you read");
  far->say(as_bytes("one"));
  far->say({});
  far->say(as_bytes("two"));
  s.you("read");
  auto r = desk.start(near->read_some(place));
  s.expect("you need not wait", r->done, ending(*r) + on_the_wire(*near, *far));
  s.expect_bytes("both came", as_bytes("onetwo"), bytes(place).first(r->get()));
}

TEST_CASE("each direction of a wire keeps its own bytes") {
  test::story s;
  bench desk;
  auto [near, far] = io::memory_stream::pair(desk.executor());
  s.you("say ping");
  near->say(as_bytes("ping"));
  s.peer("says pong");
  far->say(as_bytes("pong"));
  s.you("say !");
  near->say(as_bytes("!"));
  s.expect_bytes("ping! is at the peer's end", as_bytes("ping!"), far->heard());
  s.expect_bytes("pong is at yours", as_bytes("pong"), near->heard());
}

TEST_CASE("the reader gives the same bytes wherever the stream cuts them") {
  std::string const all = "0123456789abcdef";
  for (std::size_t cut = 1; cut < all.size(); ++cut) {
    test::story s;
    bench desk;
    auto [near, far] = io::memory_stream::pair(desk.executor());
    io::reader in(*near);
    s.peer("sends " + all.substr(0, cut));
    far->say(as_bytes(all).first(cut));
    s.you("take 16 bytes");
    auto r = desk.start(take_text(in, all.size()));
    s.expect("you wait", !r->done, ending_of(*r));
    s.peer("sends the rest: " + all.substr(cut));
    far->say(as_bytes(all).subspan(cut));
    desk.settle();
    std::string const came = ending_of(*r);
    s.expect("you have them", came == "a result of 16 bytes", came);
    s.expect_bytes("all 16, in order", as_bytes(all), as_bytes(*r->value));
  }
}

TEST_CASE("bytes that are there are given at once, and the rest stays for the next") {
  test::story s;
  bench desk;
  auto [near, far] = io::memory_stream::pair(desk.executor());
  io::reader in(*near);
  auto const take = [&](std::size_t n, std::string_view wanted) {
    s.you(fmt::format("take {}", n));
    auto r = desk.start(take_text(in, n));
    std::string const came = ending_of(*r), all = fmt::format("a result of {} bytes", n);
    s.expect("you need not wait", came == all, came);
    s.expect_bytes("you have them", as_bytes(wanted), as_bytes(*r->value));
  };
  s.peer("sends abcd");
  far->say(as_bytes("abcd"));
  take(1, "a");
  take(1, "b");
  take(0, "");
  take(2, "cd");
  s.you("take 1");
  auto r = desk.start(take_text(in, 1));
  s.expect("you wait: all four have been taken", !r->done, ending_of(*r));
  s.peer("sends e");
  far->say(as_bytes("e"));
  desk.settle();
  std::string const came = ending_of(*r);
  s.expect("you have it", came == "a result of 1 bytes", came);
  s.expect_bytes("and it is the new one", as_bytes("e"), as_bytes(*r->value));
}

TEST_CASE("a stream that ends inside a message is an error with a name") {
  test::story s;
  bench desk;
  auto [near, far] = io::memory_stream::pair(desk.executor());
  io::reader in(*near);
  s.you("take 4 bytes");
  auto r = desk.start(take_text(in, 4));
  s.peer("sends abc, and closes");
  far->say(as_bytes("abc"));
  far->close();
  desk.settle();
  s.expect("it ends with end_of_stream", ending(*r) == "end_of_stream", ending_of(*r));
}

TEST_CASE("a stream that ends behind the last message is no error") {
  test::story s;
  bench desk;
  auto [near, far] = io::memory_stream::pair(desk.executor());
  io::reader in(*near);
  s.peer("sends abcd, and closes");
  far->say(as_bytes("abcd"));
  far->close();
  s.you("take 4 bytes");
  auto r = desk.start(take_text(in, 4));
  std::string const came = ending_of(*r);
  s.expect("you have them", came == "a result of 4 bytes", came);
}

TEST_CASE("a reader whose wire is closed at its own end has no bytes to give") {
  test::story s;
  bench desk;
  auto [near, far] = io::memory_stream::pair(desk.executor());
  io::reader in(*near);
  s.you("take 4 bytes");
  auto r = desk.start(take_text(in, 4));
  s.peer("sends abc");
  far->say(as_bytes("abc"));
  desk.settle();
  s.you("close the wire, elsewhere in the program");
  near->close();
  desk.settle();
  s.expect("the reader is cancelled", ending(*r) == "it was cancelled", ending_of(*r));
}

TEST_CASE("a failure can name the line that waits for bytes") {
  test::story s;
  bench desk;
  auto [near, far] = io::memory_stream::pair(desk.executor());
  io::reader in(*near);
  s.you("take 4 bytes, in a line of coroutine_test.cpp");
  auto r = desk.start(take_text(in, 4));
  std::string names;
  for (source_location const& line : io::memory_stream::who_waits()) {
    std::string const file = line.file_name();
    names += file.substr(file.find_last_of('/') + 1);
  }
  s.expect("the line that waits is in the caller's file", names == "coroutine_test.cpp",
           names.empty() ? "no line waits" : "it is in " + names);
}

TEST_CASE("a group reports the first failure in time, not in order") {
  test::story s;
  bench desk;
  s.given("a group of two: one fails after 2 s (timed_out), one after 1 s (bad_piece)");
  auto r = desk.start(run_two(desk, 2s, 1s));
  s.time("1 s passes");
  desk.advance(1s);
  s.expect("the group ends with bad_piece", ending(*r) == "bad_piece", ending(*r));
  s.expect("no sleeper is left", !desk.clock.next(), "a sleeper is left");
}

TEST_CASE("cancelling the coroutine that joins ends the members too") {
  bench desk;
  test::joined_group outer(desk);
  outer.spawn(run_two(desk, 5s, 9s));
  desk.settle();
  outer.cancel();
  desk.settle();
  CHECK(outer.empty());
  CHECK_FALSE(desk.clock.next());
}

TEST_CASE("a cancellation that comes with the end of the last member is not lost") {
  for (int steps = 0; steps < 8; ++steps) {
    INFO(steps);
    bench desk;
    test::joined_group outer(desk);
    outer.spawn(join_then_sleep(desk, outer, steps));
    desk.advance(1s);
    CHECK(outer.empty());
    outer.cancel();
    desk.settle();
  }
}

TEST_CASE("work that is done in time is not disturbed by its deadline") {
  bench desk;
  auto [near, far] = io::memory_stream::pair(desk.executor());
  io::reader in(*near);
  auto r = desk.start(io::within(desk.clock, desk.clock.now() + 10s, take_text(in, 3)));
  desk.advance(9s);
  CHECK_FALSE(r->done);
  far->say(as_bytes("yes"));
  desk.settle();
  CHECK(r->get() == "yes");
}

TEST_CASE("work that is not done in time fails with timed_out") {
  bench desk;
  auto [near, far] = io::memory_stream::pair(desk.executor());
  io::reader in(*near);
  auto r = desk.start(io::within(desk.clock, desk.clock.now() + 10s, take_text(in, 3)));
  far->say(as_bytes("ye"));
  desk.advance(10s);
  CHECK(ending(*r) == "timed_out");
}

TEST_CASE("the outbox sends small messages and blocks in order, in one write") {
  bench desk;
  auto [near, far] = io::memory_stream::pair(desk.executor());
  io::outbox out(desk.executor());
  auto block = std::make_shared<buffer>(3, std::byte{'#'});
  out.send(as_bytes("one "));
  out.send(as_bytes("two "));
  out.send(*block, block);
  out.send(as_bytes(" three"));
  CHECK(out.queued() == 17);
  auto writer = desk.start(out.run(*near));
  CHECK(as_text(far->heard()) == "one two ### three");
  CHECK(out.queued() == 0);
  CHECK(block.use_count() == 1);
  out.send(as_bytes("!"));
  desk.settle();
  CHECK(as_text(far->heard()) == "one two ### three!");
}

TEST_CASE("offload brings back the result or the exception") {
  bench desk;
  inline_workers pool;
  CHECK(desk.run(io::offload(pool, [] { return 42; })) == 42);
  auto failed = desk.start(
      io::offload(pool, []() -> int { throw protocol_error(errc::bad_piece, "x"); }));
  REQUIRE(failed->done);
  CHECK(code_of(failed->error) == errc::bad_piece);
}
