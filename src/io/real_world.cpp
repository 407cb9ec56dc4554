#include "io/real_world.hpp"
#include "io/real_network.hpp"
#include <asio/executor_work_guard.hpp>
#include <asio/post.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <random>
#include <sys/resource.h>
#include <system_error>
#include <thread>
#include <vector>

namespace cotorra::io {
namespace {

constexpr duration noticeable = 2ms; // for a peer that waits

class real_clock : public clock {
public:
  explicit real_clock(executor ex) : executor_(std::move(ex)) {}
  time_point now() const override { return std::chrono::steady_clock::now(); }
  task<> sleep_until(time_point t) override {
    asio::steady_timer timer(executor_, t);
    co_await timer.async_wait(asio::use_awaitable);
  }

private:
  executor executor_;
};

// Where the system gives fewer threads than wanted (a limit of memory, say), one will do.
class thread_workers : public workers {
public:
  explicit thread_workers(unsigned count) : open_(asio::make_work_guard(jobs_)) {
    threads_.reserve(count);
    try {
      while (threads_.size() < count) threads_.emplace_back([this] { jobs_.run(); });
    } catch (std::system_error const&) {
      if (threads_.empty()) throw;
    }
  }
  ~thread_workers() override {
    open_.reset();
    for (std::thread& one : threads_) one.join();
  }
  void post(std::function<void()> job) override { asio::post(jobs_, std::move(job)); }
  unsigned count() const override { return static_cast<unsigned>(threads_.size()); }
  // The kernel counts how often a thread gave up its core because it could not go on.
  glance look() const override {
    rusage of_thread{};
    bool const known = ::getrusage(RUSAGE_THREAD, &of_thread) == 0;
    return {known ? of_thread.ru_nvcsw : -1, std::chrono::steady_clock::now()};
  }
  bool waited_since(glance const& before) const override {
    glance const now = look();
    bool const was_still = now.waits != before.waits || now.waits < 0;
    return was_still && now.at - before.at >= noticeable;
  }

private:
  asio::io_context jobs_;
  asio::executor_work_guard<asio::io_context::executor_type> open_;
  std::vector<std::thread> threads_;
};

std::uint64_t seed_from_system() {
  std::random_device device;
  return std::uint64_t{device()} << 32 | device();
}

} // namespace

real_world::real_world(unsigned threads)
    : random_(seed_from_system()),
      clock_(std::make_unique<real_clock>(context_.get_executor())),
      network_(make_real_network(context_.get_executor())),
      workers_(std::make_unique<thread_workers>(
          threads != 0 ? threads : std::max(2u, std::thread::hardware_concurrency()))) {}

real_world::~real_world() = default;

io::world real_world::doors() {
  return {context_.get_executor(), *network_, *clock_, *workers_, random_};
}

} // namespace cotorra::io
