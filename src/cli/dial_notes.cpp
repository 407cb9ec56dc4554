#include "cli/dial_notes.hpp"
#include <asio/error.hpp>
#include <system_error>

namespace cotorra::cli {
namespace {

std::string words_on(std::error_code e) {
  if (e == asio::error::connection_refused) return "no program listens there";
  if (e == asio::error::operation_aborted || e == asio::error::timed_out)
    return "no answer";
  return e.message();
}

} // namespace

task<std::unique_ptr<io::stream>> dial_notes::connect(endpoint to) {
  try {
    std::unique_ptr<io::stream> stream = co_await inner_.connect(to);
    failures_.erase(to);
    co_return std::move(stream);
  } catch (std::system_error const& e) {
    if (watched_.contains(to)) failures_[to] = words_on(e.code());
    throw;
  }
}

} // namespace cotorra::cli
