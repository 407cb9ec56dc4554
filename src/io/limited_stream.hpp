// A stream that is no faster than its limits allow. Many streams share one limit and
// take turns. While both limits are 0, every call goes straight through.
#pragma once
#include "io/clock.hpp"
#include "io/rate_limit.hpp"
#include "io/stream.hpp"
#include <memory>
#include <vector>

namespace cotorra::io {

class limited_stream : public stream {
public:
  // The limits and the clock must outlive the stream.
  limited_stream(std::unique_ptr<stream> inner, io::clock&, rate_limit& down,
                 rate_limit& up);

  task<std::size_t> read_some(mutable_bytes into) override;
  task<> write(std::span<bytes const> buffers) override;
  // From the next read and write on: for when we learn which torrent the peer wants.
  void set_limits(rate_limit& down, rate_limit& up) {
    down_ = &down;
    up_ = &up;
  }
  // A reader or writer that waits for its turn notices within 250 ms.
  void close() override;
  endpoint local() const override { return inner_->local(); }
  endpoint remote() const override { return inner_->remote(); }

private:
  task<std::size_t> read_limited(mutable_bytes into);
  task<> write_limited(std::span<bytes const> buffers);
  // Moves the next part of what is to be written to part_; returns its size.
  std::size_t cut_part(std::span<bytes const>& from, std::size_t& begin);
  task<> pay(rate_limit&, std::size_t bytes);
  task<> take_turn(rate_limit&, std::size_t bytes);

  std::unique_ptr<stream> inner_;
  io::clock& clock_;
  rate_limit* down_;
  rate_limit* up_;
  std::vector<bytes> part_; // of a write: what goes next
  bool closed_ = false;
};

} // namespace cotorra::io
