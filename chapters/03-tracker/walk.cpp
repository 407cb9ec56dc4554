// One announce, both ends: a tracker that always says the same, and a peer that asks it.
// Two hosts of a simulated network, so nothing leaves this program.
#include "http/server_talk.hpp"
#include "io/simulation.hpp"
#include "tracker/announce_talk.hpp"
#include <fmt/format.h>

using namespace cotorra;

namespace {

// Two peers in 12 bytes: four of the address and two of the port, each big-endian.
constexpr std::string_view peers("\x7f\x00\x00\x01\x1a\xe1"
                                 "\xc0\x00\x02\x07\x1a\xe2",
                                 12);

http::response answer(http::request_head const& asked, endpoint) {
  fmt::print("the tracker hears {}\n", asked.target);
  http::response out;
  append(out.body, "d8:intervali1800e5:peers12:");
  append(out.body, peers);
  append(out.body, "e");
  return out;
}

task<> serve_tracker(io::world doors, endpoint at) {
  auto const door = doors.network.listen(at);
  co_await http::serve(*door, doors.clock, answer);
}

task<> ask_tracker(io::world doors, std::string url) {
  tracker::announce_request request;
  request.info_hash =
      info_hash::from(*from_hex("1cad4a48798d952614c394eb15e75bec587fd08d"));
  request.peer_id = peer_id::from(as_bytes("-CO0100-abcdefghijkl"));
  request.port = 6881;
  request.left = 65703;
  auto const came =
      co_await tracker::announce(doors.network, doors.clock, std::move(url), request);
  for (tracker::peer const& p : came.peers) fmt::print("a peer: {}\n", p.address.text());
}

} // namespace

int main() {
  std::setvbuf(stdout, nullptr, _IOLBF, 0); // so that our lines and gdb's keep order
  io::simulation world(1);
  io::host& tracker_host = world.add_host(*ip_address::parse("192.0.2.1"));
  io::host& us = world.add_host(*ip_address::parse("192.0.2.2"));
  world.spawn(serve_tracker(tracker_host.doors(), *endpoint::parse("192.0.2.1:6969")));
  world.run(ask_tracker(us.doors(), "http://192.0.2.1:6969/announce"));
}
