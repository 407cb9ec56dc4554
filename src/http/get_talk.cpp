#include "http/get_talk.hpp"
#include "base/error.hpp"
#include "http/body.hpp"
#include "http/content_coding.hpp"
#include "io/deadline.hpp"
#include "io/look_up.hpp"
#include "io/reader.hpp"
#include "io/tls.hpp"
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
        fmt::format("{}:// does not lead to a web server, only http:// and https:// do",
                    where.scheme));
}

io::task<std::unique_ptr<io::stream>> open(io::network& net, endpoint to,
                                           url const& where, io::trust const* trust) {
  std::unique_ptr<io::stream> plain = co_await net.connect(to);
  if (!where.is_secure()) co_return plain;
  static io::trust const of_system; // read once
  io::trust const& whom = trust ? *trust : of_system;
  auto agreeing = io::secure(std::move(plain), where.host, whom);
  std::unique_ptr<io::stream> secret = co_await std::move(agreeing);
  co_return secret;
}

// Tries each address of the host in turn. stranger: a public server has redirected us,
// and must not lead us into our own network.
io::task<connection> dial(io::network& net, io::clock& time, url where, bool stranger,
                          get_options const& options) {
  auto looking =
      io::addresses_of(net, time, where.host, options.family, options.name_deadline);
  std::vector<ip_address> addresses = co_await std::move(looking);
  // hole 3.4: let no stranger lead us into our own network
  if (stranger)
    std::erase_if(addresses, [](ip_address const& a) { return a.is_local(); });
  if (addresses.empty())
    throw protocol_error(
        errc::unsafe_redirect,
        fmt::format("{} is an address of our own network, where a stranger must not "
                    "send us",
                    where.host));
  // end hole 3.4
  std::string trouble;
  for (ip_address const& address : addresses) {
    endpoint const to{address, where.port};
    try {
      auto dialling = open(net, to, where, options.trust);
      connection made;
      time_point const until = time.now() + options.dial_deadline;
      made.stream = co_await io::within(time, until, std::move(dialling));
      made.address = address;
      co_return made;
    } catch (std::system_error const& e) {
      trouble += fmt::format(" {} ({})", to.text(), e.code().message());
    } catch (protocol_error const& e) {
      if (e.code() == errc::shut_down || e.code() == errc::insecure) throw;
      trouble += fmt::format(" {} ({})", to.text(), e.what());
    }
  }
  throw protocol_error(errc::cannot_connect,
                       fmt::format("there is no connection to{}", trouble));
}

io::task<response_head> read_head(io::reader& in) {
  std::size_t scanned = 0;
  for (;;) {
    if (auto const size = head_size(in.buffered(), largest_answer_head, scanned)) {
      response_head head = decode_response_head(in.buffered().first(*size));
      in.consume(*size);
      bool const final = head.status >= 200; // 1xx only announces one
      if (final) co_return head;
      scanned = 0;
      continue;
    }
    scanned = in.buffered().size();
    bool const more = co_await in.fill();
    if (!more)
      throw protocol_error(errc::end_of_stream, "the connection ended before an answer");
  }
}

// False when the connection ended first.
io::task<bool> read_body(io::reader& in, body_decoder& body, buffer& out) {
  while (!body.done()) {
    in.consume(body.take(in.buffered(), out));
    if (body.done()) break;
    bool const more = co_await in.fill();
    if (!more) co_return body.ends_here();
  }
  co_return true;
}

// If an error page is damaged, its status still matters.
void unpack_body(response& answer, response_head const& head, std::size_t limit) {
  try {
    unpacked plain = unpack(head.fields, std::move(answer.body), limit);
    answer.body = std::move(plain.body);
    answer.cut_off = answer.cut_off || plain.cut_off;
  } catch (protocol_error const&) {
    if (head.status < 400) throw;
    answer.body.clear();
  }
}

// One request, one answer; for a redirect, only its head.
io::task<response> ask(io::stream& there, url where, get_options const& options) {
  std::string const question = encode_request_head(where);
  if (options.on_sent) options.on_sent();
  co_await io::write(there, as_bytes(question));
  io::reader in(there);
  response_head head = co_await read_head(in);
  response answer;
  if (!is_redirect(head.status)) {
    body_decoder body(head, options.body_limit);
    bool const whole = co_await read_body(in, body, answer.body);
    answer.cut_off = !whole;
    unpack_body(answer, head, options.body_limit);
  }
  if (answer.cut_off && !options.accept_cut_off)
    throw protocol_error(errc::end_of_stream,
                         "the connection ended in the middle of the answer");
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
  bool const is_safer = to.is_secure() && from.speaks_http();
  if (to.scheme != from.scheme && !is_safer)
    throw protocol_error(
        errc::unsafe_redirect,
        fmt::format("the server redirects us to another scheme, {}://", to.scheme));
  if (to.user.empty() && to.authority() == from.authority()) to.user = from.user;
  return to;
}

io::task<response> follow(io::network& net, io::clock& time, url where,
                          get_options options) {
  check_scheme(where);
  bool stranger = options.public_only;
  for (int redirects = 0;; ++redirects) {
    connection there = co_await dial(net, time, where, stranger, options);
    response answer = co_await ask(*there.stream, where, options);
    there.stream->close();
    if (!is_redirect(answer.status)) co_return answer;
    if (redirects == options.redirects)
      throw protocol_error(
          errc::too_many_redirects,
          fmt::format("the server redirected us more than {} times", options.redirects));
    where = next_place(where, answer);
    stranger = stranger || options.no_local_redirect || !there.address.is_local();
  }
}

} // namespace

io::task<response> get(io::network& net, io::clock& time, std::string text,
                       get_options options) {
  url where = parse_url(text);
  std::string const named = printable(text);
  try {
    auto talk = follow(net, time, std::move(where), std::move(options));
    co_return co_await io::within(time, time.now() + options.deadline, std::move(talk));
  } catch (protocol_error const& e) {
    throw protocol_error(e.code(), fmt::format("{}: {}", named, e.what()));
  } catch (std::system_error const& e) {
    throw protocol_error(errc::end_of_stream, fmt::format("{}: the connection broke ({})",
                                                          named, e.code().message()));
  }
}

} // namespace cotorra::http
