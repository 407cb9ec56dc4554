// Commands written wrongly: exit status 2, and a sentence that helps.
#include "12-downloader/cli_support.hpp"
#include "cli/arguments.hpp"
#include "cli/text.hpp"
#include "support/catch.hpp"

using namespace cotorra;
using namespace cotorra::cli;
using Catch::Matchers::ContainsSubstring;
using test::cotorra_says;

TEST_CASE("without a verb the program says what there is") {
  auto const r = cotorra_says({});
  CHECK(r.status == 2);
  CHECK(r.out.empty());
  CHECK_THAT(r.err, ContainsSubstring("download, seed, create, verify, show"));
}

TEST_CASE("an unknown verb is answered with the nearest one") {
  auto const r = cotorra_says({"creat", "x"});
  CHECK(r.status == 2);
  CHECK_THAT(r.err,
             ContainsSubstring("there is no verb \"creat\". Did you mean create?"));
}

TEST_CASE("a verb that is like none gets no suggestion") {
  auto const r = cotorra_says({"frobnicate"});
  CHECK(r.status == 2);
  CHECK(r.err.find("Did you mean") == r.err.npos);
}

TEST_CASE("an unknown option is answered with the nearest one") {
  auto const r = cotorra_says({"create", "--anounce", "http://t/", "x"});
  CHECK(r.status == 2);
  CHECK_THAT(r.err,
             ContainsSubstring("no option --anounce here. Did you mean --announce?"));
}

TEST_CASE("a missing argument and one too many are named") {
  CHECK_THAT(cotorra_says({"magnet"}).err, ContainsSubstring("FILE.torrent is required"));
  auto const r = cotorra_says({"magnet", "a", "b"});
  CHECK(r.status == 2);
  CHECK_THAT(r.err, ContainsSubstring("this is too much: b"));
}

TEST_CASE("each verb explains itself with an example") {
  for (std::string const verb : {"create", "verify", "show", "magnet", "announce",
                                 "handshake", "tracker", "serve"}) {
    auto const r = cotorra_says({verb, "--help"});
    INFO(verb);
    CHECK(r.status == 0);
    CHECK(r.err.empty());
    CHECK_THAT(r.out, ContainsSubstring("Example:\n  cotorra " + verb));
  }
}

TEST_CASE("the version is told") {
  CHECK(cotorra_says({"--version"}).out == "cotorra 0.1\n");
}

TEST_CASE("a value that fits nowhere is wrong usage") {
  CHECK(cotorra_says({"tracker", "--interval", "1"}).status == 2);
  CHECK(cotorra_says({"tracker", "--listen", "nowhere"}).status == 2);
  CHECK(cotorra_says({"handshake", "nowhere", std::string(40, 'a')}).status == 2);
  CHECK(cotorra_says({"handshake", "127.0.0.1:1", "abc"}).status == 2);
}

TEST_CASE("sizes are read in units of 1024") {
  CHECK(parse_size("0") == 0);
  CHECK(parse_size("65536") == 65536);
  CHECK(parse_size("256K") == 256 * 1024);
  CHECK(parse_size("10MiB") == 10 * 1024 * 1024);
  CHECK(parse_size("1.5g") == 3ull << 29);
  for (std::string const wrong : {"", "M", "10X", "-1", "1..2", "99999999T"})
    CHECK_THROWS_AS(parse_size(wrong), usage_error);
}

TEST_CASE("a list of things is counted from 1 and must lie within them") {
  CHECK(parse_index_list("1,3-5,4", 6, "file") == std::vector<std::uint32_t>{0, 2, 3, 4});
  for (std::string const wrong : {"", "0", "7", "3-1", "1,", "x", "1-4000000000", "-1"})
    CHECK_THROWS_AS(parse_index_list(wrong, 6, "file"), usage_error);
}

TEST_CASE("endpoints are read with an address or without") {
  CHECK(parse_endpoint("[::1]:80").text() == "[::1]:80");
  CHECK(parse_endpoint("80", ip_address::v4(0x7F000001)).text() == "127.0.0.1:80");
  for (std::string const wrong : {"", "80", "::1:80", "1.2.3.4", "1.2.3.4:65536", "a:1"})
    CHECK_THROWS_AS(parse_endpoint(wrong), usage_error);
  CHECK(parse_host("seed.example:6881").host == "seed.example");
  for (std::string const wrong : {"", "host", "host:", ":1", "host:0", "a:b:1", "h:1x"})
    CHECK_THROWS_AS(parse_host(wrong), usage_error);
}

TEST_CASE("numbers are told as people read them") {
  CHECK(human_size(1) == "1 byte");
  CHECK(human_size(1023) == "1,023 bytes");
  CHECK(human_size(32 << 20) == "32.0 MiB");
  CHECK(human_size((1 << 20) - 1) == "1.0 MiB");
  CHECK(human_count(1234567) == "1,234,567");
  CHECK(human_duration(200) == "3 min 20 s");
  CHECK(human_percent(0.9999) == "99.9 %");
  CHECK(human_percent(1) == "100 %");
}

TEST_CASE("a stranger's name cannot command the terminal") {
  CHECK(sanitise("plain \u00F1 name") == "plain \u00F1 name");
  CHECK(sanitise("a\x1B[31mb") == "a\uFFFD[31mb");
  CHECK(sanitise("a\rb\nc") == "a\uFFFDb\uFFFDc");
  CHECK(sanitise("exe.\u202Etxt") == "exe.\uFFFDtxt");
  CHECK(sanitise("\u0085\u009B\x7F") == "\uFFFD\uFFFD\uFFFD");
  CHECK(sanitise("\xFF") == "\uFFFD");
}
