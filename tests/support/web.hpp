// A web server that says exactly what a test wants, byte for byte, and how a coroutine
// failed.
#pragma once
#include "base/error.hpp"
#include "http/message_wire.hpp"
#include "io/reader.hpp"
#include "support/bench.hpp"
#include "support/memory_network.hpp"

namespace cotorra::test {

inline std::string ok(std::string const& body) {
  return "HTTP/1.1 200 OK\r\nContent-Length: " + std::to_string(body.size()) +
         "\r\n\r\n" + body;
}
inline std::string moved(std::string const& location) {
  return "HTTP/1.1 302 Found\r\nLocation: " + location + "\r\n\r\n";
}

// Answers one connection after the other, each with the next of the given texts; then
// closes it, or holds it open.
class scripted_server {
public:
  enum after { close, hold };

  scripted_server(bench& desk, memory_network& net, std::string const& at,
                  std::vector<std::string> answers, after then = close)
      : door_(net.listen(endpoint::parse(at).value())) {
    desk.start(run(*door_, std::move(answers), then, questions));
  }

  std::vector<std::string> questions; // the heads of the requests

private:
  static io::task<std::string> hear(io::reader& in) {
    while (!http::head_size(in.buffered())) {
      bool const more = co_await in.fill();
      if (!more) break;
    }
    co_return std::string(as_text(in.buffered()));
  }
  static io::task<> run(io::listener& door, std::vector<std::string> answers, after then,
                        std::vector<std::string>& heard) {
    std::vector<std::unique_ptr<io::stream>> held;
    for (std::string const& answer : answers) {
      std::unique_ptr<io::stream> client = co_await door.accept();
      io::reader in(*client);
      std::string question = co_await hear(in);
      heard.push_back(std::move(question));
      co_await io::write(*client, as_bytes(answer));
      if (then == close) client->close();
      held.push_back(std::move(client));
    }
    std::unique_ptr<io::stream> const nobody = co_await door.accept();
  }

  std::unique_ptr<io::listener> door_;
};

struct failure {
  std::optional<errc> code; // nothing: there was no protocol_error
  std::string what;
};

// How it failed; it must have.
template <class T> failure failure_of(std::shared_ptr<running<T>> const& r) {
  if (!r->done) return {std::nullopt, "it still waits"};
  try {
    if (r->error) std::rethrow_exception(r->error);
  } catch (protocol_error const& e) {
    return {e.code(), e.what()};
  } catch (std::exception const& e) {
    return {std::nullopt, std::string("not a protocol_error: ") + e.what()};
  }
  return {std::nullopt, "it did not fail"};
}

} // namespace cotorra::test
