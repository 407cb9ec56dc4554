// A wire inside the process: two streams, what is written to one is read from the other.
// A test holds one end and gives the other to the code under test.
#pragma once
#include "io/event.hpp"
#include "io/stream.hpp"
#include <memory>
#include <optional>
#include <vector>

namespace cotorra::io {

class memory_stream : public stream {
public:
  // Both ends of a new wire.
  static std::pair<std::unique_ptr<memory_stream>, std::unique_ptr<memory_stream>>
      pair(executor);

  task<std::size_t> read_some(mutable_bytes into) override;
  task<> write(std::span<bytes const> buffers) override;
  void close() override;
  void awaited_at(source_location line) override { in_->awaited_at = line; }

  // Without co_await, for tests: say something, and see what has arrived and is not yet
  // read.
  void say(bytes);
  bytes heard() const { return in_->data; }
  void forget_heard() { in_->data.clear(); }
  bool other_side_closed() const { return in_->closed; }
  // The lines that wait for bytes now, on all such wires of this thread.
  static std::vector<source_location> who_waits();

private:
  struct direction {
    explicit direction(executor ex);
    ~direction();
    buffer data;
    event arrived;
    bool closed = false;
    std::optional<source_location> awaited_at;
  };
  memory_stream(std::shared_ptr<direction> in, std::shared_ptr<direction> out)
      : in_(std::move(in)), out_(std::move(out)) {}

  static std::vector<direction*>& all();

  std::shared_ptr<direction> in_, out_;
  bool closed_here_ = false;
};

} // namespace cotorra::io
