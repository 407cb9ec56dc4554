#include "io/real_world.hpp"
#include "io/real_network.hpp"
#include <asio/post.hpp>
#include <asio/steady_timer.hpp>
#include <asio/thread_pool.hpp>
#include <asio/use_awaitable.hpp>
#include <random>
#include <thread>

namespace cotorra::io {
namespace {

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

class thread_workers : public workers {
public:
  explicit thread_workers(unsigned count) : count_(count), pool_(count) {}
  ~thread_workers() override { pool_.join(); }
  void post(std::function<void()> job) override { asio::post(pool_, std::move(job)); }
  unsigned count() const override { return count_; }

private:
  unsigned count_;
  asio::thread_pool pool_;
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
