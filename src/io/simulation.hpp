// A world inside the process: hosts on links, in virtual time. The real nodes run in it,
// thousands of them, and the same seed gives the same events in the same order.
//
//   simulation sim(1);
//   host& seeder = sim.add_host(*ip_address::parse("10.0.0.1"), {.up = 1'000'000});
//   sim.spawn(serve(seeder.doors()));
//   sim.run_for(10s);
#pragma once
#include "io/simulation_host.hpp"
#include "io/simulation_wires.hpp"
#include "io/task_group.hpp"
#include <asio/io_context.hpp>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <stdexcept>

namespace cotorra::io {

class simulation {
public:
  explicit simulation(std::uint64_t seed, simulation_options = {});
  // Ends, then destroys the coroutines that still wait. Streams and sockets must go
  // before it.
  ~simulation();
  simulation(simulation const&) = delete;

  // The host stays where it is as long as the simulation.
  host& add_host(ip_address, link = {});
  // From now on, resolve(name) finds the address too.
  void add_name(std::string const& name, ip_address);

  io::executor executor() { return context_.get_executor(); }
  io::clock& clock() { return wires_.clock; }
  time_point now() const { return wires_.clock.now(); }

  // Starts the task. What it throws, run_for(), run_until() or run() throws.
  void spawn(task<>, char const* label = "");
  void run_for(duration);
  // Cancels what was spawned and lets it end. Call it before you destroy a stream that a
  // spawned task reads or writes.
  void end();
  // True as soon as done() is; false when `at_most` has passed before.
  bool run_until(std::function<bool()> done, duration at_most);
  // Runs the world until the task has ended, and gives its result or throws its
  // exception; std::logic_error when it is not done after `at_most`.
  template <class T> T run(task<T>, duration at_most = std::chrono::hours(1));

  // A hash of everything that went over the wires so far: when, what and how many bytes.
  // Equal for two runs that did the same.
  std::uint64_t trace() const { return wires_.trace; }

private:
  struct context : asio::io_context {
    context() : asio::io_context(1) {}
    void let_go() { shutdown(); } // destroys the waiting coroutines, not yet the services
  };
  task<> watched(task<>);
  template <class T> static task<> keep(task<T>, std::shared_ptr<std::optional<T>> out);
  static task<> keep(task<>, std::shared_ptr<bool> done);
  void settle();
  void begin_spawned();

  context context_;
  wires wires_;
  std::list<host> hosts_;
  task_group spawned_;
  std::exception_ptr failure_;
  bool ending_ = false, joined_ = false;
};

template <class T>
task<> simulation::keep(task<T> body, std::shared_ptr<std::optional<T>> out) {
  *out = co_await std::move(body);
}

inline task<> simulation::keep(task<> body, std::shared_ptr<bool> done) {
  co_await std::move(body);
  *done = true;
}

template <class T> T simulation::run(task<T> body, duration at_most) {
  // shared, since a task that is not done in time outlives this call
  auto const wait = [&](auto const& out) {
    spawn(keep(std::move(body), out));
    if (!run_until([&] { return static_cast<bool>(*out); }, at_most))
      throw std::logic_error("the coroutine is still waiting");
  };
  if constexpr (std::is_void_v<T>) {
    wait(std::make_shared<bool>(false));
  } else {
    auto const out = std::make_shared<std::optional<T>>();
    wait(out);
    return std::move(**out);
  }
}

} // namespace cotorra::io
