// A scrape over HTTP: both ends of the wire.
#include "base/error.hpp"
#include "print.hpp"
#include "support/catch.hpp"
#include "tracker/scrape_wire.hpp"

using namespace cotorra;
using namespace cotorra::tracker;
using Catch::Matchers::ContainsSubstring;

namespace {

info_hash hash_of(char c) { return info_hash::from(as_bytes(std::string(20, c))); }

std::string url_of(std::string const& tracker,
                   std::vector<info_hash> const& hashes = {}) {
  return scrape_url(tracker, hashes).value_or("none");
}

scrape_answer read(std::string const& text) { return decode_scrape(as_bytes(text)); }

// The example of BEP 48.
std::string const example =
    "d5:filesd20:xxxxxxxxxxxxxxxxxxxxd8:completei11e10:downloadedi"
    "13772e10:incompletei19ee20:yyyyyyyyyyyyyyyyyyyyd8:completei2"
    "1e10:downloadedi206e10:incompletei20eeee";

} // namespace

TEST_CASE("announce in the last part of a URL becomes scrape") {
  CHECK(url_of("http://a/announce") == "http://a/scrape");
  CHECK(url_of("http://a/x/announce") == "http://a/x/scrape");
  CHECK(url_of("http://a/announce.php") == "http://a/scrape.php");
  CHECK(url_of("http://a/announce/announce") == "http://a/announce/scrape");
  CHECK(url_of("http://a/announce?key=1#x") == "http://a/scrape?key=1");
  CHECK(url_of("http://a/scrape") == "http://a/scrape");
}

TEST_CASE("a URL without announce in its last part cannot be scraped") {
  for (std::string const url :
       {"http://a", "announce", "/announce", "http://announce", "http://a/", "http://a/x",
        "http://a/announce/key", "http://a/x?y=/announce"})
    CHECK(url_of(url) == "none");
}

TEST_CASE("each info_hash is a parameter of its own") {
  std::string const h = "info_hash=" + std::string(20, 'h'),
                    i = "info_hash=" + std::string(20, 'i');
  std::vector<info_hash> const both{hash_of('h'), hash_of('i')};
  CHECK(url_of("http://a/announce", both) == "http://a/scrape?" + h + "&" + i);
  CHECK(url_of("http://a/announce?k=1", both) == "http://a/scrape?k=1&" + h + "&" + i);
  CHECK(url_of("http://a/announce?", both) == "http://a/scrape?" + h + "&" + i);
  CHECK(url_of("http://a/announce?k&", both) == "http://a/scrape?k&" + h + "&" + i);
}

TEST_CASE("the answer has three numbers for each torrent") {
  scrape_answer const a = read(example);
  REQUIRE(a.files.size() == 2);
  swarm_counts const* const x = a.find(hash_of('x'));
  REQUIRE(x);
  CHECK(x->complete == 11u);
  CHECK(x->downloaded == 13772u);
  CHECK(x->incomplete == 19u);
  CHECK_FALSE(a.find(hash_of('z')));
  CHECK(as_text(encode(a)) == example);
}

TEST_CASE("what is not as BEP 48 wants it is passed over") {
  scrape_answer const a = read("\n d5:filesd2:abde20:xxxxxxxxxxxxxxxxxxxxd8:complete1:7"
                               "10:downloadedi-1e10:incompletelee20:yyyyyyyyyyyyyyyyyyyyi"
                               "1eee\n");
  REQUIRE(a.files.size() == 1);
  CHECK(a.files[0].second.complete == 7u);
  CHECK_FALSE(a.files[0].second.downloaded);
  CHECK_FALSE(a.files[0].second.incomplete);
  CHECK(a.passed_over == 3);
}

TEST_CASE("an answer may have 20,000 torrents at most") {
  std::string all = "d5:filesd";
  for (int i = 0; i < 20'001; ++i) {
    std::string const digits = std::to_string(i);
    all += "20:" + std::string(20 - digits.size(), '0') + digits + "de";
  }
  scrape_answer const a = read(all + "ee");
  CHECK(a.files.size() == 20'000);
  CHECK(a.passed_over == 1);
}

TEST_CASE("a refused scrape gives the tracker's words") {
  scrape_answer const a = read("d14:failure reason14:no\nfull scrapee");
  CHECK(a.failure_reason == "no full scrape");
  CHECK(as_text(encode(a)) == "d14:failure reason14:no full scrapee");
}

TEST_CASE("an answer without files is malformed") {
  for (std::string const text :
       {"", "<html>", "le", "de", "d5:filesle", "d5:filesi1ee"}) {
    INFO(text);
    CHECK_THROWS_AS(read(text), protocol_error);
  }
  CHECK_THROWS_WITH(read("d5:filesi1ee"), ContainsSubstring("no dictionary \"files\""));
}

TEST_CASE("a tracker reads each info_hash once") {
  std::string const x = "info_hash=" + std::string(20, 'x');
  CHECK(decode_scrape_query("a=b&" + x + "&info_hash=%79yyyyyyyyyyyyyyyyyyy&" + x) ==
        std::vector<info_hash>{hash_of('x'), hash_of('y')});
  CHECK(decode_scrape_query("").empty());
  CHECK_THROWS_AS(decode_scrape_query("info_hash=abc"), protocol_error);
  CHECK_THROWS_AS(decode_scrape_query("info_hash=%zz"), protocol_error);
}
