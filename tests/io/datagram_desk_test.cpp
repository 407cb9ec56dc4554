// One socket that several users share.
#include "io/datagram_desk.hpp"
#include "print.hpp"
#include "simulated_desk.hpp"
#include "support/catch.hpp"

using namespace cotorra;
using namespace cotorra::test;
using io::host;

namespace {

constexpr std::uint16_t desk_port = 6000;

struct desk_scene : simulated_desk {
  host& here = sim.add_host(address(1));
  host& there = sim.add_host(address(2));
  io::datagram_desk desk{sim.executor(), here.doors().network, at(here, desk_port)};
  std::unique_ptr<io::datagram_socket> sender =
      there.doors().network.open_datagram_socket(at(there, 7000));
  std::vector<std::unique_ptr<io::datagram_socket>> taken;

  ~desk_scene() { sim.end(); } // before the seats

  // A user that wants the packets that begin with this letter.
  io::datagram_socket* seat(char letter, std::size_t room = 1000) {
    auto const mine = [letter](bytes packet, endpoint const&) {
      return as_text(packet).starts_with(letter);
    };
    taken.push_back(desk.take_seat(mine, room));
    return taken.back().get();
  }
  void leave(io::datagram_socket* seat) {
    std::erase_if(taken, [seat](auto const& one) { return one.get() == seat; });
  }
  void send(std::string const& text) {
    sim.run(sender->send_to(at(here, desk_port), as_bytes(text)));
    sim.run_for(1s);
  }
};

using texts = std::vector<std::string>;

io::task<> read(io::datagram_socket& from, texts& into, std::size_t count = 1000) {
  buffer packet(100);
  while (into.size() < count) {
    io::datagram const d = co_await from.receive_from(packet);
    into.emplace_back(as_text(bytes(packet).first(d.size)));
  }
}

io::task<> read_in(io::task_group& group, io::datagram_socket& from, texts& into) {
  group.spawn(read(from, into), "reader");
  co_await group.join();
}

} // namespace

TEST_CASE("desk / a packet goes to the seat that wants it") {
  desk_scene s;
  auto const a = s.seat('a'), b = s.seat('b');
  texts got_a, got_b;
  s.sim.spawn(read(*a, got_a));
  s.sim.spawn(read(*b, got_b));
  for (std::string const text : {"a1", "b1", "b2", "a2", "b3"}) s.send(text);
  CHECK(got_a == texts{"a1", "a2"});
  CHECK(got_b == texts{"b1", "b2", "b3"});
  CHECK(a->local() == b->local());
  CHECK(s.desk.count().received == 5);
  CHECK(s.desk.count().unclaimed == 0);
}

TEST_CASE("desk / the seat that was taken first is asked first") {
  desk_scene s;
  auto const first = s.seat('a'), second = s.seat('a');
  texts got;
  s.sim.spawn(read(*first, got));
  s.send("a");
  CHECK(got == texts{"a"});
  CHECK(second->local() == first->local());
}

TEST_CASE("desk / a packet that no seat wants is counted") {
  desk_scene s;
  auto const a = s.seat('a');
  texts got;
  s.sim.spawn(read(*a, got));
  s.send("x");
  s.send("");
  CHECK(got.empty());
  CHECK(s.desk.count().unclaimed == 2);
}

TEST_CASE("desk / a user that has its packet hands the receiving on") {
  desk_scene s;
  auto const a = s.seat('a'), b = s.seat('b'), c = s.seat('c');
  texts got_a, got_b, got_c;
  s.sim.spawn(read(*a, got_a, 1)); // receives for all, and then goes
  s.sim.spawn(read(*b, got_b, 1));
  s.sim.spawn(read(*c, got_c));
  for (std::string const text : {"a", "c1", "b", "c2"}) s.send(text);
  CHECK(got_a == texts{"a"});
  CHECK(got_b == texts{"b"});
  CHECK(got_c == texts{"c1", "c2"});
}

TEST_CASE("desk / several packets at once reach all users") {
  desk_scene s;
  auto const a = s.seat('a'), b = s.seat('b'), c = s.seat('c');
  texts got_a, got_b, got_c;
  s.sim.spawn(read(*a, got_a, 1));
  s.sim.spawn(read(*b, got_b, 1));
  s.sim.spawn(read(*c, got_c));
  texts const all{"b", "a", "c1", "c2"};
  for (std::string const& text : all)
    s.sim.spawn(s.sender->send_to(at(s.here, desk_port), as_bytes(text)));
  s.sim.run_for(1s);
  CHECK(got_a.size() + got_b.size() + got_c.size() == 4);
  s.send("c3");
  CHECK(got_c.size() == 3);
}

TEST_CASE("desk / a user that is cancelled hands the receiving on") {
  desk_scene s;
  auto const a = s.seat('a'), b = s.seat('b');
  texts got_a, got_b;
  io::task_group leaving(s.sim.executor());
  s.sim.spawn(read_in(leaving, *a, got_a)); // it receives for both
  s.sim.spawn(read(*b, got_b));
  s.send("b1");
  leaving.cancel();
  s.send("b2");
  CHECK(got_b == texts{"b1", "b2"});
}

TEST_CASE("desk / a seat that leaves takes its packets along") {
  desk_scene s;
  auto const a = s.seat('a'), b = s.seat('b');
  texts got;
  s.sim.spawn(read(*b, got));
  s.send("a");
  s.leave(a);
  CHECK(s.desk.seats() == 1);
  s.send("a");
  s.send("b");
  CHECK(s.desk.count().unclaimed == 1);
  CHECK(got == texts{"b"});
}

TEST_CASE("desk / a closed seat neither sends nor receives") {
  desk_scene s;
  auto const a = s.seat('a'), b = s.seat('b');
  texts got_a, got_b;
  s.sim.spawn(read(*b, got_b)); // receives for both
  bool ended = false;
  auto const waits = [](io::datagram_socket& from, texts& into,
                        bool& over) -> io::task<> {
    try {
      co_await read(from, into);
    } catch (std::system_error const&) {
      over = true;
    }
  };
  s.sim.spawn(waits(*a, got_a, ended));
  s.sim.run_for(1s);
  a->close();
  s.sim.run_for(1s);
  CHECK(ended);
  CHECK(failure_of([&] { s.sim.run(a->send_to(at(s.there, 7000), as_bytes("x"))); }) ==
        asio::error::operation_aborted);
  s.send("b");
  CHECK(got_b == texts{"b"});
}

TEST_CASE("desk / packets past a seat's room are dropped and counted") {
  desk_scene s;
  auto const a = s.seat('a', 300), b = s.seat('b');
  texts got_a, got_b;
  s.sim.spawn(read(*b, got_b));
  for (int i = 0; i < 5; ++i) s.send("a" + std::string(35, '.')); // 36 + 64 each
  CHECK(s.desk.count().dropped == 2);
  s.sim.spawn(read(*a, got_a));
  s.send("b");
  CHECK(got_a.size() == 3);
  s.send("a");
  CHECK(got_a.size() == 4); // there is room again
}

TEST_CASE("desk / a seat may outlive its desk") {
  desk_scene s;
  auto const other = s.there.doors().network.open_datagram_socket(at(s.there, 7001));
  std::unique_ptr<io::datagram_socket> a;
  {
    io::datagram_desk gone(s.sim.executor(), s.here.doors().network, at(s.here, 6001));
    a = gone.take_seat([](bytes, endpoint const&) { return true; });
  }
  texts got;
  s.sim.spawn(read(*other, got));
  s.sim.run(a->send_to(at(s.there, 7001), as_bytes("hello")));
  s.sim.run_for(1s);
  CHECK(got == texts{"hello"});
  s.sim.end();
}

TEST_CASE("desk / the socket is opened with the first seat, and an error is told then") {
  desk_scene s;
  io::datagram_desk taken(s.sim.executor(), s.there.doors().network, at(s.there, 7000));
  CHECK(failure_of([&] {
          taken.take_seat([](bytes, endpoint const&) { return true; });
        }) == asio::error::address_in_use);
  s.sender.reset();
  CHECK_NOTHROW(taken.take_seat([](bytes, endpoint const&) { return true; }));
}
