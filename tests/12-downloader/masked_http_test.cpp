// What a capture keeps to itself of a conversation in HTTP.
#include "explain/masked_http.hpp"
#include "support/catch.hpp"

using namespace cotorra;
using namespace cotorra::explain;

namespace {

std::string masked(std::string text) {
  secrets found;
  mask_secrets(std::as_writable_bytes(std::span(text)), found);
  return text;
}

} // namespace

TEST_CASE("an announce keeps what it says of the torrent") {
  std::string const announce =
      "GET "
      "/announce?info_hash=%01%02&peer_id=-CO0100-123456789012&port=6881&left=12345678&"
      "key=00C0FFEE HTTP/1.1\r\nHost: t\r\n\r\n";
  CHECK(masked(announce) == announce);
  CHECK(masked("GET /a?key=00C0FFEE00&b=1 HTTP/1.1") ==
        "GET /a?key=xxxxxxxxxx&b=1 HTTP/1.1");
  CHECK(masked("GET http://name:word@proxy/a HTTP/1.1") ==
        "GET http://xxxxxxxxx@proxy/a HTTP/1.1");
  CHECK(masked("GET ") == "GET ");
  CHECK(masked("") == "");
  CHECK(masked("HTTP/1.1 200 OK\r\nauthorization:\r\nlocation") ==
        "HTTP/1.1 200 OK\r\nauthorization:\r\nlocation");
}

TEST_CASE("a target with a URL in its query is still a path") {
  CHECK(masked("GET /0123456789abcdef01/a?from=http://x/&left=1 HTTP/1.1") ==
        "GET /xxxxxxxxxxxxxxxxxx/a?from=http://x/&left=1 HTTP/1.1");
  CHECK(masked("GET /a?passkey=geheim&ref=http://x/y HTTP/1.1") ==
        "GET /a?passkey=xxxxxx&ref=http://x/y HTTP/1.1");
  CHECK(masked("GET //0123456789abcdef01/a HTTP/1.1") ==
        "GET //xxxxxxxxxxxxxxxxxx/a HTTP/1.1");
}

TEST_CASE("the fields of an answer that can hold a secret are masked") {
  auto const field = [](std::string const& one) {
    return masked("HTTP/1.1 302 Found\r\n" + one + "\r\n\r\n").substr(20, one.size());
  };
  CHECK(field("Location: //u:p@h/a") == "Location: //xxx@h/a");
  CHECK(field("Location:\r\n http://u:p@h/a") == "Location:\r\n http://xxx@h/a");
  CHECK(field("Location: http://u:p\r\n\tw@h/a") == "Location: http://xxx\r\n\tx@h/a");
  CHECK(field("location : /a?passkey=geheim") == "location : /a?passkey=xxxxxx");
  CHECK(field("Location:\rhttp://u:p@h/") == "Location:\rhttp://xxx@h/");
  CHECK(field("Content-Location: http://u:p@h/") == "Content-Location: http://xxx@h/");
  CHECK(field("Refresh: 0;url=http://u:p@h/") == "Refresh: 0;url=http://xxx@h/");
  CHECK(field("Refresh: 5, URL = '/a?key=geh'") == "Refresh: 5, URL = '/a?key=xxxx");
  CHECK(field("Refresh: 5; //u:p@h/") == "Refresh: 5; //xxx@h/");
  CHECK(field("Refresh: 5") == "Refresh: 5");
  CHECK(field("Set-Cookie: id=abc; Path=/a") == "Set-Cookie: id=xxx; Path=/a");
  CHECK(field("X: http://u:p@h/") == "X: http://u:p@h/");
}

TEST_CASE("a secret that is a part of another one is masked, and a decoded one") {
  std::string text = "abcdef cdef a%20b+ a b+ abcd";
  secrets const known{"cdef", "abcdef", "a b+"};
  CHECK(mask_repeated(std::as_writable_bytes(std::span(text)), known) == text.size() - 4);
  CHECK(text == "xxxxxx xxxx a%20b+ xxxx abcd");
  secrets found;
  text = "GET /?passkey=a%20b+ HTTP/1.1";
  mask_secrets(std::as_writable_bytes(std::span(text)), found);
  CHECK(found == secrets{"a%20b+", "a b+"});
}

TEST_CASE("an answer cannot make us remember ever more secrets") {
  secrets found;
  std::string text =
      "HTTP/1.1 200 OK\r\nSet-Cookie: a=" + std::string(1025, 'a') + "\r\n";
  mask_secrets(std::as_writable_bytes(std::span(text)), found);
  CHECK(found.empty());
  text = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 40; ++i) text += "Set-Cookie: a=abcd\r\n";
  mask_secrets(std::as_writable_bytes(std::span(text)), found);
  CHECK(found.size() == 32);
  CHECK(text.find("abcd") == text.npos);
}
