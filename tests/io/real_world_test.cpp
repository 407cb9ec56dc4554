// The real world over loopback, briefly: the same doors, with the system behind them. The
// only file here that opens ports; it asks for port 0 and never sleeps. A machine may
// have no IPv6, and may not know the name localhost: then those lines are left out, and
// say so.
#include "io/offload.hpp"
#include "io/real_world.hpp"
#include "io/task_group.hpp"
#include "print.hpp"
#include "support/catch.hpp"
#include <asio/co_spawn.hpp>
#include <asio/error.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/system_error.hpp>
#include <thread>

using namespace cotorra;

namespace {

// Runs it to its end in the real world, and throws what it throws.
void run(io::real_world& world, io::task<> body) {
  std::exception_ptr failure;
  asio::co_spawn(world.context(), std::move(body),
                 [&](std::exception_ptr e) { failure = e; });
  world.context().restart();
  world.context().run();
  if (failure) std::rethrow_exception(failure);
}

ip_address loopback(bool v6) { return *ip_address::parse(v6 ? "::1" : "127.0.0.1"); }

io::task<> echo_once(io::listener& door) {
  auto const s = co_await door.accept();
  buffer some(64 * 1024);
  for (;;) {
    std::size_t const n = co_await s->read_some(some);
    if (n == 0) break;
    bytes const got = bytes(some).first(n);
    co_await io::write(*s, got);
  }
}

io::task<> write_and_forget(io::stream& to, bytes all) { co_await io::write(to, all); }

io::task<> read_exactly(io::stream& from, mutable_bytes into) {
  while (!into.empty()) {
    std::size_t const n = co_await from.read_some(into);
    if (n == 0) throw std::logic_error("the stream has ended");
    into = into.subspan(n);
  }
  from.close();
}

io::task<> talk_to_echo(io::world world, bool v6) {
  buffer sent(1024 * 1024), came(sent.size());
  world.random.fill(sent);
  auto const door = world.network.listen({loopback(v6), 0});
  io::task_group group(world.executor);
  group.spawn(echo_once(*door), "server");
  auto const near = co_await world.network.connect(door->local());
  CHECK(near->remote() == door->local());
  group.spawn(write_and_forget(*near, sent), "writer");
  group.spawn(read_exactly(*near, came), "reader");
  co_await group.join();
  CHECK(came == sent);
}

io::task<> send_one_datagram(io::world world, bool v6) {
  auto const a = world.network.open_datagram_socket({loopback(v6), 0});
  auto const b = world.network.open_datagram_socket({loopback(v6), 0});
  bytes const text = as_bytes("ping");
  co_await a->send_to(b->local(), text);
  buffer into(100);
  io::datagram const d = co_await b->receive_from(into);
  CHECK(d.from == a->local());
  CHECK(as_text(bytes(into).first(d.size)) == "ping");
}

// A reader that gets nothing until it is closed or cancelled.
io::task<> read_silence(io::stream& from, asio::error_code& why) {
  buffer into(10);
  try {
    co_await from.read_some(into);
  } catch (asio::system_error const& e) {
    why = e.code();
    throw;
  }
}

io::task<> end_soon(io::world world, bool by_cancel, io::task_group& group,
                    io::stream& near) {
  time_point const soon = world.clock.now();
  co_await world.clock.sleep_until(soon);
  if (by_cancel)
    group.cancel();
  else
    near.close();
}

io::task<> end_silence(io::world world, bool by_cancel, asio::error_code& why) {
  auto const door = world.network.listen({loopback(false), 0});
  auto const near = co_await world.network.connect(door->local());
  auto const far = co_await door->accept();
  io::task_group group(world.executor);
  group.spawn(read_silence(*near, why), "reader"); // begins before the other
  group.spawn(end_soon(world, by_cancel, group, *near), "end");
  co_await group.join();
}

bool has_address(bool v6) {
  asio::io_context context;
  asio::error_code none;
  asio::ip::tcp::acceptor door(context);
  asio::ip::tcp::endpoint const here(asio::ip::make_address(loopback(v6).text()), 0);
  door.open(here.protocol(), none);
  if (!none) door.bind(here, none);
  if (none) WARN("left out: this machine has no address " << loopback(v6).text());
  return !none;
}

// A port that is taken, so that no other program listens there, and on which we do not
// listen either.
class silent_port {
public:
  silent_port() : taken_(context_, asio::ip::tcp::v4()) {
    taken_.bind({asio::ip::address_v4::loopback(), 0});
  }
  endpoint where() const { return {loopback(false), taken_.local_endpoint().port()}; }

private:
  asio::io_context context_;
  asio::ip::tcp::socket taken_;
};

io::task<> dial(io::world world, endpoint where) {
  auto const s = co_await world.network.connect(where);
}

bool knows_localhost() {
  asio::io_context context;
  asio::error_code none;
  asio::ip::tcp::resolver(context).resolve("localhost", "", none);
  if (none) WARN("left out: this machine does not know localhost; see its /etc/hosts");
  return !none;
}

io::task<> look_up(io::world world) {
  std::string literal = "192.0.2.7", name = "localhost";
  auto const one = co_await world.network.resolve(std::move(literal));
  CHECK(one.front() == ip_address::v4(0xc0000207));
  if (!knows_localhost()) co_return;
  auto const here = co_await world.network.resolve(std::move(name));
  REQUIRE_FALSE(here.empty());
  CHECK(here.front().is_loopback());
}

io::task<> hop(io::world world) {
  auto const home = std::this_thread::get_id();
  auto where = [] { return std::this_thread::get_id(); };
  auto fail = []() -> int { throw std::runtime_error("the disk is full"); };
  auto const there = co_await io::offload(world.workers, where);
  CHECK(there != home);
  CHECK(std::this_thread::get_id() == home);
  co_await io::offload(world.workers, fail);
}

} // namespace

TEST_CASE("real world / one MiB goes out and back over TCP") {
  io::real_world world(1);
  bool const v6 = GENERATE(false, true);
  if (has_address(v6)) run(world, talk_to_echo(world.doors(), v6));
}

TEST_CASE("real world / a datagram comes with its sender's endpoint") {
  io::real_world world(1);
  bool const v6 = GENERATE(false, true);
  if (has_address(v6)) run(world, send_one_datagram(world.doors(), v6));
}

TEST_CASE("real world / closing a stream wakes its reader") {
  io::real_world world(1);
  asio::error_code why;
  CHECK_THROWS_AS(run(world, end_silence(world.doors(), false, why)), std::system_error);
  CHECK(why == asio::error::operation_aborted);
}

TEST_CASE("real world / cancelling a group wakes the reader in it") {
  io::real_world world(1);
  asio::error_code why;
  CHECK_NOTHROW(run(world, end_silence(world.doors(), true, why)));
  CHECK(why == asio::error::operation_aborted);
}

TEST_CASE("real world / a refused connection is a system error") {
  io::real_world world(1);
  silent_port const port;
  try {
    run(world, dial(world.doors(), port.where()));
    FAIL("the port answered");
  } catch (std::system_error const& e) {
    CHECK(e.code() == asio::error::connection_refused);
  }
}

TEST_CASE("real world / a literal and localhost resolve") {
  io::real_world world(1);
  run(world, look_up(world.doors()));
}

TEST_CASE("real world / work runs in a worker's thread and comes back with its error") {
  io::real_world world(2);
  CHECK_THROWS_WITH(run(world, hop(world.doors())), "the disk is full");
}
