#include "io/limited_stream.hpp"
#include <algorithm>
#include <asio/error.hpp>
#include <asio/system_error.hpp>

namespace cotorra::io {
namespace {
constexpr duration look_again = 250ms; // the user may have changed the rate meanwhile
}

limited_stream::limited_stream(std::unique_ptr<stream> inner, io::clock& c,
                               rate_limit& down, rate_limit& up)
    : inner_(std::move(inner)), clock_(c), down_(&down), up_(&up) {}

task<std::size_t> limited_stream::read_some(mutable_bytes into) {
  return down_->unlimited() ? inner_->read_some(into) : read_limited(into);
}

task<> limited_stream::write(std::span<bytes const> buffers) {
  return up_->unlimited() ? inner_->write(buffers) : write_limited(buffers);
}

void limited_stream::close() {
  closed_ = true;
  inner_->close();
}

// Reads first and then waits, so that a quiet stream holds no place in the queue.
task<std::size_t> limited_stream::read_limited(mutable_bytes into) {
  // hole 0.3: a whole coroutine: what one read brings, once it is paid for
  mutable_bytes const part = into.first(std::min(into.size(), down_->part()));
  std::size_t const got = co_await inner_->read_some(part);
  if (got != 0) co_await pay(*down_, got);
  co_return got;
  // end hole 0.3
}

task<> limited_stream::write_limited(std::span<bytes const> buffers) {
  std::size_t begin = 0; // in the first buffer, where a part has cut it
  while (!buffers.empty()) {
    std::size_t const size = cut_part(buffers, begin);
    if (size == 0) continue; // empty buffers
    co_await pay(*up_, size);
    co_await inner_->write(part_);
  }
}

std::size_t limited_stream::cut_part(std::span<bytes const>& from, std::size_t& begin) {
  std::size_t const most = up_->part();
  std::size_t size = 0;
  part_.clear();
  while (!from.empty() && size < most) {
    bytes const rest = from.front().subspan(begin);
    bytes const now = rest.first(std::min(rest.size(), most - size));
    part_.push_back(now);
    size += now.size();
    begin += now.size();
    if (now.size() < rest.size()) break;
    from = from.subspan(1);
    begin = 0;
  }
  return size;
}

task<> limited_stream::pay(rate_limit& first, std::size_t bytes) {
  for (rate_limit* limit = &first; limit != nullptr; limit = limit->parent())
    if (limit->rate() != 0) co_await take_turn(*limit, bytes);
}

task<> limited_stream::take_turn(rate_limit& limit, std::size_t bytes) {
  struct place {
    rate_limit& in;
    rate_limit::ticket number;
    ~place() { in.leave(number); }
  };
  place const mine{limit, limit.enter(bytes)};
  while (!limit.may_pass(mine.number, clock_.now())) {
    time_point const now = clock_.now();
    time_point const when = limit.expected(mine.number, now);
    time_point const wake = std::min(when, now + look_again);
    co_await clock_.sleep_until(wake);
    if (closed_) throw asio::system_error(asio::error::operation_aborted);
  }
}

} // namespace cotorra::io
