// task<T>: the one coroutine type. `co_await` a task to run it to its end and get its T
// or its exception; hand it to a task_group to let it run while you do something else.
//
// Name it, then await it: a co_await expression has only names, literals, trivially
// destructible values and std::move(name). GCC 12 destroys other temporaries there twice.
#pragma once
#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>

namespace cotorra::io {

template <class T = void> using task = asio::awaitable<T>;
using executor = asio::any_io_executor;

} // namespace cotorra::io

namespace cotorra {
using io::task;
}
