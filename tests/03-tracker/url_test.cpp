// URLs as people and servers write them.
#include "base/error.hpp"
#include "http/url_wire.hpp"
#include "print.hpp"
#include "support/catch.hpp"

using namespace cotorra;
using Catch::Matchers::ContainsSubstring;

namespace {
void check_refused(std::string const& text, std::string const& why) {
  INFO(text);
  CHECK_THROWS_WITH(http::parse_url(text), ContainsSubstring(why));
  CHECK_THROWS_AS(http::parse_url(text), input_error);
}
std::string resolved(std::string const& from, std::string const& location) {
  return http::resolve_location(http::parse_url(from), location).text();
}
} // namespace

TEST_CASE("a URL falls into its parts") {
  auto const u = http::parse_url("HTTP://Tracker.Example:6969/Announce?Passkey=aB%2f");
  CHECK(u.scheme == "http");
  CHECK(u.host == "tracker.example");
  CHECK(u.port == 6969);
  CHECK(u.target == "/Announce?Passkey=aB%2f");
  CHECK(u.authority() == "tracker.example:6969");
}

TEST_CASE("a URL without port and path gets the usual ones") {
  CHECK(http::parse_url("http://a").text() == "http://a/");
  CHECK(http::parse_url("http://a").port == 80);
  CHECK(http::parse_url("https://a").port == 443);
  CHECK(http::parse_url("http://a:80/x").text() == "http://a/x");
  CHECK(http::parse_url("http://a?q").target == "/?q");
  CHECK(http::parse_url("http://a:/x").port == 80);
}

TEST_CASE("an IPv6 address stands in brackets") {
  auto const u = http::parse_url("http://[2001:DB8::1]:8080/a");
  CHECK(u.host == "2001:db8::1");
  CHECK(u.port == 8080);
  CHECK(u.authority() == "[2001:db8::1]:8080");
  CHECK(http::parse_url("http://[::1]/").authority() == "[::1]");
}

TEST_CASE("https and udp are known by their scheme") {
  CHECK(http::parse_url("https://a/").is_secure());
  CHECK(http::parse_url("udp://tracker.example:6969").scheme == "udp");
}

TEST_CASE("the fragment of a URL stays at home") {
  CHECK(http::parse_url("http://a/b?c#d").target == "/b?c");
}

TEST_CASE("a host is of letters and digits and dots and dashes, and of 253 at most") {
  CHECK(http::parse_url("http://AZaz09.a-b.c_d/").host == "azaz09.a-b.c_d");
  for (std::string const odd : {"@[", "a[", "a`b", "a{b", "a;b", "a,b"})
    check_refused("http://" + odd + "/", "names no host");
  std::string const longest(253, 'a');
  CHECK(http::parse_url("http://" + longest).host == longest);
  check_refused("http://" + longest + "a", "names no host");
}

TEST_CASE("a URL has 8 KiB at most") {
  std::string const longest = "http://a/" + std::string(8 * 1024 - 9, 'b');
  CHECK(http::parse_url(longest).text() == longest);
  check_refused(longest + "b", "longer than 8 KiB");
}

TEST_CASE("a URL that is none is refused with a reason") {
  check_refused("", "does not begin like http://");
  check_refused("tracker.example/announce", "does not begin like http://");
  check_refused("wss://a/", "neither with http://");
  check_refused("http://", "names no host");
  check_refused("http:///announce", "names no host");
  check_refused("http://a b/", "names no host");
  check_refused("http://a:0/", "port");
  check_refused("http://a:65536/", "port");
  check_refused("http://a:8o/", "port");
  check_refused("http://[1.2.3.4]/", "IPv6");
  check_refused("http://[::1/", "names no host");
  check_refused("http://[]/", "names no host");
  check_refused("http://ab]/", "names no host");
  check_refused("http://[:]/", "IPv6");
  check_refused("http://a/\x7f", "control character");
  check_refused("http://a/\r\nHost: b", "control character");
  check_refused("udp://a", "needs a port");
  check_refused("http://" + std::string(9000, 'a'), "longer");
}

TEST_CASE("a user name and a password are apart from the host") {
  auto const u = http::parse_url("http://ann:s%40f%3ae@tracker.example:81/announce");
  CHECK(u.user == "ann:s%40f%3ae");
  CHECK(u.host == "tracker.example");
  CHECK(u.port == 81);
  CHECK(u.text() == "http://tracker.example:81/announce");
  CHECK(http::parse_url("http://a@b@c/").host == "c");
  CHECK(http::parse_url("http://x@[::1]:8/").authority() == "[::1]:8");
  CHECK(http::parse_url("http://a/@b").user.empty());
}

TEST_CASE("a secret in a URL is found, and what is harmless is whole for programs") {
  std::string const longest = "http://a/" + std::string(999, 'b');
  for (std::string const harmless :
       {"http://a.example:81/announce", "udp://a:1", "http://[::1]:8/@me",
        "http://a/announce?lang=en&v=2", "http://a/x?", "http://a/x#top",
        longest.c_str()}) {
    INFO(harmless);
    CHECK_FALSE(http::has_secret(harmless));
    CHECK(http::without_secrets(harmless) == harmless);
  }
  for (std::string const secret :
       {"http://ann:safe@a/x", "http://ann:sa?fe@a/x", "http://ann:sa/fe@a/x",
        "http://a/announce?passkey=0123", "http://a/x?v=2&PassKey=x",
        "http://a/x?0123abcd", "http://a/0123456789abcdef0123/x", "http://a/x#?token=1",
        "http://a/x?i=abcdefghijklmnop"}) {
    INFO(secret);
    CHECK(http::has_secret(secret));
  }
  CHECK(http::without_secrets("http://ann:safe@a/" + longest + "?key=1") ==
        "http://a/" + longest);
}

TEST_CASE("the value of a query is secret when it is long, or shorter with a digit") {
  for (std::string const harmless :
       {"x=abcdef1", "x=abcdefgh", "x=abcdefghijklmno", "passkey", "x=1;y=2&z=3"}) {
    INFO(harmless);
    CHECK_FALSE(http::has_secret("http://a/x?" + harmless));
  }
  for (std::string const secret : {"x=abcdefg1", "x=abcdefghijklmnop", "abcdefg1",
                                   "v=1;x=abcdefg1", "v=1&x=abcdefg1", "pw=x", "UID=x"}) {
    INFO(secret);
    CHECK(http::has_secret("http://a/x?" + secret));
  }
}

TEST_CASE("a long word with a digit in a path is shown by its first letters") {
  for (std::string const secret :
       {"0123456789abcdef", "abc-defghijklmn1", "abc_defghijklmn1", "ABCDEFGHIJKLMNO9",
        "abc%20efghijklmn", "zzzzzzzzzzzzzzz0"})
    CHECK(http::printable("http://a/" + secret + "/x") ==
          "http://a/" + secret.substr(0, 4) + ".../x");
  for (std::string const plain :
       {"0123456789abcde", "abcdefghijklmnopq", "0123456789.abcdef", "0123456789(abcdef"})
    CHECK(http::printable("http://a/" + plain + "/x") == "http://a/" + plain + "/x");
}

TEST_CASE("an at sign behind the host is no mark of a user") {
  for (std::string const url : {"http://a/@b", "http://[::1]/@me", "http://a:8/@me",
                                "http://a:/@b", "http://a:b/x", "a@b://c:d/x"})
    CHECK(http::printable(url) == url);
  CHECK(http::printable("http://ann:s1/fe@a/x") == "http://a/x");
}

TEST_CASE("a URL of more than 200 bytes is cut where it is shown") {
  std::string const longest = "http://a/" + std::string(191, 'b');
  CHECK(http::printable(longest) == longest);
  CHECK(http::printable(longest + "b") == longest + "...");
}

TEST_CASE("a URL is shown without what only its user may know") {
  CHECK(http::printable("http://a.example:81/announce") ==
        "http://a.example:81/announce");
  CHECK(http::printable("http://ann:safe@a/x") == "http://a/x");
  CHECK(http::printable("udp://ann:safe@a:1") == "udp://a:1");
  CHECK(http::printable("http://ann:s@fe@a/x") == "http://a/x");
  CHECK(http::printable("http://ann:sa/fe@a/x") == "http://a/x");
  CHECK(http::printable("http://ann:sa?fe@a/x") == "http://a/x");
  CHECK(http::printable("ann:safe@a/x") == "a/x");
  CHECK(http::printable("http://[::1]:8/@me") == "http://[::1]:8/@me");
  CHECK(http::printable("http://a/announce?passkey=0123") == "http://a/announce");
  CHECK(http::printable("http://a/0123456789abcdef0123/announce") ==
        "http://a/0123.../announce");
  CHECK(http::printable("http://a/announce.php/01234567-89ab-cdef") ==
        "http://a/announce.php/0123...");
  CHECK(http::printable("http://a/b\x1b[2J") == "http://a/b?[2J");
  CHECK(http::printable("http://a/" + std::string(999, 'b')).size() < 250);
  check_refused("http://ann:safe@a b/", "\"http://a b/\"");
  check_refused("http://ann:sa/fe@a/", "\"http://a/\"");
}

TEST_CASE("a redirect leads to a whole URL or to a place relative to where we are") {
  std::string const from = "http://a:81/b/c?d";
  CHECK(resolved(from, "http://x/y") == "http://x/y");
  CHECK(resolved(from, "//x/y") == "http://x/y");
  CHECK(resolved(from, "/y?z") == "http://a:81/y?z");
  CHECK(resolved(from, "y") == "http://a:81/b/y");
  CHECK(resolved(from, "./y") == "http://a:81/b/y");
  CHECK(resolved(from, "../y") == "http://a:81/y");
  CHECK(resolved(from, "../../../y") == "http://a:81/y");
  CHECK(resolved(from, "..") == "http://a:81/");
  CHECK(resolved(from, ".") == "http://a:81/b/");
  CHECK(resolved("http://a/b//c?d", "../y") == "http://a/b/y");
  CHECK(resolved(from, "/y:z") == "http://a:81/y:z");
  CHECK(resolved(from, "?z") == "http://a:81/b/c?z");
  CHECK(resolved(from, "") == "http://a:81/b/c");
  CHECK(resolved(from, "y#z") == "http://a:81/b/y");
}

TEST_CASE("a redirect to something that is no URL breaks the protocol") {
  auto const from = http::parse_url("http://a/");
  CHECK_THROWS_AS(http::resolve_location(from, "gopher://x"), protocol_error);
  CHECK_THROWS_AS(http::resolve_location(from, "http://"), protocol_error);
}
