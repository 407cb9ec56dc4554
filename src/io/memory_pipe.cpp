#include "io/memory_pipe.hpp"
#include <algorithm>
#include <asio/error.hpp>

namespace cotorra::io {

std::pair<std::unique_ptr<memory_stream>, std::unique_ptr<memory_stream>>
memory_stream::pair(executor ex) {
  auto there = std::make_shared<direction>(ex);
  auto back = std::make_shared<direction>(ex);
  return {std::unique_ptr<memory_stream>(new memory_stream(back, there)),
          std::unique_ptr<memory_stream>(new memory_stream(there, back))};
}

std::vector<memory_stream::direction*>& memory_stream::all() {
  static thread_local std::vector<direction*> of_this_thread;
  return of_this_thread;
}

memory_stream::direction::direction(executor ex) : arrived(std::move(ex)) {
  all().push_back(this);
}
memory_stream::direction::~direction() { std::erase(all(), this); }

std::vector<source_location> memory_stream::who_waits() {
  std::vector<source_location> lines;
  for (direction const* d : all())
    if (d->awaited_at) lines.push_back(*d->awaited_at);
  return lines;
}

task<std::size_t> memory_stream::read_some(mutable_bytes into) {
  struct until_read { // after it no reader waits, also when it was cancelled
    std::shared_ptr<direction> in;
    ~until_read() { in->awaited_at.reset(); }
  } const waits{in_};
  while (in_->data.empty() && !in_->closed && !closed_here_) co_await in_->arrived.wait();
  if (closed_here_) throw asio::system_error(asio::error::operation_aborted);
  std::size_t const n = std::min(into.size(), in_->data.size());
  std::copy_n(in_->data.begin(), n, into.begin());
  in_->data.erase(in_->data.begin(), in_->data.begin() + static_cast<std::ptrdiff_t>(n));
  co_return n;
}

task<> memory_stream::write(std::span<bytes const> buffers) {
  if (closed_here_) throw asio::system_error(asio::error::operation_aborted);
  if (in_->closed) throw asio::system_error(asio::error::broken_pipe);
  for (bytes b : buffers) say(b);
  co_return;
}

void memory_stream::say(bytes b) {
  // hole 0.1: append the bytes, and wake the reader
  append(out_->data, b);
  out_->arrived.set();
  // end hole 0.1
}

void memory_stream::close() {
  closed_here_ = out_->closed = true;
  out_->arrived.set();
  in_->arrived.set();
}

} // namespace cotorra::io
