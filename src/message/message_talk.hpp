// Messages over a stream, both ways (BEP 3). The hot loop of a connection is
//   for (bool more = true; more; more = co_await in.fill())
//     while (auto frame = in.next_frame()) handle(message::decode(*frame));
// which waits once for as many messages as one read brings.
#pragma once
#include "io/observer.hpp"
#include "io/outbox.hpp"
#include "io/reader.hpp"
#include "message/framing.hpp"
#include "message/message_wire.hpp"

namespace cotorra::message {

class message_reader {
public:
  // limit: bytes in a frame. What `from` has already buffered is read first.
  explicit message_reader(io::reader& from, std::size_t limit = default_limit)
      : from_(from), limit_(limit) {}

  // The next frame of those that have come, without waiting; valid until fill() or
  // next(). Throws protocol_error{message_too_long}.
  std::optional<bytes> next_frame();
  // Waits for more. False when the peer has left between two messages; throws
  // protocol_error{end_of_stream} when it left inside one.
  task<bool> fill();
  // One message, for dialogues; nullopt when the peer has left.
  task<std::optional<any>> next();

  void watch(io::observer* who, io::observer::connection as) {
    observer_ = who;
    connection_ = as;
  }

private:
  io::reader& from_;
  std::size_t const limit_;
  io::observer* observer_ = nullptr;
  io::observer::connection connection_ = 0;
};

class message_writer {
public:
  explicit message_writer(io::outbox& to) : to_(to) {}

  // Appends it to the outbox; does not wait. What a view refers to is copied.
  template <class Message> void send(Message const& m) {
    if constexpr (requires { to_frame(m); }) {
      small_frame const frame = to_frame(m);
      send_bytes(frame.view());
    } else {
      scratch_.clear();
      encode(scratch_, m);
      send_bytes(scratch_);
    }
  }
  // A piece message whose block is not copied: `owner` keeps it alive until it is
  // written.
  void send_block(piece_index, std::uint32_t begin, bytes block,
                  std::shared_ptr<void const> owner);

  void watch(io::observer* who, io::observer::connection as) {
    observer_ = who;
    connection_ = as;
  }

private:
  void send_bytes(bytes frame);

  io::outbox& to_;
  buffer scratch_;
  io::observer* observer_ = nullptr;
  io::observer::connection connection_ = 0;
};

} // namespace cotorra::message
