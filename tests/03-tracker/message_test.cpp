// The heads of HTTP messages, and where a body ends.
#include "base/error.hpp"
#include "http/body.hpp"
#include "print.hpp"
#include "support/catch.hpp"
#include "support/hole.hpp"
#include "support/story.hpp"

using namespace cotorra;

namespace {

http::response_head head_of(std::string const& text) {
  return http::decode_response_head(as_bytes(text));
}
http::request_head request_of(std::string const& text) {
  return http::decode_request_head(as_bytes(text));
}

// With what it is refused; nothing if it is not.
template <class F> std::optional<errc> code_of(F f) {
  try {
    f();
  } catch (protocol_error const& e) {
    return e.code();
  }
  return std::nullopt;
}

std::optional<errc> refused_head(std::string const& text) {
  return code_of([&] { head_of(text); });
}
std::optional<errc> refused_request(std::string const& text) {
  return code_of([&] { request_of(text); });
}

// Decodes `wire` in two parts, cut at `cut`.
std::string decoded(std::string const& fields, std::string const& wire, std::size_t cut,
                    bool ended = false) {
  http::body_decoder body(head_of("HTTP/1.1 200 OK\r\n" + fields + "\r\n"), 1000);
  buffer out;
  std::size_t used = body.take(as_bytes(wire).first(cut), out);
  if (!body.done()) used += body.take(as_bytes(wire).subspan(used), out);
  if (ended) body.stream_ended();
  CHECK(body.done());
  return std::string(as_text(out));
}

std::string shown(std::string_view text) {
  std::string out = "\"";
  for (char c : text)
    if (c == '\r')
      out += "\\r";
    else if (c == '\n')
      out += "\\n";
    else
      out += c;
  return out + '"';
}

// The body and what is left of the wire, or why there is no body.
std::string told(std::string const& fields, std::string const& wire, std::size_t cut) {
  try {
    http::body_decoder body(head_of("HTTP/1.1 200 OK\r\n" + fields + "\r\n"), 1000);
    buffer out;
    std::size_t used = body.take(as_bytes(wire).first(cut), out);
    if (!body.done()) used += body.take(as_bytes(wire).subspan(used), out);
    if (!body.done()) return shown(as_text(out)) + ", and it waits for more";
    return shown(as_text(out)) + ", and left is " + shown(wire.substr(used));
  } catch (protocol_error const& e) {
    return std::string(name(e.code())) + ": " + e.what();
  } catch (std::exception const& e) {
    if (test::is_hole(e)) throw;
    return std::string("no protocol_error was thrown but: ") + e.what();
  }
}

std::optional<errc> refused_body(std::string const& fields, std::string const& wire) {
  return code_of([&] { decoded(fields, wire, 0, true); });
}

std::string const chunked = "Transfer-Encoding: chunked\r\n";

} // namespace

TEST_CASE("a response head is read whatever the case of its letters") {
  auto const head =
      head_of("HTTP/1.1 200 Fine, thanks\r\ncontent-LENGTH:  12 \r\nX: \r\n\r\n");
  CHECK(head.status == 200);
  CHECK(head.reason == "Fine, thanks");
  CHECK(head.fields.find("Content-Length") == "12");
  CHECK(head.fields.find("x") == "");
  CHECK_FALSE(head.fields.find("y"));
}

TEST_CASE("a response head may lack the reason and the carriage returns") {
  CHECK(head_of("HTTP/1.0 404\n\n").status == 404);
  CHECK(head_of("HTTP/1.0 404 \r\n\r\n").reason.empty());
}

TEST_CASE("the end of a head is found wherever the bytes are cut") {
  std::string const text = "HTTP/1.1 200 OK\r\nA: b\r\n\r\nbody";
  for (std::size_t cut = 0; cut <= text.size(); ++cut) {
    auto const size = http::head_size(as_bytes(text).first(cut));
    CHECK(size.has_value() == (cut >= text.size() - 4));
    if (size) CHECK(*size == text.size() - 4);
  }
}

TEST_CASE("the end of a head is found when its bytes come one by one") {
  for (std::string const text :
       {"HTTP/1.1 200 OK\r\nA: b\r\n\r\n", "HTTP/1.1 200 OK\n\n"})
    for (std::size_t here = 1; here <= text.size(); ++here) {
      bytes const in = as_bytes(text).first(here);
      auto const size = http::head_size(in, http::largest_head, here - 1);
      CHECK(size.has_value() == (here == text.size()));
    }
}

TEST_CASE("what was looked through for the end of a head is not looked through again") {
  std::string const text = "\n\n" + std::string(10, 'a');
  CHECK_FALSE(http::head_size(as_bytes(text), http::largest_head, 5));
}

TEST_CASE("a head without an end is refused at 16 KiB, that of an answer at 64 KiB") {
  for (std::size_t limit : {http::largest_head, http::largest_answer_head}) {
    std::string const almost(limit - 1, 'a');
    CHECK_FALSE(http::head_size(as_bytes(almost), limit));
    std::string const full = almost + "a";
    CHECK(code_of([&] { http::head_size(as_bytes(full), limit); }) ==
          errc::limit_exceeded);
  }
}

TEST_CASE("an end of bare line feeds is found with a body behind it") {
  std::string const head = "HTTP/1.0 200 OK\n\n";
  CHECK(http::head_size(as_bytes(head + "body")) == head.size());
  CHECK(http::head_size(as_bytes("HTTP/1.0 200 OK\n\r\nbody")) == 18u);
}

TEST_CASE("a head that is too long is told by its limit") {
  std::string const full(http::largest_head, 'a');
  CHECK_THROWS_WITH(http::head_size(as_bytes(full)), "the head is longer than 16 KiB");
}

TEST_CASE("words are the same whatever their case and no other letters are") {
  CHECK(http::same_word("AZ-az", "az-AZ"));
  for (auto const& [a, b] : {std::pair("@", "`"), {"[", "{"}, {"a", "b"}, {"a", "aa"}})
    CHECK_FALSE(http::same_word(a, b));
}

TEST_CASE("a status has three digits from 100 to 599 between two blanks") {
  for (int status : {100, 199, 200, 299, 404, 599})
    CHECK(head_of("HTTP/1.1 " + std::to_string(status) + " x\r\n\r\n").status == status);
  for (std::string const odd : {" 099 x", " 600 x", " 2x0 x", " 20x x", "x200 x", " 2000",
                                " 200x", " 2:0 x", " 2/0 x", " 20"}) {
    INFO(odd);
    CHECK(refused_head("HTTP/1.1" + odd + "\r\n\r\n") == errc::malformed_http);
  }
}

TEST_CASE("a response head that is none is refused") {
  CHECK(refused_head("") == errc::malformed_http);
  CHECK(refused_head("d8:intervali1e\r\n\r\n") == errc::malformed_http);
  CHECK(refused_head("HTTP/2.0 200 OK\r\n\r\n") == errc::malformed_http);
  CHECK(refused_head("HTTP/1.1 OK\r\n\r\n") == errc::malformed_http);
  CHECK(refused_head("HTTP/1.1 20\r\n\r\n") == errc::malformed_http);
  CHECK(refused_head("HTTP/1.1 2000 OK\r\n\r\n") == errc::malformed_http);
  CHECK(refused_head("HTTP/1.1 999 OK\r\n\r\n") == errc::malformed_http);
}

TEST_CASE("a header field that is none is refused in a request") {
  std::string const get = "GET / HTTP/1.1\r\n";
  CHECK(refused_request(get + "no colon\r\n\r\n") == errc::malformed_http);
  CHECK(refused_request(get + ": no name\r\n\r\n") == errc::malformed_http);
  CHECK(refused_request(get + "a b: c\r\n\r\n") == errc::malformed_http);
  CHECK(refused_request(get + "a : c\r\n\r\n") == errc::malformed_http);
  CHECK(refused_request(get + " folded: c\r\n\r\n") == errc::malformed_http);
  CHECK(refused_request(get + "a: b\x01\r\n\r\n") == errc::malformed_http);
  CHECK(refused_request(get + "a: b\x1f\r\n\r\n") == errc::malformed_http);
  CHECK(refused_request(get + "a: b\x7f\r\n\r\n") == errc::malformed_http);
  CHECK(refused_request(get + "a\x7f: b\r\n\r\n") == errc::malformed_http);
  CHECK(request_of(get + "a: b c\td\r\n\r\n").fields.find("a") == "b c\td");
  CHECK(request_of(get + "!~: b\r\n\r\n").fields.find("!~") == "b");
}

TEST_CASE("no blank is needed behind the colon of a field") {
  CHECK(request_of("GET / HTTP/1.1\r\na:b\r\n\r\n").fields.find("a") == "b");
  CHECK(head_of("HTTP/1.1 200 OK\r\na:b\r\n\r\n").fields.find("a") == "b");
}

TEST_CASE("a request has a body when its fields say so") {
  auto const has_body = [](std::string const& field) {
    return request_of("GET / HTTP/1.1\r\n" + field + "\r\n\r\n").has_body();
  };
  CHECK(has_body("Content-Length: 1"));
  CHECK(has_body("Transfer-Encoding: chunked"));
  CHECK_FALSE(has_body("Content-Length: 0"));
  CHECK_FALSE(has_body("Host: a"));
}

TEST_CASE("a header field that is none is passed over in an answer") {
  std::string const ok = "HTTP/1.1 200 OK\r\n", rest = "B: c\r\n\r\n";
  for (std::string const odd :
       {"no colon", ": no name", "a b: c", " folded: c", "(x): y"}) {
    INFO(odd);
    auto const head = head_of(ok + odd + "\r\n" + rest);
    CHECK(head.fields.all().size() == 1);
    CHECK(head.fields.find("b") == "c");
  }
  CHECK(head_of(ok + "a : b\r\n\r\n").fields.find("a") == "b");
  CHECK(head_of(ok + "a: b\x1b[1m\r\n\r\n").fields.find("a") == "b [1m");
  CHECK(head_of(ok + "a: b;\r\n\tc\r\n" + rest).fields.find("a") == "b; c");
  CHECK(head_of(ok + "none\r\n more of it\r\n" + rest).fields.all().size() == 1);
}

TEST_CASE("more than 100 header fields are refused in a request and taken in an answer") {
  std::string fields;
  for (int i = 0; i < 100; ++i) fields += "a: b\r\n";
  std::string const get = "GET / HTTP/1.1\r\n";
  CHECK(request_of(get + fields + "\r\n").fields.all().size() == 100);
  CHECK(refused_request(get + fields + "a: b\r\n\r\n") == errc::limit_exceeded);
  std::string const ok = "HTTP/1.1 200 OK\r\n";
  CHECK(head_of(ok + fields + fields + "\r\n").fields.all().size() == 200);
}

TEST_CASE("a request head falls into method and path and query") {
  auto const head = request_of("GET /announce?a=b?c HTTP/1.1\r\nHost: x\r\n\r\n");
  CHECK(head.method == "GET");
  CHECK(head.path() == "/announce");
  CHECK(head.query() == "a=b?c");
  CHECK(head.keep_alive);
  CHECK_FALSE(head.has_body());
}

TEST_CASE("a client says whether it wants to keep the connection") {
  CHECK_FALSE(request_of("GET / HTTP/1.0\r\n\r\n").keep_alive);
  CHECK(request_of("GET / HTTP/1.0\r\nConnection: Keep-Alive\r\n\r\n").keep_alive);
  CHECK_FALSE(request_of("GET / HTTP/1.1\r\nconnection: x, Close\r\n\r\n").keep_alive);
}

TEST_CASE("a request head that is none is refused") {
  CHECK(refused_request("GET\r\n\r\n") == errc::malformed_http);
  CHECK(refused_request("GET /\r\n\r\n") == errc::malformed_http);
  CHECK(refused_request("GET  HTTP/1.1\r\n\r\n") == errc::malformed_http);
  CHECK(refused_request("GET / HTTP/3\r\n\r\n") == errc::malformed_http);
  CHECK(refused_request("G(T / HTTP/1.1\r\n\r\n") == errc::malformed_http);
  CHECK(refused_request("GET /a b HTTP/1.1\r\n\r\n") == errc::malformed_http);
  CHECK(refused_request("GET http://a/ HTTP/1.1\r\n\r\n") == errc::malformed_http);
  CHECK(refused_request("GET /a\x01 HTTP/1.1\r\n\r\n") == errc::malformed_http);
  CHECK(refused_request("GET /a\tb HTTP/1.1\r\n\r\n") == errc::malformed_http);
  for (std::string const line : {"GET", "GET /", "GET HTTP/1.1"})
    CHECK_THROWS_WITH(request_of(line + "\r\n\r\n"),
                      "the request line does not have three parts");
  CHECK(refused_request("\x13"
                        "BitTorrent protocol\r\n\r\n") == errc::malformed_http);
}

TEST_CASE("what does not fit in a request is percent-coded and the rest stays") {
  auto const text =
      http::encode_request_head(http::parse_url("http://a:81/b c\xc3\xa9%20?d"));
  CHECK(text.substr(0, text.find("\r\n")) == "GET /b%20c%C3%A9%20?d HTTP/1.1");
  CHECK(text.find("\r\nHost: a:81\r\n") != text.npos);
  http::url odd = http::parse_url("http://a/!~");
  odd.target += "\x7f\x1f";
  CHECK(http::encode_request_head(odd).starts_with("GET /!~%7F%1F HTTP/1.1\r\n"));
  CHECK(text.find("\r\nAccept-Encoding: identity\r\n") != text.npos);
}

TEST_CASE("a body of known length comes whole wherever it is cut") {
  std::string const wire = "spam and eggs";
  for (std::size_t cut = 0; cut <= wire.size(); ++cut)
    CHECK(decoded("Content-Length: 13\r\n", wire, cut) == wire);
  CHECK(decoded("Content-Length: 4\r\n", wire, 0) == "spam");
  CHECK(decoded("Content-Length: 0\r\n", wire, 0).empty());
}

TEST_CASE("a chunked body comes whole wherever it is cut") {
  std::string const wire = "4\r\nspam\r\n00b; x=\"y\"\r\n and 2 eggs\r\n"
                           "A \t\r\n, and spam\r\n000;end\r\nT: u\r\n\r\nmore";
  for (std::size_t cut = 0; cut <= wire.size(); ++cut) {
    test::story s;
    s.given(
        "chunks of 4, b (eleven), A (ten) and 000 bytes, a trailer, and 4 bytes more");
    s.given("the wire cuts them at byte " + std::to_string(cut));
    std::string const came = told(chunked, wire, cut);
    s.expect("the body, and \"more\" is left",
             came == "\"spam and 2 eggs, and spam\", and left is \"more\"", came);
  }
}

TEST_CASE("a blank behind a chunk's size does not count") {
  for (std::string const blanks : {" ", "\t", "  "})
    CHECK(decoded(chunked, "4" + blanks + "\r\nspam\r\n0\r\n\r\n", 0) == "spam");
}

TEST_CASE("each chunk's size begins a trailer anew") {
  std::string wire;
  for (int i = 0; i < 100; ++i) wire += "1;" + std::string(200, 'x') + "\r\na\r\n";
  wire += "0\r\nT: u\r\n\r\n"; // the trailer is short, all the other lines are not
  CHECK(told(chunked, wire, 0) == "\"" + std::string(100, 'a') + "\", and left is \"\"");
}

TEST_CASE("a body without a length ends with the connection") {
  CHECK(decoded("", "spam", 2, true) == "spam");
  CHECK(decoded("Content-Length:\r\n", "spam", 2, true) == "spam");
  CHECK(decoded("Content-Length: , \r\n", "spam", 2, true) == "spam");
  CHECK(decoded("Content-Length: \r\nContent-Length: 4\r\n", "spam!", 0) == "spam");
}

TEST_CASE("a body that ends too soon is an error") {
  CHECK(refused_body("Content-Length: 5\r\n", "spam") == errc::end_of_stream);
  CHECK(refused_body(chunked, "4\r\nspa") == errc::end_of_stream);
  CHECK(refused_body(chunked, "4\r\nspam\r\n") == errc::end_of_stream);
  CHECK(decoded(chunked, "4\r\nspam\r\n0\r\n", 0, true) == "spam"); // all has come
}

TEST_CASE("a chunk that is none is refused") {
  for (std::string const wire : {"spam\r\n", "\r\n", "-1\r\n", "0x4\r\nspam\r\n",
                                 "4g\r\nspam\r\n", ";a=b\r\n", "3\r\nspam\r\n"}) {
    test::story s;
    s.given("a chunked body that begins with " + shown(wire));
    std::string const came = told(chunked, wire, 0);
    s.expect("it is refused: malformed_http", came.starts_with("malformed_http"), came);
  }
}

TEST_CASE("a length that is none is refused") {
  CHECK(refused_body("Content-Length: four\r\n", "spam") == errc::malformed_http);
  CHECK(refused_body("Content-Length: -4\r\n", "spam") == errc::malformed_http);
  CHECK(refused_body("Content-Length: 4\r\nContent-Length: 5\r\n", "spam!") ==
        errc::malformed_http);
}

TEST_CASE("a body past its limit is refused in each of its forms") {
  std::string const long_text(1001, 'a');
  CHECK(refused_body("Content-Length: 1001\r\n", "") == errc::limit_exceeded);
  CHECK(refused_body("Content-Length: 99999999999999999999\r\n", "") ==
        errc::limit_exceeded);
  for (std::string const size : {"3e9", "10001", "100000000", "fffffffffffffffff"}) {
    INFO("a chunk of " << size << " (hexadecimal) bytes begins, and 1001 come");
    CHECK(refused_body(chunked, size + "\r\n" + long_text) == errc::limit_exceeded);
  }
  CHECK(refused_body("", long_text) == errc::limit_exceeded);
  CHECK(refused_body(chunked, std::string(300, '0')) == errc::limit_exceeded);
  CHECK(refused_body(chunked, "0\r\n" + std::string(17000, 't')) == errc::limit_exceeded);
}

TEST_CASE("a body that just reaches its limit is taken in each of its forms") {
  std::string const most(1000, 'a');
  CHECK(decoded("Content-Length: 1000\r\n", most, 500) == most);
  CHECK(decoded(chunked, "3e8\r\n" + most + "\r\n0\r\n\r\n", 500) == most);
  CHECK(decoded("", most, 500, true) == most);
}

TEST_CASE("the line before a chunk has 256 bytes at most and the trailer 16 KiB") {
  std::string const size = "1;" + std::string(253, 'x'); // and its carriage return
  std::string const rest = "\r\na\r\n0\r\n\r\n";
  CHECK(decoded(chunked, size + rest, 0) == "a");
  CHECK(refused_body(chunked, size + "x" + rest) == errc::limit_exceeded);
  std::string const trailer = "0\r\n" + std::string(16 * 1024 - 2, 't');
  CHECK(decoded(chunked, trailer + "\r\n\r\n", 0).empty());
  CHECK(refused_body(chunked, trailer + "t\r\n\r\n") == errc::limit_exceeded);
}

TEST_CASE("an answer of some statuses has no body whatever its fields say") {
  auto const has_body = [](int status) {
    return !http::body_decoder(head_of("HTTP/1.1 " + std::to_string(status) +
                                       " x\r\nContent-Length: 4\r\n\r\n"),
                               1000)
                .done();
  };
  for (int status : {100, 199, 204, 304}) CHECK_FALSE(has_body(status));
  for (int status : {200, 203, 205, 303, 305, 404}) CHECK(has_body(status));
}

TEST_CASE("where a body ends depends on no coding but chunked") {
  CHECK(decoded("Content-Encoding: gzip\r\n", "spam", 0, true) == "spam");
  CHECK(decoded("Transfer-Encoding: gzip, chunked\r\n", "4\r\nspam\r\n0\r\n\r\n", 0) ==
        "spam");
  CHECK(decoded("Transfer-Encoding:gzip,chunked\r\n", "4\r\nspam\r\n0\r\n\r\n", 0) ==
        "spam");
  CHECK(decoded("Transfer-Encoding: identity\r\nContent-Length: 4\r\n", "spam!", 0) ==
        "spam");
  CHECK(decoded("Transfer-Encoding: none\r\n", "spam", 0, true) == "spam");
}

TEST_CASE("a length that is given twice is one when it is the same") {
  CHECK(decoded("Content-Length: 4, 4\r\n", "spam!", 0) == "spam");
  CHECK(decoded("Content-Length: 4\r\nContent-Length: 4\r\n", "spam!", 0) == "spam");
  CHECK(refused_body("Content-Length: 4, 5\r\n", "spam!") == errc::malformed_http);
}

TEST_CASE("the user of a URL goes into an Authorization field") {
  auto const field = [](std::string const& url) {
    std::string const text = http::encode_request_head(http::parse_url(url));
    auto const at = text.find("Authorization: ");
    return at == text.npos ? "" : text.substr(at, text.find("\r\n", at) - at);
  };
  CHECK(field("http://a/").empty());
  CHECK(field("http://@a/").empty());
  CHECK(field("http://user:secret@a/") == "Authorization: Basic dXNlcjpzZWNyZXQ=");
  CHECK(field("http://us%65r:s%65cret@a/") == "Authorization: Basic dXNlcjpzZWNyZXQ=");
  CHECK(field("http://user@a/") == "Authorization: Basic dXNlcjo=");
  CHECK(field("http://a:%@b/") == "Authorization: Basic YTol");
}
