// Magnet links: BEP 9, and BEP 53 for the selection of files.
#include "base/error.hpp"
#include "metainfo/magnet_wire.hpp"
#include "print.hpp"
#include "support/catch.hpp"

using namespace cotorra;

namespace {

std::string const hex = "5846309a503ebb2bc0b49e7707adc9730a464f9f";
std::string const start = "magnet:?xt=urn:btih:" + hex;

std::string refusal(std::string_view text) {
  try {
    metainfo::decode_magnet(text);
  } catch (input_error const& e) {
    return e.what();
  }
  return "(accepted)";
}

void check_refused(std::string_view text, std::string const& why) {
  CHECK_THAT(refusal(text), Catch::Matchers::ContainsSubstring(why));
}

} // namespace

TEST_CASE("the link that libtorrent makes is read") {
  metainfo::magnet const m =
      metainfo::decode_magnet(start + "&dn=tree&tr=http%3a%2f%2fone.example%2fannounce"
                                      "&tr=udp%3a%2f%2ftwo.example%3a80%2fannounce");
  CHECK(m.hash.hex() == hex);
  CHECK(m.name == "tree");
  CHECK(m.trackers == std::vector<std::string>{"http://one.example/announce",
                                               "udp://two.example:80/announce"});
}

TEST_CASE("the hash may come in base32 and in any case") {
  metainfo::magnet const m =
      metainfo::decode_magnet("magnet:?xt=urn:btih:LBDDBGSQH25SXQFUTZ3QPLOJOMFEMT47");
  CHECK(m.hash.hex() == hex);
  CHECK(metainfo::decode_magnet("magnet:?xt=urn:btih:lbddbgsqh25sxqfutz3qplojomfemt47") ==
        m);
  CHECK(metainfo::decode_magnet(
            "MAGNET:?xt=urn:btih:5846309A503EBB2BC0B49E7707ADC9730A464F9F") == m);
}

TEST_CASE("a link may have been copied with what was around it") {
  metainfo::magnet const m = metainfo::decode_magnet(start + "&dn=x&tr=one&tr=two");
  CHECK(metainfo::decode_magnet("  " + start + "&dn=x&tr=one&tr=two\r\n") == m);
  CHECK(metainfo::decode_magnet(start + "&amp;dn=x&amp;tr=one&amp;tr=two") == m);
  CHECK(metainfo::decode_magnet(start + "&dn=x&tr=%20one%0A&tr=two%20&tr=one&tr=%20") ==
        m);
  CHECK(metainfo::decode_magnet("magnet:?xt=URN:BTIH:" + hex) ==
        metainfo::decode_magnet(start));
}

TEST_CASE("a tracker of any scheme comes through a link") {
  for (std::string url : {"wss://t.example/", "http://u:p@t.example/a",
                          "http://\xD1\x82.example/announce", "foo"}) {
    metainfo::magnet m;
    m.hash = metainfo::decode_magnet(start).hash;
    m.trackers = {url};
    CHECK(metainfo::decode_magnet(metainfo::encode(m)) == m);
  }
}

TEST_CASE("every field goes out and comes back") {
  metainfo::magnet m;
  m.hash = metainfo::decode_magnet(start).hash;
  m.name = "a & b = ni\xC3\xB1o.txt";
  m.trackers = {"http://t/announce?key=1&x=2", "udp://t:80"};
  m.peers = {"192.0.2.1:6881", "[2001:db8::1]:6881"};
  m.web_seeds = {"http://w/a b"};
  m.select_only = {{0, 0}, {2, 2}, {4, 7}};
  std::string const text = metainfo::encode(m);
  CHECK_THAT(text, Catch::Matchers::ContainsSubstring("&so=0,2,4-7"));
  CHECK(metainfo::decode_magnet(text) == m);
}

TEST_CASE("a link and the info dictionary that peers sent become a .torrent") {
  std::string const info = "d4:name1:ae";
  auto const made = [&](std::string const& rest) {
    buffer const out =
        metainfo::torrent_of(metainfo::decode_magnet(start + rest), as_bytes(info));
    return std::string(as_text(out));
  };
  CHECK(made("") == "d4:info" + info + "e");
  CHECK(made("&tr=one&dn=x") == "d8:announce3:one4:info" + info + "e");
  CHECK(made("&tr=one&tr=two") ==
        "d8:announce3:one13:announce-listll3:oneel3:twoee4:info" + info + "e");
  CHECK(made("&ws=http://w&ws=http://v") ==
        "d4:info" + info + "8:url-listl8:http://w8:http://vee");
}

TEST_CASE("the first thousand addresses of a link are kept") {
  std::string text = start;
  for (int i = 0; i < 1001; ++i) text += "&tr=" + std::to_string(i);
  metainfo::magnet const m = metainfo::decode_magnet(text);
  REQUIRE(m.trackers.size() == 1000);
  CHECK(m.trackers.back() == "999");
}

TEST_CASE("the same hash twice is one torrent") {
  CHECK(metainfo::decode_magnet(start + "&xt=urn:btih:" + hex) ==
        metainfo::decode_magnet(start));
}

TEST_CASE("a link of the hash alone is the shortest") {
  CHECK(metainfo::encode(metainfo::decode_magnet(start)) == start);
}

TEST_CASE("a plus in a name is a blank and in a tracker a plus") {
  metainfo::magnet const m = metainfo::decode_magnet(start + "&dn=a+b&tr=http://t/a+b");
  CHECK(m.name == "a b");
  CHECK(m.trackers.at(0) == "http://t/a+b");
}

TEST_CASE("numbered and unknown and empty keys do not disturb") {
  metainfo::magnet const m = metainfo::decode_magnet(
      "magnet:?xt.1=urn:btih:" + hex + "&tr.1=a&tr.2=b&tr=a&tr=&xl=5&&foo&=");
  CHECK(m.hash.hex() == hex);
  CHECK(m.trackers == std::vector<std::string>{"a", "b"});
}

TEST_CASE("a link for both versions is read as version 1") {
  CHECK(metainfo::decode_magnet("magnet:?xt=urn:btmh:1220aa&xt=urn:btih:" + hex)
            .hash.hex() == hex);
}

TEST_CASE("a link for version 2 only is refused politely") {
  check_refused("magnet:?xt=urn:btmh:1220aa", "version 2 of the protocol only");
}
TEST_CASE("another scheme is refused") {
  check_refused("http://x/?xt=urn:btih:" + hex, "does not begin with 'magnet:?'");
  check_refused("", "does not begin");
}
TEST_CASE("a link without a hash is refused") {
  check_refused("magnet:?dn=x", "no 'xt=urn:btih:'");
  check_refused("magnet:?xt=urn:sha1:abc", "no 'xt=urn:btih:'");
}
TEST_CASE("a hash of wrong length or letters is refused") {
  check_refused("magnet:?xt=urn:btih:", "is not an info_hash");
  check_refused(start + "00", "is not an info_hash");
  check_refused(start.substr(0, start.size() - 1), "is not an info_hash");
  check_refused(start.substr(0, start.size() - 1) + "g", "is not an info_hash");
  check_refused("magnet:?xt=urn:btih:0BDDBGSQH25SXQFUTZ3QPLOJOMFEMT47",
                "is not an info_hash");
}
TEST_CASE("a peer that is no address stays in its own part of the link") {
  metainfo::magnet m =
      metainfo::decode_magnet(start + "&x.pe=%5B::1%5D:1&x.pe=a%26xt%3Db%20%FF");
  std::string const text = metainfo::encode(m);
  CHECK(text.ends_with("&x.pe=[::1]:1&x.pe=a%26xt%3Db%20%FF"));
  CHECK(metainfo::decode_magnet(text) == m);
}
TEST_CASE("two different hashes are refused") {
  check_refused(start + "&xt=urn:btih:" + std::string(40, '0'), "two different torrents");
}
TEST_CASE("a broken percent is refused") {
  check_refused(start + "&dn=%4", "% without two hex digits");
}
TEST_CASE("a selection that names no files is refused") {
  for (std::string bad : {"x", "1-", "-1", "5-4", "1,,2", "4294967296", "1-2-3"}) {
    INFO(bad);
    check_refused(start + "&so=" + bad, "names no files");
  }
}
