// One UDP socket that several users share: each has a seat, which is a datagram_socket of
// its own, and a packet goes to the first seat that says "mine". Its users are trackers
// today; the DHT and uTP can sit there, too: for a router all of them are one port.
//
//   datagram_desk desk(executor, network, {any_address, 0});
//   auto mine = desk.take_seat([](bytes packet, endpoint const& from) { ... });
//   co_await mine->send_to(there, question);
//   datagram const answer = co_await mine->receive_from(into);
//
// The desk has no coroutine of its own. One of the users that wait for a packet receives
// for all, and hands that task on when its own packet has come.
#pragma once
#include "io/network.hpp"
#include <functional>

namespace cotorra::io {

constexpr std::size_t usual_seat_room = 64 * 1024;

class datagram_desk {
public:
  using test = std::function<bool(bytes packet, endpoint const& from)>;
  struct counters {
    std::uint64_t received = 0;  // packets
    std::uint64_t unclaimed = 0; // that no seat wanted
    std::uint64_t dropped = 0;   // that found their seat full
  };

  // Opens nothing yet.
  datagram_desk(executor, network&, endpoint at);

  // A seat, first of all asked for packets when it was taken first; at most `room` bytes
  // of packets wait there, and what comes then is dropped. It may outlive the desk. Its
  // close() ends a receive_from() that waits when the next packet comes: to end it at
  // once, cancel its group. Throws std::system_error when the socket cannot be opened.
  std::unique_ptr<datagram_socket> take_seat(test mine,
                                             std::size_t room = usual_seat_room);

  std::size_t seats() const;
  counters const& count() const;

private:
  struct table;
  class seat;
  class turn;
  class stay;

  std::shared_ptr<table> table_; // shared with the seats
};

} // namespace cotorra::io
