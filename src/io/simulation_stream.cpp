#include "io/simulation_stream.hpp"
#include <asio/error.hpp>
#include <asio/system_error.hpp>

namespace cotorra::io {
namespace {

// Two segments in the link's queue keep it busy. What the link does not have yet can
// still be dropped when the writer is reset.
constexpr std::size_t segments_in_link = 2;

void deliver(tcp_flow& f, buffer&& data) {
  f.net.note("segment", f.number, data.size());
  if (f.abandoned || f.read_fails) return;
  f.came.push_back(std::move(data));
  f.arrived.set();
}

void send_next(std::shared_ptr<tcp_flow> const& f) {
  auto const data = std::make_shared<buffer>(std::move(f->unsent.front()));
  f->unsent.pop_front();
  f->in_window += data->size();
  ++f->in_link;
  auto left = [f, size = data->size()] {
    --f->in_link;
    f->sending -= size;
    f->room.set();
    pump(f);
  };
  wires::parcel p{f->number, data->size(), std::move(left),
                  [f, data] { deliver(*f, std::move(*data)); }};
  f->net.carry_segment(f->from, f->to, f->last_came, std::move(p));
}

void send_end(std::shared_ptr<tcp_flow> const& f) {
  f->finish_sent = true;
  wires::parcel p{f->number, 0, nullptr, [f] {
                    f->net.note("end", f->number, 0);
                    f->ended = true;
                    f->arrived.set();
                  }};
  f->net.carry_segment(f->from, f->to, f->last_came, std::move(p));
}

} // namespace

std::size_t tcp_flow::free_room() const {
  std::size_t const all = net.options.send_buffer;
  return sending < all ? all - sending : 0;
}

void tcp_flow::put(bytes b) {
  sending += b.size();
  while (!b.empty()) {
    if (unsent.empty() || unsent.back().size() >= net.options.segment)
      unsent.emplace_back();
    buffer& last = unsent.back();
    std::size_t const n = std::min(b.size(), net.options.segment - last.size());
    append(last, b.first(n));
    b = b.subspan(n);
  }
}

std::size_t tcp_flow::take(mutable_bytes into) {
  std::size_t n = 0;
  while (n < into.size() && !came.empty()) {
    buffer const& first = came.front();
    std::size_t const part = std::min(into.size() - n, first.size() - taken);
    std::memcpy(into.data() + n, first.data() + taken, part);
    n += part;
    taken += part;
    if (taken < first.size()) break;
    came.pop_front();
    taken = 0;
  }
  in_window -= n;
  return n;
}

void tcp_flow::fail_writer(asio::error_code why) {
  if (!write_fails) write_fails = why;
  for (buffer const& b : unsent) sending -= b.size();
  unsent.clear();
  room.set();
}

void tcp_flow::fail_reader(asio::error_code why) {
  if (!read_fails) read_fails = why;
  came.clear();
  arrived.set();
}

void pump(std::shared_ptr<tcp_flow> const& f) {
  auto const window = f->net.options.receive_window;
  while (!f->unsent.empty() && f->in_link < segments_in_link &&
         f->in_window + f->unsent.front().size() <= window)
    send_next(f);
  bool const all_sent = f->unsent.empty() && !f->write_fails;
  if (f->finished && all_sent && !f->finish_sent) send_end(f);
}

task<std::size_t> simulated_stream::read_some(mutable_bytes into) {
  auto const may_return = [this] {
    return closed_ || in_->read_fails || in_->ended || !in_->came.empty();
  };
  while (!may_return()) co_await in_->arrived.wait();
  if (closed_) throw asio::system_error(asio::error::operation_aborted);
  if (in_->read_fails) throw asio::system_error(in_->read_fails);
  std::size_t const n = in_->take(into);
  if (n != 0) pump(in_);
  co_return n;
}

void simulated_stream::check_writable() const {
  if (closed_) throw asio::system_error(asio::error::operation_aborted);
  if (out_->write_fails) throw asio::system_error(out_->write_fails);
}

task<> simulated_stream::write(std::span<bytes const> buffers) {
  for (bytes b : buffers) {
    while (!b.empty()) {
      check_writable();
      std::size_t const n = std::min(b.size(), out_->free_room());
      out_->put(b.first(n));
      b = b.subspan(n);
      if (b.empty()) break;
      pump(out_);
      if (out_->free_room() == 0) co_await out_->room.wait();
    }
  }
  check_writable();
  pump(out_);
}

void simulated_stream::close() {
  if (closed_) return;
  closed_ = true;
  out_->finished = true;
  out_->room.set();
  pump(out_);
  in_->abandoned = true;
  in_->came.clear();
  in_->arrived.set();
  // a peer that still writes to us learns that we no longer read
  in_->net.after(in_->net.latency(in_->to, in_->from),
                 [in = in_] { in->fail_writer(asio::error::connection_reset); });
}

} // namespace cotorra::io
