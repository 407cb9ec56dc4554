// The connections of a world as the packets of a capture file (explain/pcapng.hpp), as
// Wireshark reads it. The addresses, the bytes and the times are true. The TCP around
// them is rebuilt from the bytes of the streams: how the system cut them into segments,
// what it sent again and when it acknowledged is not known here.
//
// Sequence numbers begin at 0. The three packets that open a connection have the time at
// which it stood, or that of the packet before them if it is later: of a connection that
// we dialled, they are written with our first bytes. Bytes are dated when they are handed
// to the socket, or read from it. Every second full segment is acknowledged at once, the
// rest by what is said next. Passwords and passkeys of trackers are masked, also where an
// answer repeats them (explain/masked_http.hpp); a .torrent that is fetched from a web
// server is left out, since it may have them anywhere.
#pragma once
#include "explain/masked_http.hpp"
#include "explain/pcapng.hpp"
#include "explain/segment_cut.hpp"
#include "explain/tcp_packet.hpp"
#include "io/clock.hpp"
#include "io/watched_network.hpp"
#include <functional>
#include <unordered_map>

namespace cotorra::explain {

class capture : public io::stream_observer {
public:
  // write: gets whole blocks, one or more; false: no more of them. now: the time since
  // 1970 that it is by this clock, which must outlive the capture.
  capture(std::function<bool(bytes)> write, io::clock const&,
          std::chrono::nanoseconds now);

  void opened(stream_number, endpoint const& local, endpoint const& remote,
              bool we_dialled) override;
  void sent(stream_number, std::span<bytes const>) override;
  void received(stream_number, bytes) override;
  void ended(stream_number, ending) override;

private:
  struct side { // what it says
    endpoint at;
    std::uint32_t next = 0, acknowledged = 0; // sequence numbers
    bool finished = false;
    segment_cut cut;
    buffer held; // the beginning of a message, until there is more of it
  };
  enum class kind { unknown, peer, tracker, left_out };
  struct connection {
    side ours, theirs;
    bool we_dialled = false;
    kind with = kind::unknown;
    std::chrono::nanoseconds stood_at{};
    secrets secret; // of the conversation with a tracker
    buffer answer;  // of the tracker, as far as it is not written
    bool head_is_masked = false;
  };
  struct saying { // which way
    side &from, &to;
    pcapng::direction way;
  };

  connection* find(stream_number);
  static saying by_us(connection&);
  static saying by_them(connection&);
  static saying answer_to(saying);
  static std::size_t most_of(saying); // bytes in a segment
  void learn_kind(connection&, bytes said);
  void open(connection&);
  void write_answer(connection&, bool all);
  void finish(saying);
  void say(saying, bytes);
  void say_held(saying);
  void put_data(saying, bytes segment, bool last);
  void put(saying, std::uint8_t flags, bytes payload = {});
  void begin_event();
  void end_event();

  std::function<bool(bytes)> const write_;
  io::clock const& clock_;
  time_point const begun_;
  std::chrono::nanoseconds const epoch_;
  std::unordered_map<stream_number, connection> connections_;
  std::chrono::nanoseconds now_{};  // of the event
  std::chrono::nanoseconds last_{}; // of the packet before
  buffer blocks_, packet_, gathered_;
  bool has_header_ = false, over_ = false;
};

} // namespace cotorra::explain
