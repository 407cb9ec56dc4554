// A simulated TCP connection: two flows, one each way, and a stream at either end.
#pragma once
#include "io/event.hpp"
#include "io/simulation_wires.hpp"
#include "io/stream.hpp"
#include <asio/error_code.hpp>
#include <deque>
#include <memory>

namespace cotorra::io {

// One direction: the bytes that are written and not yet on the wire, and those that have
// arrived and are not yet read. Held by both streams and by the segments under way.
struct tcp_flow {
  tcp_flow(wires& w, plug& writer, plug& reader)
      : net(w), from(writer), to(reader), number(w.new_flow()), room(w.executor),
        arrived(w.executor) {}

  wires& net;
  plug& from;
  plug& to;
  std::uint64_t const number;

  std::deque<buffer> unsent;
  std::size_t sending = 0;      // bytes written that have not left the host
  std::size_t in_link = 0;      // segments that wait for the link
  std::size_t in_window = 0;    // bytes on the wire, or arrived and not yet read
  bool finished = false;        // the writer closed: the end follows the last byte
  bool finish_sent = false;     // the end is on the wire
  asio::error_code write_fails; // why, once it does
  event room;

  std::deque<buffer> came;
  std::size_t taken = 0;  // of the first one
  bool ended = false;     // every byte has arrived
  bool abandoned = false; // the reader closed
  asio::error_code read_fails;
  event arrived;
  time_point last_came{};

  void put(bytes);                 // at most free_room() of them are new to `sending`
  std::size_t free_room() const;   // how many bytes put() may be given
  std::size_t take(mutable_bytes); // how many came and were read
  void fail_writer(asio::error_code);
  void fail_reader(asio::error_code);
};

// Puts on the wire what may go now.
void pump(std::shared_ptr<tcp_flow> const&);

class simulated_stream : public stream {
public:
  simulated_stream(std::shared_ptr<tcp_flow> in, std::shared_ptr<tcp_flow> out,
                   endpoint local, endpoint remote)
      : in_(std::move(in)), out_(std::move(out)), local_(local), remote_(remote) {}
  ~simulated_stream() override { close(); }

  task<std::size_t> read_some(mutable_bytes into) override;
  task<> write(std::span<bytes const> buffers) override;
  void close() override;
  endpoint local() const override { return local_; }
  endpoint remote() const override { return remote_; }

private:
  void check_writable() const;

  std::shared_ptr<tcp_flow> in_, out_;
  endpoint local_, remote_;
  bool closed_ = false;
};

} // namespace cotorra::io
