#include "io/watched_network.hpp"

namespace cotorra::io {
namespace {

using watch = watched_network::watch;
using ending = stream_observer::ending;

class watched_stream : public stream {
public:
  watched_stream(std::unique_ptr<stream> inner, std::shared_ptr<watch> by,
                 bool we_dialled)
      : inner_(std::move(inner)), by_(std::move(by)), number_(++by_->last) {
    if (by_->observer)
      by_->observer->opened(number_, inner_->local(), inner_->remote(), we_dialled);
  }
  ~watched_stream() override { end(ending::closed); }

  task<std::size_t> read_some(mutable_bytes into) override {
    std::size_t n = 0;
    try {
      auto reading = inner_->read_some(into);
      n = co_await std::move(reading);
    } catch (std::system_error const& e) {
      note(e);
      throw;
    }
    if (n == 0)
      end(ending::remote_finished);
    else if (by_->observer)
      by_->observer->received(number_, into.first(n));
    co_return n;
  }

  // Reported before it is done: the answer may come before we are resumed.
  task<> write(std::span<bytes const> buffers) override {
    if (by_->observer && !closed_) by_->observer->sent(number_, buffers);
    try {
      auto writing = inner_->write(buffers);
      co_await std::move(writing);
    } catch (std::system_error const& e) {
      note(e);
      throw;
    }
  }

  void close() override {
    end(ending::closed);
    inner_->close();
  }
  void awaited_at(source_location line) override { inner_->awaited_at(line); }
  endpoint local() const override { return inner_->local(); }
  endpoint remote() const override { return inner_->remote(); }

private:
  void note(std::system_error const& e) {
    bool const reset = e.code() == std::errc::connection_reset ||
                       e.code() == std::errc::broken_pipe ||
                       e.code() == std::errc::connection_aborted;
    if (reset) end(ending::broken);
  }
  void end(ending how) {
    if (closed_) return;
    closed_ = how == ending::closed;
    if (by_->observer) by_->observer->ended(number_, how);
  }

  std::unique_ptr<stream> inner_;
  std::shared_ptr<watch> const by_;
  stream_observer::stream_number const number_;
  bool closed_ = false;
};

class watched_listener : public listener {
public:
  watched_listener(std::unique_ptr<listener> inner, std::shared_ptr<watch> by)
      : inner_(std::move(inner)), by_(std::move(by)) {}
  task<std::unique_ptr<stream>> accept() override {
    auto accepting = inner_->accept();
    std::unique_ptr<stream> came = co_await std::move(accepting);
    co_return std::make_unique<watched_stream>(std::move(came), by_, false);
  }
  endpoint local() const override { return inner_->local(); }
  void close() override { inner_->close(); }

private:
  std::unique_ptr<listener> inner_;
  std::shared_ptr<watch> const by_;
};

} // namespace

watched_network::watched_network(network& inner, stream_observer& observer)
    : inner_(inner), watch_(std::make_shared<watch>(watch{&observer})) {}

watched_network::~watched_network() { watch_->observer = nullptr; }

task<std::unique_ptr<stream>> watched_network::connect(endpoint to) {
  auto const by = watch_;
  auto connecting = inner_.connect(to);
  std::unique_ptr<stream> made = co_await std::move(connecting);
  co_return std::make_unique<watched_stream>(std::move(made), by, true);
}

std::unique_ptr<listener> watched_network::listen(endpoint at) {
  return std::make_unique<watched_listener>(inner_.listen(at), watch_);
}

std::unique_ptr<datagram_socket> watched_network::open_datagram_socket(endpoint at) {
  return inner_.open_datagram_socket(at);
}

task<std::vector<ip_address>> watched_network::resolve(std::string host) {
  return inner_.resolve(std::move(host));
}

} // namespace cotorra::io
