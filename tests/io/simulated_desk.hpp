// What the tests of the simulated world share: connections, readers and writers.
#pragma once
#include "io/simulation.hpp"
#include <asio/system_error.hpp>
#include <list>
#include <string>

namespace cotorra::test {

inline ip_address address(std::uint32_t n) { return ip_address::v4(0x0a000000 + n); }
inline endpoint at(io::host& h, std::uint16_t port) { return {h.address(), port}; }

struct simulated_desk {
  explicit simulated_desk(std::uint64_t seed = 1, io::simulation_options o = {})
      : sim(seed, o) {}
  io::simulation sim;

  // A connection from one host to the other.
  struct wire {
    std::unique_ptr<io::stream> near, far;
  };
  // Stays where it is as long as the desk.
  wire& join(io::host& from, io::host& to) {
    auto const door = to.doors().network.listen({to.address(), 0});
    wire& w = wires.emplace_back();
    w.near = sim.run(from.doors().network.connect(door->local()));
    w.far = sim.run(door->accept());
    return w;
  }
  std::list<wire> wires;

  ~simulated_desk() { sim.end(); } // readers and writers, before their streams
};

inline io::task<> send(io::stream& to, std::size_t size, bool& done) {
  buffer const all(size, std::byte{'x'});
  co_await io::write(to, all);
  done = true;
}

inline io::task<> send_forever(io::stream& to) {
  buffer const some(64 * 1024);
  for (;;) co_await io::write(to, some);
}

inline io::task<> count(io::stream& from, std::size_t& came, bool& ended) {
  buffer into(64 * 1024);
  for (;;) {
    std::size_t const n = co_await from.read_some(into);
    came += n;
    if (n == 0) break;
  }
  ended = true;
}

// Reads to the end, and gives what came.
inline io::task<std::string> read_all(io::stream& from) {
  std::string all;
  buffer into(1000);
  for (;;) {
    std::size_t const n = co_await from.read_some(into);
    if (n == 0) co_return all;
    all += as_text(bytes(into).first(n));
  }
}

template <class Call> asio::error_code failure_of(Call call) {
  try {
    call();
  } catch (asio::system_error const& e) {
    return e.code();
  }
  return {};
}

} // namespace cotorra::test
