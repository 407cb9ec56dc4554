// A network that reports every byte, and only while it is watched.
#include "io/watched_network.hpp"
#include "support/bench.hpp"
#include "support/catch.hpp"
#include "support/memory_network.hpp"

using namespace cotorra;

namespace {

// What was reported, a line each.
struct notes : io::stream_observer {
  std::vector<std::string> said;

  void note(stream_number n, std::string const& what) {
    said.push_back(std::to_string(n) + " " + what);
  }
  void opened(stream_number n, endpoint const& local, endpoint const& remote,
              bool we_dialled) override {
    note(n, (we_dialled ? "to " : "from ") + remote.text() + " at " + local.text());
  }
  void sent(stream_number n, std::span<bytes const> all) override {
    std::string text;
    for (bytes b : all) text += as_text(b);
    note(n, "sent " + text);
  }
  void received(stream_number n, bytes b) override {
    note(n, "received " + std::string(as_text(b)));
  }
  void ended(stream_number n, ending how) override {
    constexpr char const* names[] = {"remote finished", "broken", "closed"};
    note(n, names[static_cast<std::size_t>(how)]);
  }
};

struct watched_desk {
  test::bench desk;
  test::memory_network plain{desk.executor()};
  notes seen;
  std::optional<io::watched_network> net{std::in_place, plain, seen};
  endpoint const there = *endpoint::parse("192.0.2.1:6881");

  std::unique_ptr<io::stream> dial(io::listener& door, std::unique_ptr<io::stream>& far) {
    auto const coming = desk.start(door.accept());
    auto const dialled = desk.start(net->connect(there));
    desk.settle();
    far = coming->get();
    return dialled->get();
  }
};

io::task<std::string> read_text(io::stream& from) {
  buffer into(100);
  auto reading = from.read_some(into);
  std::size_t const n = co_await std::move(reading);
  co_return std::string(as_text(into).substr(0, n));
}

io::task<> write_two(io::stream& to) {
  bytes const both[] = {as_bytes("he"), as_bytes("llo")};
  auto writing = to.write(both);
  co_await std::move(writing);
}

} // namespace

TEST_CASE("a watched network reports a dialled connection from its opening to its end") {
  watched_desk d;
  auto const door = d.plain.listen(d.there);
  std::unique_ptr<io::stream> far;
  auto near = d.dial(*door, far);
  d.desk.start(write_two(*near));
  auto& wire = static_cast<test::addressed_stream&>(*far).wire();
  wire.say(as_bytes("hi"));
  auto const first = d.desk.start(read_text(*near));
  d.desk.settle();
  CHECK(first->get() == "hi");
  CHECK(as_text(wire.heard()) == "hello");
  far->close();
  auto const last = d.desk.start(read_text(*near));
  d.desk.settle();
  CHECK(last->get().empty());
  near->close();
  near.reset(); // closed is reported once
  CHECK(d.seen.said == std::vector<std::string>{"1 to 192.0.2.1:6881 at 10.0.0.1:49152",
                                                "1 sent hello", "1 received hi",
                                                "1 remote finished", "1 closed"});
}

TEST_CASE("a watched network reports a connection that came, by its other number") {
  watched_desk d;
  auto const door = d.net->listen(d.there);
  std::unique_ptr<io::stream> far;
  auto near = d.dial(*door, far);
  CHECK(far->remote() == near->local());
  far.reset(); // it may go without close()
  CHECK(d.seen.said == std::vector<std::string>{"1 to 192.0.2.1:6881 at 10.0.0.1:49152",
                                                "2 from 10.0.0.1:49152 at 192.0.2.1:6881",
                                                "2 closed"});
}

TEST_CASE("a stream that outlives its watched network still works, and is silent") {
  watched_desk d;
  auto const door = d.plain.listen(d.there);
  std::unique_ptr<io::stream> far;
  auto near = d.dial(*door, far);
  d.net.reset();
  d.seen.said.clear();
  d.desk.start(write_two(*near));
  d.desk.settle();
  CHECK(as_text(static_cast<test::addressed_stream&>(*far).wire().heard()) == "hello");
  near.reset();
  CHECK(d.seen.said.empty());
}

TEST_CASE("a connection that is refused is not reported") {
  watched_desk d;
  auto const dialled = d.desk.start(d.net->connect(d.there));
  d.desk.settle();
  CHECK_THROWS_AS(dialled->get(), std::system_error);
  CHECK(d.seen.said.empty());
}
