// Everything between simulated hosts: virtual time, the packets under way, and how a
// packet finds its host. Knows packets and sizes, not what is in them.
#pragma once
#include "base/endpoint.hpp"
#include "base/random.hpp"
#include "io/simulation_events.hpp"
#include "io/simulation_link.hpp"
#include "io/virtual_clock.hpp"
#include <map>
#include <memory>
#include <string>
#include <vector>

namespace cotorra::io {

class host;

// How a host is connected.
struct link {
  std::uint64_t up = 0, down = 0; // bytes per second; 0: no limit
  duration latency = 5ms;         // to the middle of the net: two hosts' latencies add up
  double loss = 0;                // 0 to 1: datagrams lost, segments late, on the way out
  duration jitter = {}; // a datagram is late by up to this, and may be overtaken
};

struct simulation_options {
  std::size_t segment = 16 * 1024;          // what a stream puts on the wire at once
  std::size_t send_buffer = 128 * 1024;     // write() waits while this much is unsent
  std::size_t receive_window = 1024 * 1024; // sent and not yet read
  duration connect_timeout = 20s;           // when no answer comes
  duration retransmission = 200ms;          // how late a segment is that was lost once
  duration job_time = {};                   // of each job in workers, one after the other
};

// Where a host is plugged in.
struct plug {
  std::vector<ip_address> addresses;
  link settings;
  link_queue up, down;
  std::uint64_t sent = 0, received = 0; // bytes

  void set_up(bool);
  bool is_up() const { return up_; }
  // Now, or once the cable is in again.
  void when_up(std::function<void()>);

private:
  bool up_ = true;
  std::vector<std::function<void()>> held_;
};

class wires {
public:
  wires(io::executor ex, std::uint64_t seed, simulation_options o)
      : executor(ex), options(o), clock(ex), random(seed) {}

  io::executor const executor;
  simulation_options const options;
  virtual_clock clock;
  event_queue events;
  random_source random;
  std::uint64_t trace = 0;
  std::map<ip_address, host*> hosts;
  std::multimap<std::string, ip_address> names;

  // How a packet finds its host; null when no host has the address. The place for NAT.
  host* route(host& from, ip_address to) const;

  // From now on; packets that wait for the link go on at its new rates.
  void set_link(plug&, link);

  std::uint64_t new_flow() { return ++flows_; }
  void after(duration d, std::function<void()> what);
  duration latency(plug const& from, plug const& to) const;
  // The same for a small packet of a connection, which is late when it is lost once.
  duration one_way(plug const& from, plug const& to);

  // A packet, and what to call on its way.
  struct parcel {
    std::uint64_t flow = 0;
    std::size_t size = 0;
    std::function<void()> left; // it is past the sender's link; may be empty
    std::function<void()> came;
  };
  // A segment: arrives, in order, once both cables are in. `last` is when the flow's
  // segment before it came, and lives as long as the parcel's functions.
  void carry_segment(plug& from, plug& to, time_point& last, parcel);
  // A datagram: arrives or is lost.
  void carry_datagram(plug& from, plug& to, parcel);

  // Adds to the trace.
  void note(std::string_view what, std::uint64_t flow, std::uint64_t size);

private:
  struct trip;
  void segment_left(std::shared_ptr<trip> const&);
  void segment_came(std::shared_ptr<trip> const&);
  void datagram_left(std::shared_ptr<trip> const&);
  void pass(link_queue&, link_queue::packet);
  void pump(link_queue&);
  bool chance(double probability);

  std::uint64_t flows_ = 0;
};

} // namespace cotorra::io
