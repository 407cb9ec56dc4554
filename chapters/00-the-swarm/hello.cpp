// A coroutine that says hello, one that it awaits, and the loop that runs both.
#include "io/task.hpp"
#include <asio/co_spawn.hpp>
#include <asio/detached.hpp>
#include <asio/io_context.hpp>
#include <cstdio>

using namespace cotorra;

namespace {

task<int> answer() {
  std::puts("answer: I run");
  co_return 42;
}

task<> say_hello() {
  std::puts("say_hello: hello");
  int const n = co_await answer();
  std::printf("say_hello: the answer is %d\n", n);
}

} // namespace

int main() {
  asio::io_context loop;
  task<> hello = say_hello();
  std::puts("main: there is a task, and nothing has run");
  asio::co_spawn(loop, std::move(hello), asio::detached);
  std::puts("main: the loop has the task, and nothing has run");
  loop.run();
  std::puts("main: all coroutines have ended");
}
