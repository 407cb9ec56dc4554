// The simulated world: what a link costs, what a connection does, and that a seed
// repeats.
#include "print.hpp"
#include "simulated_desk.hpp"
#include "support/catch.hpp"
#include <asio/error.hpp>
#include <fmt/format.h>

using namespace cotorra;
using namespace cotorra::test;
using io::host;

TEST_CASE("simulation / connecting takes one round trip") {
  simulated_desk d;
  host& a = d.sim.add_host(address(1), {.latency = 10ms});
  host& b = d.sim.add_host(address(2), {.latency = 30ms});
  auto const start = d.sim.now();
  auto const door = b.doors().network.listen(at(b, 80));
  auto const near = d.sim.run(a.doors().network.connect(at(b, 80)));
  CHECK(d.sim.now() - start == 80ms);
  auto const far = d.sim.run(door->accept());
  CHECK(near->remote() == at(b, 80));
  CHECK(far->local() == at(b, 80));
  CHECK(far->remote() == near->local());
  CHECK(near->local().address == a.address());
}

TEST_CASE("simulation / a byte comes after the latency of both hosts") {
  simulated_desk d;
  host& a = d.sim.add_host(address(1), {.latency = 10ms});
  host& b = d.sim.add_host(address(2), {.latency = 30ms});
  auto& w = d.join(a, b);
  auto const start = d.sim.now();
  bool sent = false, ended = false;
  std::size_t came = 0;
  d.sim.spawn(count(*w.far, came, ended));
  d.sim.spawn(send(*w.near, 1, sent));
  CHECK(d.sim.run_until([&] { return came == 1; }, 1s));
  CHECK(d.sim.now() - start == 40ms);
  CHECK(sent);
}

TEST_CASE(
    "simulation / a transfer takes its size divided by the rate of the slower link") {
  simulated_desk d;
  bool const up_is_slow = GENERATE(true, false);
  std::uint64_t const slow = 1'000'000, fast = 10'000'000;
  host& a = d.sim.add_host(address(1), {.up = up_is_slow ? slow : fast});
  host& b = d.sim.add_host(address(2), {.down = up_is_slow ? fast : slow});
  auto& w = d.join(a, b);
  auto const start = d.sim.now();
  std::size_t came = 0;
  bool sent = false, ended = false;
  d.sim.spawn(count(*w.far, came, ended));
  d.sim.spawn(send(*w.near, 5'000'000, sent));
  REQUIRE(d.sim.run_until([&] { return came == 5'000'000; }, 20s));
  CHECK(seconds(d.sim.now() - start) == Approx(5.0).epsilon(0.01));
  CHECK(a.sent() == 5'000'000);
  CHECK(b.received() == 5'000'000);
}

TEST_CASE("simulation / streams share the link of their host evenly") {
  simulated_desk d;
  host& seeder = d.sim.add_host(address(1), {.up = 1'000'000});
  std::vector<simulated_desk::wire*> wires;
  std::vector<std::size_t> came(7, 0);
  bool ended = false;
  for (std::uint32_t i = 0; i < 7; ++i) {
    wires.push_back(&d.join(seeder, d.sim.add_host(address(10 + i))));
    d.sim.spawn(send_forever(*wires[i]->near));
    d.sim.spawn(count(*wires[i]->far, came[i], ended));
  }
  d.sim.run_for(10s);
  std::size_t all = 0;
  for (std::size_t n : came) {
    CHECK(static_cast<double>(n) == Approx(10e6 / 7).epsilon(0.05));
    all += n;
  }
  CHECK(static_cast<double>(all) == Approx(10e6).epsilon(0.05));
}

TEST_CASE("simulation / senders share the link of their reader evenly") {
  simulated_desk d;
  host& leecher = d.sim.add_host(address(1), {.down = 2'000'000});
  std::vector<simulated_desk::wire*> wires;
  std::vector<std::size_t> came(4, 0);
  bool ended = false;
  for (std::uint32_t i = 0; i < 4; ++i) {
    wires.push_back(&d.join(d.sim.add_host(address(10 + i)), leecher));
    d.sim.spawn(send_forever(*wires[i]->near));
    d.sim.spawn(count(*wires[i]->far, came[i], ended));
  }
  d.sim.run_for(10s);
  for (std::size_t n : came) CHECK(static_cast<double>(n) == Approx(5e6).epsilon(0.05));
}

TEST_CASE("simulation / a small message does not wait behind another stream's queue") {
  simulated_desk d;
  host& a = d.sim.add_host(address(1), {.up = 20'000});
  host& b = d.sim.add_host(address(2));
  auto &bulk = d.join(a, b), &quiet = d.join(a, b);
  std::size_t came = 0, quick = 0;
  bool ended = false, sent = false;
  d.sim.spawn(send_forever(*bulk.near));
  d.sim.spawn(count(*bulk.far, came, ended));
  d.sim.spawn(count(*quiet.far, quick, ended));
  d.sim.run_for(1s);
  auto const start = d.sim.now();
  d.sim.spawn(send(*quiet.near, 5, sent));
  CHECK(d.sim.run_until([&] { return quick == 5; }, 1s));
  // twice 5 bytes at 20 kB/s and the latency; a segment of the other stream takes 800 ms
  CHECK(d.sim.now() - start == 10ms + 500us);
}

TEST_CASE("simulation / a new rate counts for what already waits for the link") {
  simulated_desk d;
  host& a = d.sim.add_host(address(1), {.up = 1000});
  auto& w = d.join(a, d.sim.add_host(address(2)));
  std::size_t came = 0;
  bool sent = false, ended = false;
  d.sim.spawn(send(*w.near, 16'000, sent));
  d.sim.spawn(count(*w.far, came, ended));
  d.sim.run_for(1s);
  a.set_link({.up = 1'000'000});
  CHECK(d.sim.run_until([&] { return came == 16'000; }, 30ms));
}

TEST_CASE("simulation / a reader that does not read stops the writer") {
  simulated_desk d;
  auto& w = d.join(d.sim.add_host(address(1)), d.sim.add_host(address(2)));
  bool sent = false, ended = false;
  d.sim.spawn(send(*w.near, 4'000'000, sent));
  d.sim.run_for(60s);
  CHECK_FALSE(sent);
  std::size_t came = 0;
  d.sim.spawn(count(*w.far, came, ended));
  CHECK(d.sim.run_until([&] { return came == 4'000'000; }, 10s));
  CHECK(sent);
}

TEST_CASE("simulation / everything written before close arrives and then the end") {
  simulated_desk d;
  auto& w =
      d.join(d.sim.add_host(address(1), {.up = 10'000}), d.sim.add_host(address(2)));
  bool sent = false;
  d.sim.spawn(send(*w.near, 20'000, sent));
  d.sim.run_for(1ms);
  REQUIRE(sent);
  SECTION("closed") { w.near->close(); }
  SECTION("destroyed") { w.near.reset(); }
  CHECK(d.sim.run(read_all(*w.far)) == std::string(20'000, 'x'));
  CHECK(d.sim.run(read_all(*w.far)).empty());
}

TEST_CASE("simulation / the bytes come in the order in which they were written") {
  io::simulation_options o;
  o.segment = 7;
  simulated_desk d(3, o);
  auto& w = d.join(d.sim.add_host(address(1), {.up = 100'000, .loss = 0.2}),
                   d.sim.add_host(address(2), {.down = 50'000}));
  std::string all;
  for (int i = 0; i < 1000; ++i) all += fmt::format("{},", i);
  auto const text = as_bytes(all);
  bytes const parts[] = {text.first(1), bytes(), text.subspan(1, 100), text.subspan(101)};
  d.sim.spawn(w.near->write(parts));
  d.sim.run_for(1ms);
  w.near->close();
  CHECK(d.sim.run(read_all(*w.far)) == all);
}

TEST_CASE("simulation / writing to a host that has closed fails with a reset") {
  simulated_desk d;
  auto& w = d.join(d.sim.add_host(address(1)), d.sim.add_host(address(2)));
  w.far->close();
  auto const why = failure_of([&] { d.sim.run(send_forever(*w.near)); });
  CHECK(why == asio::error::connection_reset);
}

TEST_CASE("simulation / closing a stream wakes its own reader and writer") {
  simulated_desk d;
  auto& w = d.join(d.sim.add_host(address(1)), d.sim.add_host(address(2)));
  bool sent = false, ended = false;
  std::size_t came = 0;
  SECTION("the reader") { d.sim.spawn(count(*w.near, came, ended)); }
  SECTION("the writer") { d.sim.spawn(send(*w.near, 4'000'000, sent)); }
  d.sim.run_for(1s);
  w.near->close();
  auto const why = failure_of([&] { d.sim.run_for(1s); });
  CHECK(why == asio::error::operation_aborted);
}

TEST_CASE("simulation / a connection to a port without a listener is refused") {
  simulated_desk d;
  host& a = d.sim.add_host(address(1));
  host& b = d.sim.add_host(address(2));
  auto const start = d.sim.now();
  auto const dial = [&] { d.sim.run(a.doors().network.connect(at(b, 80))); };
  CHECK(failure_of(dial) == asio::error::connection_refused);
  CHECK(d.sim.now() - start == 20ms);
}

TEST_CASE("simulation / a connection that gets no answer times out") {
  simulated_desk d;
  host& a = d.sim.add_host(address(1));
  host& b = d.sim.add_host(address(2));
  auto const door = b.doors().network.listen(at(b, 80));
  endpoint to = at(b, 80);
  SECTION("the host is down") { b.set_up(false); }
  SECTION("we are down") { a.set_up(false); }
  SECTION("there is no such host") { to.address = address(99); }
  auto const start = d.sim.now();
  auto const dial = [&] { d.sim.run(a.doors().network.connect(to)); };
  CHECK(failure_of(dial) == asio::error::timed_out);
  CHECK(d.sim.now() - start == 20s);
}

TEST_CASE("simulation / a killed host resets its connections and closes its ports") {
  simulated_desk d;
  host& a = d.sim.add_host(address(1));
  host& b = d.sim.add_host(address(2));
  auto const door = b.doors().network.listen(at(b, 80));
  auto& w = d.join(a, b);
  std::size_t came = 0;
  bool ended = false;
  d.sim.spawn(count(*w.near, came, ended));
  d.sim.run_for(1s);
  b.kill();
  CHECK(failure_of([&] { d.sim.run_for(1s); }) == asio::error::connection_reset);
  auto const dial = [&] { d.sim.run(a.doors().network.connect(at(b, 80))); };
  CHECK(failure_of(dial) == asio::error::connection_refused);
  auto const again = b.doors().network.listen(at(b, 80));
  CHECK(d.sim.run(a.doors().network.connect(at(b, 80))));
}

TEST_CASE("simulation / a connection outlives a pulled cable") {
  simulated_desk d;
  host& a = d.sim.add_host(address(1));
  host& b = d.sim.add_host(address(2));
  auto& w = d.join(a, b);
  (GENERATE(true, false) ? a : b).set_up(false);
  bool sent = false, ended = false;
  std::size_t came = 0;
  d.sim.spawn(count(*w.far, came, ended));
  d.sim.spawn(send(*w.near, 100'000, sent));
  d.sim.run_for(60s);
  CHECK(came == 0);
  a.set_up(true);
  b.set_up(true);
  d.sim.run_for(1s);
  CHECK(came == 100'000);
}

TEST_CASE("simulation / a caller that gives up leaves no open connection behind") {
  simulated_desk d;
  host& a = d.sim.add_host(address(1));
  host& b = d.sim.add_host(address(2));
  auto const door = b.doors().network.listen(at(b, 80));
  io::task_group callers(d.sim.executor());
  auto dial = [](io::network& n, endpoint to) -> io::task<> {
    auto const s = co_await n.connect(to);
    throw std::logic_error("it was cancelled before");
  };
  callers.spawn(dial(a.doors().network, at(b, 80)));
  d.sim.spawn(callers.join());
  d.sim.run_for(15ms); // the listener knows, the caller not yet
  callers.cancel();
  auto const far = d.sim.run(door->accept());
  CHECK(d.sim.run(read_all(*far)).empty());
  CHECK(callers.empty());
}

TEST_CASE("simulation / a host reaches itself at once by loopback or its own address") {
  simulated_desk d;
  host& a = d.sim.add_host(address(1), {.up = 1, .down = 1, .loss = 1});
  ip_address const here = GENERATE(ip_address::v4(0x7f000001), address(1));
  auto const door = a.doors().network.listen({ip_address::v4(0), 80});
  auto const start = d.sim.now();
  auto const near = d.sim.run(a.doors().network.connect({here, 80}));
  auto const far = d.sim.run(door->accept());
  CHECK(far->remote().address == here);
  bool sent = false;
  d.sim.spawn(send(*near, 300'000, sent));
  d.sim.run_until([&] { return sent; }, 1s);
  near->close();
  CHECK(d.sim.run(read_all(*far)).size() == 300'000);
  CHECK(d.sim.now() == start);
}
