#include "message/message_talk.hpp"
#include <algorithm>

namespace cotorra::message {

std::optional<bytes> message_reader::next_frame() {
  bytes const buffered = from_.buffered();
  std::optional<bytes> const frame = first_frame(buffered, limit_);
  if (!frame) return std::nullopt;
  // hole 6.4: step to the next frame
  std::size_t const whole = length_size + frame->size();
  if (observer_) observer_->received(connection_, buffered.first(whole));
  from_.consume(whole); // moves an index: the view stays
  // end hole 6.4
  return frame;
}

task<bool> message_reader::fill() {
  // Room for a frame that has begun, but no more than for a block at a time: a peer gets
  // memory for what it sends, not for what it announces.
  constexpr std::size_t most = 16 * 1024 + 13;
  std::size_t const room =
      std::clamp<std::size_t>(missing_bytes(from_.buffered()), 1, most);
  bool const more = co_await from_.fill(room);
  if (!more && !from_.buffered().empty())
    throw protocol_error(errc::end_of_stream, "the peer left in mid-message");
  co_return more;
}

task<std::optional<any>> message_reader::next() {
  std::optional<bytes> frame = next_frame();
  // hole 6.5: wait until one has come
  while (!frame) {
    bool const more = co_await fill();
    if (!more) co_return std::nullopt;
    frame = next_frame();
  }
  // end hole 6.5
  co_return decode(*frame);
}

void message_writer::send_bytes(bytes frame) {
  if (observer_) observer_->sent(connection_, frame);
  to_.send(frame);
}

void message_writer::send_block(piece_index p, std::uint32_t begin, bytes block,
                                std::shared_ptr<void const> owner) {
  auto const header = piece_header(p, begin, block.size());
  if (observer_) { // an observer sees whole frames, and that costs a copy
    scratch_.assign(header.begin(), header.end());
    append(scratch_, block);
    observer_->sent(connection_, scratch_);
  }
  to_.send(header);
  to_.send(block, std::move(owner));
}

} // namespace cotorra::message
