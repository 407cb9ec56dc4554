#include "io/simulation.hpp"
#include <asio/co_spawn.hpp>
#include <utility>

namespace cotorra::io {

simulation::simulation(std::uint64_t seed, simulation_options options)
    : wires_(executor(), seed, options), spawned_(executor()) {}

void simulation::end() {
  ending_ = true;
  spawned_.cancel();
  run_until([this] { return spawned_.empty(); }, 1min);
}

simulation::~simulation() {
  end();
  // coroutines that still wait are destroyed while clock, hosts and wires exist
  context_.let_go();
  wires_.events.clear();
}

host& simulation::add_host(ip_address a, link l) {
  return hosts_.emplace_back(wires_, a, l, random_source(wires_.random.next()));
}

void simulation::add_name(std::string const& name, ip_address a) {
  wires_.names.emplace(name, a);
}

void simulation::spawn(task<> body, char const* label) {
  spawned_.spawn(watched(std::move(body)), label);
}

task<> simulation::watched(task<> body) {
  try {
    co_await std::move(body);
  } catch (...) {
    if (!ending_ && !failure_) failure_ = std::current_exception();
  }
}

// The loop itself joins what was spawned outside of it.
void simulation::begin_spawned() {
  if (std::exchange(joined_, true)) return;
  asio::co_spawn(executor(), spawned_.join(),
                 [this](std::exception_ptr) { joined_ = false; });
}

void simulation::settle() {
  if (!spawned_.empty()) begin_spawned();
  context_.restart();
  context_.poll();
  if (failure_) std::rethrow_exception(std::exchange(failure_, nullptr));
}

void simulation::run_for(duration d) {
  run_until([] { return false; }, d);
}

bool simulation::run_until(std::function<bool()> done, duration at_most) {
  time_point const end = now() + at_most;
  for (;;) {
    settle();
    if (done()) return true;
    auto const event = wires_.events.next(), sleeper = wires_.clock.next();
    time_point const next =
        std::min(event.value_or(time_point::max()), sleeper.value_or(time_point::max()));
    wires_.clock.advance_to(std::min(next, end));
    if (next > end) break;
    while (wires_.events.next() && *wires_.events.next() <= now()) wires_.events.take()();
  }
  settle();
  return done();
}

} // namespace cotorra::io
