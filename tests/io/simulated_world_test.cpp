// The rest of the simulated world: datagrams, ports, names, workers, and that a seed
// repeats.
#include "io/offload.hpp"
#include "print.hpp"
#include "simulated_desk.hpp"
#include "support/catch.hpp"
#include <asio/error.hpp>

using namespace cotorra;
using namespace cotorra::test;
using io::host;

namespace {

struct mail {
  std::vector<unsigned> numbers;
  endpoint from;
};

io::task<> take_mail(io::datagram_socket& at, mail& box) {
  buffer into(2000);
  for (;;) {
    io::datagram const d = co_await at.receive_from(into);
    box.from = d.from;
    box.numbers.push_back(get_u32(into));
  }
}

io::task<> send_mail(io::datagram_socket& from, endpoint to, unsigned count,
                     io::clock& time, duration pause) {
  for (unsigned i = 0; i < count; ++i) {
    buffer packet;
    put_u32(packet, i);
    packet.resize(100);
    co_await from.send_to(to, packet);
    co_await time.sleep_for(pause);
  }
}

// `count` datagrams from a host with such a link: what came.
mail mail_over(io::link l, unsigned count, duration pause, std::uint64_t seed = 5) {
  simulated_desk d(seed);
  host& a = d.sim.add_host(address(1), l);
  host& b = d.sim.add_host(address(2));
  auto const from = a.doors().network.open_datagram_socket({ip_address::v4(0), 7});
  auto const to = b.doors().network.open_datagram_socket(at(b, 9));
  mail box;
  d.sim.spawn(take_mail(*to, box));
  d.sim.run(send_mail(*from, at(b, 9), count, d.sim.clock(), pause));
  d.sim.run_for(10s);
  CHECK(box.from == at(a, 7));
  d.sim.end();
  return box;
}

// A lively world: the hash of what happened in it.
std::uint64_t busy_world(std::uint64_t seed) {
  simulated_desk d(seed);
  host& a = d.sim.add_host(address(1), {.up = 500'000, .loss = 0.1, .jitter = 3ms});
  host& b = d.sim.add_host(address(2), {.down = 300'000, .loss = 0.1});
  auto& w = d.join(a, b);
  auto const from = a.doors().network.open_datagram_socket(at(a, 7));
  std::size_t came = 0;
  bool ended = false;
  d.sim.spawn(send_forever(*w.near));
  d.sim.spawn(count(*w.far, came, ended));
  d.sim.spawn(send_mail(*from, at(b, 9), 100, d.sim.clock(), 10ms));
  d.sim.run_for(2s);
  return d.sim.trace();
}

} // namespace

TEST_CASE("simulation / datagrams come with their sender's endpoint and in order") {
  mail const box = mail_over({}, 100, 0s);
  CHECK(box.numbers.size() == 100);
  CHECK(std::is_sorted(box.numbers.begin(), box.numbers.end()));
}

TEST_CASE("simulation / datagrams are lost as often as the link says") {
  mail const box = mail_over({.loss = 0.2}, 5000, 1ms);
  CHECK(static_cast<double>(box.numbers.size()) == Approx(4000).epsilon(0.03));
}

TEST_CASE("simulation / jitter lets datagrams overtake") {
  mail const box = mail_over({.jitter = 20ms}, 200, 1ms);
  CHECK(box.numbers.size() == 200);
  CHECK_FALSE(std::is_sorted(box.numbers.begin(), box.numbers.end()));
}

TEST_CASE("simulation / more datagrams than the link carries are dropped") {
  mail const box = mail_over({.up = 1000}, 5000, 0s); // 500 kB into 256 KiB
  CHECK(box.numbers.size() < 200);
  mail const slow = mail_over({.up = 100'000}, 5000, 0s);
  CHECK(slow.numbers.size() == Approx(2622).margin(2));
}

TEST_CASE("simulation / a datagram that finds no receiver is dropped without an error") {
  simulated_desk d;
  host& a = d.sim.add_host(address(1));
  host& b = d.sim.add_host(address(2));
  auto const from = a.doors().network.open_datagram_socket(at(a, 7));
  auto const box = b.doors().network.open_datagram_socket(at(b, 9));
  mail came;
  d.sim.spawn(take_mail(*box, came));
  endpoint to = at(b, 9);
  SECTION("nobody has the address") { to.address = address(3); }
  SECTION("nobody has the port") { to.port = 10; }
  SECTION("the host is down") { b.set_up(false); }
  d.sim.run(send_mail(*from, to, 3, d.sim.clock(), 1s));
  CHECK(came.numbers.empty());
  d.sim.end();
}

TEST_CASE(
    "simulation / closing a socket or listener wakes the coroutine that waits for it") {
  simulated_desk d;
  host& a = d.sim.add_host(address(1));
  mail box;
  auto const socket = a.doors().network.open_datagram_socket(at(a, 7));
  auto const door = a.doors().network.listen(at(a, 7));
  auto accept = [](io::listener& l) -> io::task<> {
    auto const s = co_await l.accept();
    throw std::logic_error("nobody dialled");
  };
  SECTION("socket") { d.sim.spawn(take_mail(*socket, box)); }
  SECTION("listener") { d.sim.spawn(accept(*door)); }
  d.sim.run_for(1s);
  socket->close();
  door->close();
  CHECK(failure_of([&] { d.sim.run_for(1s); }) == asio::error::operation_aborted);
}

TEST_CASE("simulation / a port has one owner and port 0 is the next free one") {
  simulated_desk d;
  host& a = d.sim.add_host(address(1));
  io::network& net = a.doors().network;
  auto const first = net.listen({a.address(), 0}), second = net.listen({a.address(), 0});
  CHECK(first->local().port != 0);
  CHECK(first->local().port != second->local().port);
  CHECK(failure_of([&] { net.listen(first->local()); }) == asio::error::address_in_use);
  first->close();
  CHECK_NOTHROW(net.listen(first->local()));
  CHECK(failure_of([&] { net.listen({address(77), 0}); }) ==
        std::errc::address_not_available);
}

TEST_CASE("simulation / a host with two families is reached by both") {
  simulated_desk d;
  host& a = d.sim.add_host(address(1));
  host& b = d.sim.add_host(address(2));
  ip_address const six = *ip_address::parse("2001:db8::2");
  b.add_address(six);
  auto const door = b.doors().network.listen({six, 80});
  auto const dial = [&] { d.sim.run(a.doors().network.connect({six, 80})); };
  CHECK(failure_of(dial) == asio::error::network_unreachable);
  a.add_address(*ip_address::parse("2001:db8::1"));
  CHECK_NOTHROW(dial());
}

TEST_CASE("simulation / a name resolves to the addresses that were added for it") {
  simulated_desk d;
  io::network& net = d.sim.add_host(address(1)).doors().network;
  d.sim.add_name("tracker.example", address(2));
  d.sim.add_name("tracker.example", address(3));
  using list = std::vector<ip_address>;
  CHECK(d.sim.run(net.resolve("tracker.example")) == list{address(2), address(3)});
  CHECK(d.sim.run(net.resolve("10.0.0.9")) == list{address(9)});
  CHECK(d.sim.run(net.resolve("localhost")).front().is_loopback());
  auto const unknown = [&] { d.sim.run(net.resolve("nowhere.example")); };
  CHECK(failure_of(unknown) == asio::error::host_not_found);
}

TEST_CASE("simulation / a job takes the job time of the options") {
  io::simulation_options o;
  o.job_time = 10ms;
  simulated_desk d(1, o);
  io::world const here = d.sim.add_host(address(1)).doors();
  auto const start = d.sim.now();
  CHECK(d.sim.run(io::offload(here.workers, [] { return 42; })) == 42);
  CHECK(d.sim.now() - start == 10ms);
}

TEST_CASE("simulation / the same seed makes the same world and a different seed a "
          "different one") {
  auto const once = busy_world(1);
  CHECK(once == busy_world(1));
  CHECK(once != busy_world(2));
}

TEST_CASE("simulation / hosts draw their own random numbers from the seed") {
  auto const draw = [](std::uint64_t seed) {
    simulated_desk d(seed);
    auto const first = d.sim.add_host(address(1)).doors().random.next();
    return std::pair(first, d.sim.add_host(address(2)).doors().random.next());
  };
  CHECK(draw(1) == draw(1));
  CHECK(draw(1) != draw(2));
  CHECK(draw(1).first != draw(1).second);
}

TEST_CASE(
    "simulation / a world that ends destroys the coroutines that still wait in it") {
  std::size_t came = 0;
  bool ended = false, sent = false;
  mail box;
  simulated_desk d;
  host& a = d.sim.add_host(address(1), {.up = 1000});
  host& b = d.sim.add_host(address(2));
  auto& w = d.join(a, b);
  auto const box_at = b.doors().network.open_datagram_socket(at(b, 9));
  d.sim.spawn(count(*w.far, came, ended));
  d.sim.spawn(send(*w.near, 4'000'000, sent));
  d.sim.spawn(take_mail(*box_at, box));
  auto dial = [](io::network& n, endpoint to) -> io::task<> {
    auto const s = co_await n.connect(to);
  };
  d.sim.spawn(dial(a.doors().network, endpoint{address(99), 80}));
  d.sim.run_for(5s);
  CHECK_FALSE(sent);
  d.sim.end();
}

TEST_CASE("simulation / fifty hosts that exchange some MiB each are quick to run") {
  simulated_desk d;
  std::vector<host*> hosts;
  for (std::uint32_t i = 0; i < 50; ++i)
    hosts.push_back(
        &d.sim.add_host(address(1 + i), {.up = 1'000'000, .down = 4'000'000}));
  std::vector<simulated_desk::wire*> wires;
  std::vector<std::size_t> came(200, 0);
  bool ended = false;
  for (std::size_t i = 0; i < came.size(); ++i) {
    wires.push_back(&d.join(*hosts[i % 50], *hosts[(i + 1 + i / 50) % 50]));
    d.sim.spawn(send_forever(*wires[i]->near));
    d.sim.spawn(count(*wires[i]->far, came[i], ended));
  }
  d.sim.run_for(4s);
  std::size_t all = 0;
  for (std::size_t n : came) all += n;
  CHECK(static_cast<double>(all) > 150e6);
}
