#include "http/get_talk.hpp"
#include "base/error.hpp"
#include "http/body.hpp"
#include "io/deadline.hpp"
#include "io/reader.hpp"
#include <fmt/format.h>

namespace cotorra::http {
namespace {

struct connection {
  std::unique_ptr<io::stream> stream;
  ip_address address;
};

bool is_redirect(int status) {
  return status == 301 || status == 302 || status == 303 || status == 307 ||
         status == 308;
}

void check_scheme(url const& where) {
  if (!where.speaks_http())
    throw protocol_error(
        errc::unsupported,
        fmt::format("{}:// is not supported yet, only http://", where.scheme));
}

io::task<std::vector<ip_address>> addresses_of(io::network& net, std::string host) {
  std::vector<ip_address> found;
  try {
    found = co_await net.resolve(host);
  } catch (std::system_error const& e) {
    throw protocol_error(
        errc::cannot_connect,
        fmt::format("the name {} leads to no address ({})", host, e.code().message()));
  }
  co_return found;
}

// Each address of the host in turn. `stranger`: a public server sent us here, and must
// not make us talk to our own network.
io::task<connection> dial(io::network& net, io::clock& time, url where, bool stranger,
                          duration patience) {
  std::vector<ip_address> addresses = co_await addresses_of(net, where.host);
  // hole 3.4: let no stranger lead us into our own network
  if (stranger)
    std::erase_if(addresses, [](ip_address const& a) { return a.is_local(); });
  if (addresses.empty())
    throw protocol_error(
        errc::unsafe_redirect,
        fmt::format("a public server sends us to {}, which is an address "
                    "of the local network",
                    where.host));
  // end hole 3.4
  std::string trouble;
  for (ip_address const& address : addresses) {
    endpoint const to{address, where.port};
    try {
      auto dialling = net.connect(to);
      connection made;
      made.stream = co_await io::within(time, time.now() + patience, std::move(dialling));
      made.address = address;
      co_return made;
    } catch (std::system_error const& e) {
      trouble += fmt::format(" {} ({})", to.text(), e.code().message());
    } catch (protocol_error const& e) {
      if (e.code() == errc::shut_down) throw;
      trouble += fmt::format(" {} ({})", to.text(), e.what());
    }
  }
  throw protocol_error(errc::cannot_connect,
                       fmt::format("there is no connection to{}", trouble));
}

io::task<response_head> read_head(io::reader& in) {
  for (;;) {
    if (auto const size = head_size(in.buffered())) {
      response_head head = parse_response_head(in.buffered().first(*size));
      in.consume(*size);
      bool const final = head.status >= 200; // 1xx only promises one
      if (final) co_return head;
      continue;
    }
    bool const more = co_await in.fill();
    if (!more)
      throw protocol_error(errc::end_of_stream, "the connection ended before an answer");
  }
}

io::task<> read_body(io::reader& in, body_decoder& body, buffer& out) {
  while (!body.done()) {
    in.consume(body.take(in.buffered(), out));
    if (body.done()) break;
    bool const more = co_await in.fill();
    if (!more) body.stream_ended();
  }
}

// One question, one answer; of a redirect only the head.
io::task<response> ask(io::stream& there, url where, std::size_t limit) {
  std::string const question = request_text(where);
  co_await io::write(there, as_bytes(question));
  io::reader in(there);
  response_head head = co_await read_head(in);
  response answer;
  if (!is_redirect(head.status)) {
    body_decoder body(head, limit);
    co_await read_body(in, body, answer.body);
  }
  answer.status = head.status;
  answer.fields = std::move(head.fields);
  answer.final_url = where.text();
  co_return answer;
}

url next_place(url const& from, response const& answer) {
  auto const location = answer.fields.find("Location");
  if (!location)
    throw protocol_error(
        errc::malformed_http,
        fmt::format("the server redirects us (status {}) to nowhere", answer.status));
  url to = resolve_location(from, *location);
  if (to.scheme != from.scheme)
    throw protocol_error(
        errc::unsafe_redirect,
        fmt::format("the server redirects us to another scheme, {}://", to.scheme));
  return to;
}

io::task<response> follow(io::network& net, io::clock& time, url where,
                          get_options options) {
  check_scheme(where);
  bool stranger = false;
  for (int redirects = 0;; ++redirects) {
    connection there = co_await dial(net, time, where, stranger, options.dial_deadline);
    response answer = co_await ask(*there.stream, where, options.body_limit);
    there.stream->close();
    if (!is_redirect(answer.status)) co_return answer;
    if (redirects == options.redirects)
      throw protocol_error(
          errc::too_many_redirects,
          fmt::format("the server redirected us more than {} times", options.redirects));
    where = next_place(where, answer);
    stranger = stranger || !there.address.is_local();
  }
}

} // namespace

io::task<response> get(io::network& net, io::clock& time, std::string text,
                       get_options options) {
  url where = parse_url(text);
  // for people: a query may be long, and hold what is nobody's business
  std::string const named = text.substr(0, text.find('?'));
  try {
    auto talk = follow(net, time, std::move(where), options);
    co_return co_await io::within(time, time.now() + options.deadline, std::move(talk));
  } catch (protocol_error const& e) {
    throw protocol_error(e.code(), fmt::format("{}: {}", named, e.what()));
  } catch (std::system_error const& e) {
    throw protocol_error(errc::end_of_stream, fmt::format("{}: the connection broke ({})",
                                                          named, e.code().message()));
  }
}

} // namespace cotorra::http
