#include "http/server_talk.hpp"
#include "base/error.hpp"
#include "io/reader.hpp"
#include "io/task_group.hpp"
#include <asio/error.hpp>
#include <asio/this_coro.hpp>
#include <list>

namespace cotorra::http {
namespace {

// A client, and until when it may keep us waiting.
struct visit {
  std::unique_ptr<io::stream> client;
  time_point patience_ends;
};

struct house {
  io::clock& time;
  handler const answer;
  server_options const options;
  io::task_group group;
  std::list<visit> visits{};
};

// The next request on the connection; nullopt when the client has left.
io::task<std::optional<request_head>> next_request(io::reader& in) {
  std::size_t scanned = 0;
  for (;;) {
    if (auto const size = head_size(in.buffered(), largest_head, scanned)) {
      request_head head = decode_request_head(in.buffered().first(*size));
      in.consume(*size);
      co_return head;
    }
    scanned = in.buffered().size();
    bool const more = co_await in.fill();
    if (!more) co_return std::nullopt;
  }
}

response answer_to(request_head const& head, house const& home, endpoint from) {
  if (head.method != "GET" && head.method != "HEAD") {
    response no = plain_answer(405, "Only GET and HEAD are answered here.\n");
    no.fields.add("Allow", "GET, HEAD");
    return no;
  }
  if (head.has_body()) return plain_answer(413, "A request here has no body.\n");
  try {
    return home.answer(head, from);
  } catch (std::exception const&) { // its text may hold what strangers must not see
    return plain_answer(500, "Something went wrong here.\n");
  }
}

io::task<> send(io::stream& to, response answer, bool with_body, bool keep_alive) {
  std::string const head =
      encode_response_head(answer.status, answer.fields, answer.body.size(), keep_alive);
  bytes const body = with_body ? bytes(answer.body) : bytes();
  bytes const both[] = {as_bytes(head), body};
  co_await to.write(both);
}

// Requests and answers in turn, until either side ends it.
io::task<> converse(visit& v, house& home) {
  io::reader in(*v.client);
  endpoint const from = v.client->remote();
  for (bool keep_alive = true; keep_alive;) {
    v.patience_ends = home.time.now() + home.options.patience;
    std::optional<request_head> const head = co_await next_request(in);
    if (!head) break;
    response answer = answer_to(*head, home, from);
    bool const refused = answer.status == 405 || answer.status == 413;
    keep_alive = head->keep_alive && !refused; // an unread body may follow
    bool const with_body = head->method != "HEAD";
    v.patience_ends = home.time.now() + home.options.patience;
    co_await send(*v.client, std::move(answer), with_body, keep_alive);
  }
}

io::task<> receive(std::list<visit>::iterator v, house& home) {
  std::optional<response> complaint;
  try {
    co_await converse(*v, home);
  } catch (protocol_error const& e) {
    int const status = e.code() == errc::limit_exceeded ? 431 : 400;
    complaint = plain_answer(status, std::string(e.what()) + "\n");
  } catch (std::system_error const&) { // the client has left, or was too slow
  }
  try {
    if (complaint) {
      auto last_word = send(*v->client, std::move(*complaint), true, false);
      co_await std::move(last_word);
    }
  } catch (std::system_error const&) {
  }
  v->client->close();
  home.visits.erase(v);
}

// Once a second, closes the connections of clients that keep us waiting too long.
io::task<> sweep(house& home) {
  for (;;) {
    co_await home.time.sleep_for(1s);
    for (visit& v : home.visits)
      if (v.patience_ends <= home.time.now()) v.client->close();
  }
}

// False when the listener is closed. Goes on when too many files are open.
io::task<bool> receive_next(io::listener& door, house& home) {
  try {
    std::unique_ptr<io::stream> client = co_await door.accept();
    if (home.visits.size() >= home.options.connections) {
      client->close();
      co_return true;
    }
    home.visits.push_front({std::move(client), time_point::max()}); // until it is heard
    home.group.spawn(receive(home.visits.begin(), home), "visit");
    co_return true;
  } catch (std::system_error const& e) {
    bool const closed = e.code() == asio::error::operation_aborted ||
                        e.code() == asio::error::bad_descriptor;
    if (closed) co_return false;
  }
  co_await home.time.sleep_for(100ms);
  co_return true;
}

io::task<> receive_all(io::listener& door, house& home) {
  bool open = true;
  while (open) open = co_await receive_next(door, home);
  home.group.cancel();
}

} // namespace

io::task<> serve(io::listener& door, io::clock& time, handler answer,
                 server_options options) {
  io::executor const ex = co_await asio::this_coro::executor;
  house home{time, std::move(answer), options, io::task_group(ex)};
  home.group.spawn(receive_all(door, home), "door");
  home.group.spawn(sweep(home), "sweeper");
  co_await home.group.join();
}

response plain_answer(int status, std::string_view text) {
  response out;
  out.status = status;
  out.fields.add("Content-Type", "text/plain; charset=utf-8");
  append(out.body, text);
  return out;
}

} // namespace cotorra::http
