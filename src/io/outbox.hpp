// What is to be sent on a stream. send() only appends, so a burst of small messages costs
// one write; blocks are gathered from where they lie, never copied.
#pragma once
#include "io/event.hpp"
#include "io/stream.hpp"
#include <memory>
#include <vector>

namespace cotorra::io {

class outbox {
public:
  explicit outbox(executor ex) : wake_(ex), drained_(std::move(ex)) {}

  void send(bytes small); // copied
  void send(bytes large,
            std::shared_ptr<void const> keeps_alive); // referred to until written

  // Bytes not yet handed to the stream, including those being written.
  std::size_t queued() const { return waiting_.size + writing_.size; }

  // Returns when fewer than n bytes are queued, so that a sender that reads ahead does
  // not fill the memory. One coroutine at a time.
  task<> below(std::size_t n) {
    while (queued() >= n) co_await drained_.wait();
  }

  // The writer: writes whatever is sent, until the stream breaks or its group is
  // cancelled.
  task<> run(stream& to);

private:
  struct part {
    std::size_t offset, size; // in `small` when nothing is referred to
    std::byte const* large = nullptr;
    std::shared_ptr<void const> keeps_alive = nullptr;
  };
  struct batch {
    buffer small;
    std::vector<part> parts;
    std::size_t size = 0;
    void clear();
  };

  event wake_;
  event drained_;
  batch waiting_, writing_;
};

} // namespace cotorra::io
