// Commands written wrongly: exit status 2, and a sentence that helps.
#include "12-downloader/cli_support.hpp"
#include "cli/arguments.hpp"
#include "cli/source.hpp"
#include "cli/text.hpp"
#include "support/catch.hpp"

using namespace cotorra;
using namespace cotorra::cli;
using Catch::Matchers::ContainsSubstring;
using test::cotorra_says;

TEST_CASE("without a verb the program lists the verbs") {
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

TEST_CASE("a word unlike any verb gets no suggestion") {
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
  for (std::string const verb : {"download", "seed", "create", "verify", "show", "magnet",
                                 "announce", "scrape", "handshake", "tracker", "serve"}) {
    auto const r = cotorra_says({verb, "--help"});
    INFO(verb);
    CHECK(r.status == 0);
    CHECK(r.err.empty());
    CHECK_THAT(r.out, ContainsSubstring("Example:\n  cotorra " + verb));
  }
}

TEST_CASE("the version is printed") {
  CHECK(cotorra_says({"--version"}).out == "cotorra 0.1.0\n");
}

TEST_CASE("an impossible value is wrong usage") {
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

TEST_CASE("rates are bytes per second") {
  CHECK(parse_rate("0") == 0);
  CHECK(parse_rate("500K") == 500 * 1024);
  CHECK(parse_rate("1.5M/s") == 3 << 19);
  for (std::string const wrong :
       {"", "/s", "2Mbit", "2Mbit/s", "-1", "+1", "0.001", "1e6"})
    CHECK_THROWS_AS(parse_rate(wrong), usage_error);
  CHECK_THAT(cotorra_says({"download", "x", "--down-limit", "2Mbit"}).err,
             ContainsSubstring("\"2Mbit\" is not a rate: write 500K"));
}

namespace {

void check_wrong(std::vector<std::string> const& words, std::string const& sentence) {
  auto const r = cotorra_says(words);
  INFO(words[0] << " " << words[words.size() - 2] << " " << words.back());
  CHECK(r.status == 2);
  CHECK_THAT(r.err, ContainsSubstring(sentence));
  CHECK(r.out == "");
}

} // namespace

TEST_CASE("a number is digits and must lie within its bounds") {
  std::vector<std::string> const never{
      "-1", "+5", "", " 5", "5 ", "0x5", "1e3", "5.", "five", "99999999999999999999"};
  for (std::string const& wrong : never) {
    check_wrong({"create", "x", "--creation-date", wrong},
                "is not a whole number from 0");
    check_wrong({"announce", "x", "--port", wrong}, "is not a whole number from 1");
    check_wrong({"announce", "x", "--numwant", wrong}, "is not a whole number from 0");
    check_wrong({"announce", "x", "--left", wrong}, "is not a whole number from 0");
    check_wrong({"tracker", "--interval", wrong},
                "is not a whole number from 5 to 86400");
  }
  check_wrong({"announce", "x", "--port", "65536"}, "is not a whole number");
  check_wrong({"announce", "x", "--port", "0"}, "is not a whole number");
  check_wrong({"tracker", "--interval", "04"}, "is not a whole number"); // not octal
  check_wrong({"tracker", "--interval", "011", "--listen", "x"}, "not an address");
}

TEST_CASE("a sharing goal is a number and not negative") {
  for (std::string const wrong : {"-1", "+2", "nan", "inf", "1e400", "0x2", "1,5", ""}) {
    check_wrong({"download", "x", "--seed", "--ratio", wrong}, "is not a number like 2");
    check_wrong({"download", "x", "--seed", "--seed-time", wrong},
                "is not a number like");
  }
}

TEST_CASE("an empty word is an error and not taken for a file") {
  for (std::string const verb :
       {"download", "create", "show", "magnet", "announce", "serve"})
    check_wrong({verb, ""}, "there is nothing in it");
  check_wrong({"verify", "x", ""}, "PATH: there is nothing in it");
  for (std::string const option :
       {"--name", "--announce", "--web-seed", "--output", "--piece-length"})
    check_wrong({"create", "x", option, ""}, option + ": there is nothing in it");
  for (std::string const option :
       {"--output", "--select", "--listen", "--peer", "--trace", "--up-limit"})
    check_wrong({"download", "x", option, ""}, option + ": there is nothing in it");
  auto const r = cotorra_says({"create", "x", "--comment", "", "--source", ""});
  CHECK_THAT(r.err, ContainsSubstring("no such file")); // those may be left out
}

TEST_CASE("wrong options are reported before anything is fetched or opened") {
  for (std::string const verb : {"download", "seed"}) {
    std::vector<std::string> words{verb, "nothing"};
    if (verb == "seed") words.push_back("nothing");
    words.insert(words.end(), {"--peer", "127.0.0.1:0"});
    check_wrong(words, "no program can listen on port 0");
    for (std::string const peer : {"localhost", "::1:6881", "localhost:x", ":6881"}) {
      words.back() = peer;
      check_wrong(words, "is not a host and a port");
    }
  }
}

TEST_CASE("a web seed is a URL") {
  test::temporary_folder d;
  std::string const file = d.put("f", "hi"), out = d / "t";
  for (std::string const wrong : {"foo", "http://", "udp://a:1"}) {
    auto const r = cotorra_says({"create", file, "-o", out, "--web-seed", wrong});
    CHECK(r.status == 2);
    CHECK_THAT(r.err, ContainsSubstring(wrong));
  }
  for (std::string const right : {"http://a/b", "https://a/", "ftp://a/b"})
    CHECK(cotorra_says({"create", file, "-o", out, "--force", "--web-seed", right}).err ==
          "");
}

TEST_CASE("a sentence about a URL has the URL in it once") {
  std::string const url = "http://t.example/announce", secret = url + "?key=1";
  CHECK(naming(url, "refused") == url + ": refused");
  CHECK(naming(url, url + ": refused") == url + ": refused");
  CHECK(naming(secret, url + ": refused") == url + ": refused");
  CHECK(naming(secret, "refused") == url + ": refused");
  CHECK(naming(secret, "") == url);
}

TEST_CASE("a list of things is counted from 1 and must lie within them") {
  CHECK(parse_index_list("1,3-5,4", 6, "file") == std::vector<std::uint32_t>{0, 2, 3, 4});
  for (std::string const wrong : {"", "0", "7", "3-1", "1,", "x", "1-4000000000", "-1"})
    CHECK_THROWS_AS(parse_index_list(wrong, 6, "file"), usage_error);
}

TEST_CASE("endpoints are read with or without an address") {
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

TEST_CASE("help explains a verb, and a slip in its name is told") {
  std::string const help = cotorra_says({"create", "--help"}).out;
  REQUIRE_THAT(help, ContainsSubstring("--piece-length"));
  CHECK(cotorra_says({"help", "create"}).out == help);
  CHECK(cotorra_says({"help", "create"}).status == 0);
  CHECK(cotorra_says({"help"}).out == cotorra_says({"--help"}).out);
  for (std::vector<std::string> const& slip :
       {std::vector<std::string>{"downlod", "--help"},
        {"help", "downlod"},
        {"downlod"}}) {
    auto const r = cotorra_says(slip);
    CHECK(r.status == 2);
    CHECK(r.out == "");
    CHECK_THAT(r.err, ContainsSubstring("Did you mean download?"));
  }
}

TEST_CASE("a malformed URL is wrong usage") {
  check_wrong({"download", "http://"}, "http://");
  check_wrong({"download", "http://host:99999/x.torrent"}, "99999");
  check_wrong({"download", "gopher://host/x.torrent"}, "gopher");
  check_wrong({"download", "udp://host:1/x"}, "a .torrent is fetched over http://");
  check_wrong({"download", "x.torrent", "--tracker", "nowhere"}, "nowhere");
}

TEST_CASE("seed takes pairs") {
  auto const odd = cotorra_says({"seed", "a.torrent", "a", "b.torrent"});
  CHECK(odd.status == 2);
  CHECK_THAT(odd.err, ContainsSubstring("b.torrent: give a PATH after each .torrent"));
  auto const several = cotorra_says({"seed", "a.t", "a", "b.t", "b", "--share", "1"});
  CHECK(several.status == 2);
  CHECK_THAT(several.err, ContainsSubstring("--share counts the pieces of one torrent"));
}

TEST_CASE("a range that begins behind its end is told in the right order") {
  CHECK_THROWS_WITH(cli::parse_index_list("1,3-2", 5, "file"),
                    "\"3-2\" begins behind its end: write 2-3");
}

TEST_CASE("download needs a torrent, and files are selected in one only") {
  check_wrong({"download", "-o", "x"}, "name a .torrent file");
  check_wrong({"download", "a", "b", "--select", "1"}, "name one only");
}

TEST_CASE("a desktop hands over file URLs, which are paths") {
  using cli::without_file_scheme;
  CHECK(without_file_scheme("file:///srv/ana/a%20b.torrent") == "/srv/ana/a b.torrent");
  CHECK(without_file_scheme("FILE://localhost/a.torrent") == "/a.torrent");
  CHECK(without_file_scheme("file://elsewhere/a.torrent") ==
        "file://elsewhere/a.torrent");
  CHECK(without_file_scheme("file://") == "file://");
  CHECK(without_file_scheme("file:///%zz") == "file:///%zz");
  CHECK(without_file_scheme("http://host/a.torrent") == "http://host/a.torrent");
  CHECK(without_file_scheme("a.torrent") == "a.torrent");
}
