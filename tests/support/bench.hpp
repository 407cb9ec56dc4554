// A desk for coroutines under test: they run until they wait, and time moves only when
// told.
//   auto hs = desk.start(exchange_handshakes(...));   desk.settle();
//   CHECK_FALSE(hs->done);
#pragma once
#include "io/virtual_clock.hpp"
#include "support/hole.hpp"
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <exception>
#include <memory>
#include <optional>
#include <stdexcept>
#include <type_traits>
#include <variant>

namespace cotorra::test {

// A coroutine that was started: what came of it so far.
template <class T> struct running {
  using value_type = std::conditional_t<std::is_void_v<T>, std::monostate, T>;
  bool done = false;
  std::optional<value_type> value;
  std::exception_ptr error;

  // Its result; throws what it threw; fails when it still waits.
  value_type get() {
    if (!done) throw std::logic_error("the coroutine is still waiting");
    if (error) std::rethrow_exception(error);
    return std::move(*value);
  }
};

class bench {
public:
  bench() : context_(std::make_unique<asio::io_context>(1)), clock(executor()) {}
  ~bench() { context_.reset(); } // waiting coroutines die while the clock still stands

  io::executor executor() { return context_->get_executor(); }

  // Runs everything that can run without time passing.
  void settle() {
    context_->restart();
    context_->poll();
  }

  // Lets time pass, sleeper by sleeper.
  void advance(duration d) {
    time_point const end = clock.now() + d;
    settle();
    for (auto next = clock.next(); next && *next <= end; next = clock.next()) {
      clock.advance_to(*next);
      settle();
    }
    clock.advance_to(end);
    settle();
  }

  template <class T> std::shared_ptr<running<T>> start(io::task<T> body) {
    auto r = std::make_shared<running<T>>();
    if constexpr (std::is_void_v<T>) {
      asio::co_spawn(executor(), std::move(body), [r](std::exception_ptr e) {
        pass_on_hole(e);
        r->done = true;
        r->error = e;
        if (!e) r->value.emplace();
      });
    } else {
      asio::co_spawn(executor(), keep(std::move(body), r), [r](std::exception_ptr e) {
        pass_on_hole(e);
        r->done = true;
        r->error = e;
      });
    }
    settle();
    return r;
  }

  // Starts it and takes its result at once: for what needs neither time nor another side.
  template <class T> typename running<T>::value_type run(io::task<T> body) {
    return start(std::move(body))->get();
  }

private:
  template <class T>
  static io::task<> keep(io::task<T> body, std::shared_ptr<running<T>> r) {
    r->value = co_await std::move(body);
  }

  std::unique_ptr<asio::io_context> context_;

public:
  io::virtual_clock clock;
};

} // namespace cotorra::test
