// What peer and tracker tell each other: both ends of the wire.
#include "base/error.hpp"
#include "base/time.hpp"
#include "print.hpp"
#include "support/catch.hpp"
#include "support/hole.hpp"
#include "support/story.hpp"
#include "tracker/announce_wire.hpp"
#include "tracker/answer_wire.hpp"
#include <limits>

using namespace cotorra;
using namespace cotorra::tracker;
using Catch::Matchers::ContainsSubstring;

namespace {

announce_request example() {
  announce_request r;
  for (std::size_t i = 0; i < 20; ++i)
    r.info_hash.value[i] = static_cast<std::byte>(i * 13);
  r.peer_id = peer_id::from(as_bytes("-CT0001-abcdefghijkl"));
  r.port = 6881;
  r.left = 1000;
  r.key = 0xBEEF;
  return r;
}

announce_answer read(std::string const& text) { return decode_answer(as_bytes(text)); }

// "192.0.2.1:6881, 192.0.2.3:51413"
std::string peers_in(std::string const& text) {
  try {
    std::string out;
    auto const all = read(text).peers;
    for (std::size_t i = 0; i < all.size() && i < 5; ++i)
      out += (i == 0 ? "" : ", ") + all[i].address.text();
    if (all.size() > 5) out += ", ... " + std::to_string(all.size()) + " peers";
    return out.empty() ? "no peer" : out;
  } catch (std::exception const& e) {
    if (test::is_hole(e)) throw;
    return std::string("it is refused: ") + e.what();
  }
}

// Of a refusal: when to come back.
std::string retry_of(std::string const& text) {
  auto const retry = read(text).retry;
  if (!retry) return "it does not say";
  return retry->never ? "never" : std::to_string(retry->after.count()) + " min";
}

void check_malformed(std::string const& text, std::string const& why) {
  INFO(text);
  CHECK_THROWS_WITH(read(text), ContainsSubstring(why));
  try {
    read(text);
  } catch (protocol_error const& e) {
    CHECK(e.code() == errc::malformed_answer);
  }
}

void check_refused(std::string const& query, std::string const& reason) {
  INFO(query);
  CHECK_THROWS_WITH(decode_query(query), ContainsSubstring(reason));
}

// Where each parameter begins.
std::vector<test::field> parameters_of(std::string const& query) {
  std::vector<test::field> out;
  for (std::size_t at = 0; at < query.size();) {
    out.push_back({at, query.substr(at, query.find('=', at) - at)});
    at = std::min(query.find('&', at), query.size() - 1) + 1;
  }
  return out;
}

std::string const ids = "info_hash=aaaaaaaaaaaaaaaaaaaa&peer_id=bbbbbbbbbbbbbbbbbbbb";

} // namespace

TEST_CASE("the query names the torrent and the peer and the amounts") {
  announce_request r = example();
  r.event = announce_event::started;
  test::story s;
  s.given("info_hash 000d1a27..., peer_id -CT0001-abcdefghijkl, 1000 bytes left");
  std::string const
      query = encode(r),
      wanted =
          "info_hash=%00%0D%1A%274AN%5Bhu%82%8F%9C%A9%B6%C3%D0%DD%EA%F7&peer_id="
          "-CT0001-abcdefghijkl&port=6881&uploaded=0&downloaded=0&left=1000&numwant=50"
          "&key=0000BEEF&compact=1&no_peer_id=1&event=started";
  s.expect_bytes("the query, each byte of the two names percent-coded if need be",
                 as_bytes(wanted), as_bytes(query), parameters_of(wanted));
  s.given("all of it otherwise: 5 GiB up, 6 down, 7 left, a tracker id, an address");
  r.peer_id = peer_id::from(as_bytes("-CT0001-\xff\n&=?#%+ 1\"'"));
  r.port = 65535;
  r.uploaded = 5ull << 30;
  r.downloaded = 6ull << 30;
  r.left = 7ull << 30;
  r.numwant = 0;
  r.key = 0xC070224A;
  r.compact = r.no_peer_id = false;
  r.event = announce_event::none;
  r.ip = ip_address::parse("192.0.2.7");
  r.tracker_id = "a&b";
  std::string const other = encode(r);
  std::string const wanted_too =
      "info_hash=%00%0D%1A%274AN%5Bhu%82%8F%9C%A9%B6%C3%D0%DD%EA%F7&peer_id="
      "-CT0001-%FF%0A%26%3D%3F%23%25%2B%201%22%27&port=65535&uploaded=5368709120"
      "&downloaded=6442450944&left=7516192768&numwant=0&key=C070224A&compact=0"
      "&ip=192.0.2.7&trackerid=a%26b";
  s.expect_bytes("the query, without no_peer_id and without an event",
                 as_bytes(wanted_too), as_bytes(other), parameters_of(wanted_too));
}

TEST_CASE("the query joins the one that the announce URL has already") {
  auto const r = example();
  test::story s;
  s.given("a tracker at http://a/announce, and one at http://a/x?passkey=1");
  auto const joint = [&](std::string const& tracker) {
    return announce_url(tracker, r).substr(0, tracker.size() + 1);
  };
  s.expect("the first gets its query behind a ?",
           joint("http://a/announce") == "http://a/announce?",
           joint("http://a/announce"));
  s.expect("the second behind a &, for it has a query already",
           joint("http://a/x?passkey=1") == "http://a/x?passkey=1&",
           joint("http://a/x?passkey=1"));
  CHECK(announce_url("http://a/announce", r) == "http://a/announce?" + encode(r));
  CHECK(announce_url("http://a/x?passkey=1", r) == "http://a/x?passkey=1&" + encode(r));
  CHECK(announce_url("http://a/x?", r) == "http://a/x?" + encode(r));
  CHECK(announce_url("http://a/x?y&", r) == "http://a/x?y&" + encode(r));
  CHECK(announce_url("http://a/x#y", r) == "http://a/x?" + encode(r));
}

TEST_CASE("a tracker reads what a peer wrote") {
  announce_request r = example();
  r.event = announce_event::completed;
  r.uploaded = 1;
  r.downloaded = 1ull << 40;
  r.ip = ip_address::parse("2001:db8::1");
  r.numwant = 0;
  r.compact = false;
  r.no_peer_id = false;
  r.tracker_id = "a&b";
  auto const read = decode_query(encode(r));
  CHECK(read.info_hash == r.info_hash);
  CHECK(read.peer_id == r.peer_id);
  CHECK(read.port == 6881);
  CHECK(read.uploaded == 1);
  CHECK(read.downloaded == 1ull << 40);
  CHECK(read.left == 1000);
  CHECK(read.event == announce_event::completed);
  CHECK(read.ip == r.ip);
  CHECK(read.numwant == 0);
  CHECK_FALSE(read.compact);
  CHECK_FALSE(read.no_peer_id);
  CHECK(read.key == 0xBEEF);
  CHECK(read.tracker_id == "a&b");
}

TEST_CASE("a short announce is enough and counts as a leecher") {
  auto const r = decode_query(ids + "&port=1&numwant=-1&event=paused&key=xyz");
  CHECK(r.left == std::numeric_limits<std::uint64_t>::max());
  CHECK(decode_query(encode(r)).left == r.left);
  CHECK(r.numwant == 50);
  CHECK(r.event == announce_event::none);
  CHECK_FALSE(r.compact);
  CHECK_FALSE(r.no_peer_id);
  CHECK(r.uploaded == 0);
  CHECK(r.downloaded == 0);
  CHECK(r.key == 0);
  CHECK(decode_query(ids + "&port=65535&numwant=&left=&compact=").port == 65535);
  CHECK(decode_query(encode(example())).compact);
  CHECK(decode_query(encode(example())).no_peer_id);
}

TEST_CASE("each event that a peer tells is read") {
  for (auto const event : {announce_event::none, announce_event::started,
                           announce_event::completed, announce_event::stopped}) {
    announce_request r = example();
    r.event = event;
    CHECK(decode_query(encode(r)).event == event);
  }
}

TEST_CASE("each malformed announce is refused with its reason") {
  check_refused("", "info_hash is missing");
  check_refused("info_hash=abc&port=1", "info_hash has 3 bytes instead of 20");
  check_refused("info_hash=%zz", "info_hash is not percent-coded");
  check_refused("info_hash=aaaaaaaaaaaaaaaaaaaa&port=1", "peer_id is missing");
  check_refused("info_hash=aaaaaaaaaaaaaaaaaaaa&peer_id", "peer_id has 0 bytes");
  check_refused(ids, "port is missing");
  check_refused(ids + "&port=0", "port is not between");
  check_refused(ids + "&port=65536", "port is not between");
  check_refused(ids + "&port=abc", "port is no number");
  check_refused(ids + "&port=1x", "port is no number");
  check_refused(ids + "&port=1&left=x", "left is no number");
  check_refused(ids + "&port=1&left=-1", "left is negative");
  check_refused(ids + "&port=1&uploaded=-1", "uploaded is negative");
  check_refused(ids + "&port=1&downloaded=99999999999999999999",
                "downloaded is no number");
  check_refused(ids + "&port=1&compact=yes", "compact is no number");
  check_refused(ids + "&port=1&numwant=many", "numwant is no number");
}

TEST_CASE("peers come as six bytes each") {
  test::story s;
  auto const expect_peers = [&](std::string const& wanted, std::string const& text) {
    std::string const came = peers_in(text);
    s.expect(wanted, came == wanted, came);
  };
  std::string const three("\xc0\x00\x02\x01\x1a\xe1"
                          "\xc0\x00\x02\x02\x00\x00"
                          "\xc0\x00\x02\x03\xc8\xd5",
                          18);
  s.given("peers: c0 00 02 01 1a e1, c0 00 02 02 00 00 and c0 00 02 03 c8 d5");
  s.given("no peer listens on port 0");
  expect_peers("192.0.2.1:6881, 192.0.2.3:51413", "d5:peers18:" + three + "e");
  s.given("the same, and three bytes of a fourth peer");
  expect_peers("192.0.2.1:6881, 192.0.2.3:51413",
               "d5:peers21:" + three + "\xc0\x01\x02" + "e");
  s.given("peers of no bytes at all");
  expect_peers("no peer", "d5:peers0:e");
  s.given("peers of 5 bytes");
  expect_peers("no peer", "d5:peers5:abcdee");
  std::string const six("\x20\x01\x0d\xb8\0\1\0\2\0\3\0\4\0\5\0", 15);
  s.given("peers6 of two times 18 bytes: 20 01 0d b8 .. 06 1a e1 and .. 07 c8 d5");
  expect_peers("[2001:db8:1:2:3:4:5:6]:6881, [2001:db8:1:2:3:4:5:7]:51413",
               "d6:peers636:" + six + "\x06\x1a\xe1" + six + "\x07\xc8\xd5" + "e");
}

TEST_CASE("of very many peers 20,000 are taken") {
  std::string many;
  for (int i = 0; i < 20'001; ++i) many += "abcdef";
  auto const a = read("d5:peers" + std::to_string(many.size()) + ":" + many +
                      "6:peers618:" + many.substr(0, 18) + "e");
  CHECK(a.peers.size() == 20'000);
}

TEST_CASE("of very many peers in a list 20,000 are taken") {
  std::string packed, entries, numbered;
  for (int i = 0; i < 20'001; ++i) {
    packed += "6:abcdef";
    entries += "d2:ip7:1.2.3.44:porti1ee";
    std::string const key = std::to_string(100'000 + i);
    numbered += "6:" + key + "d2:ip7:1.2.3.44:porti1ee";
  }
  for (std::string const& all : {"l" + packed, "l" + entries, "d" + numbered})
    CHECK(read("d5:peers" + all + "ee").peers.size() == 20'000);
}

TEST_CASE("of peers that are given by name 20 are taken") {
  std::string entries;
  for (int i = 0; i < 21; ++i) entries += "d2:ip6:a.test4:porti1ee";
  auto const a = read("d5:peersl" + entries + "ee");
  CHECK(a.named_peers.size() == 20);
  CHECK(a.passed_over == 1);
}

TEST_CASE("an answer in its compact form has counts and no names of peers") {
  auto const a = read("d8:completei3e10:incompletei4e8:intervali900e5:peers6:abcdefe");
  REQUIRE(a.peers.size() == 1);
  CHECK_FALSE(a.peers[0].id);
  CHECK(a.interval == 900s);
  CHECK(a.complete == 3u);
  CHECK(a.incomplete == 4u);
  CHECK_FALSE(a.downloaded);
}

TEST_CASE("peers come as dictionaries of IPv4 or IPv6 or names") {
  auto const a = read("d5:peersl"
                      "d2:ip9:192.0.2.17:peer id20:-CT0001-abcdefghijkl4:porti6881ee"
                      "d2:ip11:2001:db8::14:porti1ee"
                      "d2:ip12:peer.example4:porti1ee"
                      "d2:ip9:192.0.2.14:porti0ee"
                      "ee");
  REQUIRE(a.named_peers.size() == 1);
  CHECK(a.named_peers[0].host == "peer.example");
  CHECK(a.passed_over == 0);
  REQUIRE(a.peers.size() == 2);
  CHECK(a.peers[0].id == peer_id::from(as_bytes("-CT0001-abcdefghijkl")));
  CHECK(a.peers[1].address.text() == "[2001:db8::1]:1");
}

TEST_CASE("an answer may be nearly empty") {
  auto const a = read("de");
  CHECK(a.interval == usual_interval);
  CHECK(a.min_interval == 0s);
  CHECK(a.peers.empty());
}

TEST_CASE("an answer may warn and give a tracker id") {
  auto const a = read("d12:min intervali60e10:tracker id2:ab15:warning message4:slowe");
  CHECK(a.warning_message == "slow");
  CHECK(a.tracker_id == "ab");
  CHECK(a.min_interval == 60s);
}

TEST_CASE("intervals are kept within limits") {
  CHECK(read("d8:intervali0ee").interval == usual_interval);
  CHECK(read("d8:intervali-5ee").interval == usual_interval);
  CHECK(read("d8:intervali1ee").interval == shortest_interval);
  CHECK(read("d8:intervali99999999999ee").interval == longest_interval);
  CHECK(read("d12:min intervali99999999999ee").min_interval == longest_interval);
}

TEST_CASE("a failure reason may say when to come back") {
  auto const plain = read("d14:failure reason2:noe");
  CHECK(plain.failure_reason == "no");
  CHECK_FALSE(plain.retry);
  CHECK(retry_of("d14:failure reason2:no8:retry ini5ee") == "5 min");
  CHECK(retry_of("d14:failure reason2:no8:retry in1:5e") == "5 min");
  CHECK(retry_of("d14:failure reason2:no8:retry in5:nevere") == "never");
  CHECK(retry_of("d14:failure reason2:no8:retry ini-5ee") == "it does not say");
  CHECK(retry_of("d14:failure reason2:no8:retry ini0ee") == "it does not say");
  CHECK(retry_of("d14:failure reason2:no8:retry ini1ee") == "1 min");
  CHECK(retry_of("d14:failure reason2:no8:retry ini99999ee") == "1440 min");
  CHECK(retry_of("d14:failure reason2:no8:retry inlee") == "it does not say");
}

TEST_CASE("each malformed answer is named") {
  check_malformed("", "with nothing");
  check_malformed("<html>Down</html>", "a web page");
  check_malformed("\r\n <!DOCTYPE html>", "a web page");
  check_malformed("Not found", "no bencode");
  check_malformed("d8:interval", "no bencode");
  check_malformed("le", "no dictionary");
}

namespace {

std::string const p1("\xc0\x00\x02\x01\x1a\xe1", 6), p2("\xc0\x00\x02\x02\x1a\xe2", 6);
std::string const peer_entry = "d2:ip9:192.0.2.14:porti6881ee";

void check_taken(std::string const& text, std::size_t peers, std::size_t passed_over) {
  INFO(text);
  auto const a = read(text);
  CHECK(a.peers.size() == peers);
  CHECK(a.passed_over == passed_over);
  if (peers > 0 && !a.peers.empty()) CHECK(a.peers[0].address.text() == "192.0.2.1:6881");
}

} // namespace

TEST_CASE("peers that are right are taken and the others counted") {
  check_taken("d5:peers13:" + p1 + p2 + "xe", 2, 1);
  check_taken("d5:peers5:abcdee", 0, 1);
  check_taken("d6:peers66:abcdefe", 0, 1);
  check_taken("d5:peersi1ee", 0, 1);
  check_taken("d5:peersli1e" + peer_entry + "ee", 1, 1);
  check_taken("d5:peersld4:porti1ee" + peer_entry + "ee", 1, 1);
  check_taken("d5:peersl" + peer_entry + "d2:ip1:aeee", 1, 1);
  check_taken("d5:peersl" + peer_entry + "d2:ip9:192.0.2.14:porti65536eeee", 1, 1);
  check_taken("d5:peersl" + peer_entry + "d2:ip3:a b4:porti1eeee", 1, 1);
  check_taken("d5:peersl" + peer_entry + "d2:ip0:4:porti1eeee", 1, 1);
  check_taken("d5:peersl" + peer_entry + "d2:ip9:192.0.2.14:porti-1eeee", 1, 1);
  check_taken("d5:peersl" + peer_entry + "d2:ip9:192.0.2.14:porti65535eeee", 2, 0);
  check_taken("d5:peersl" + peer_entry + "0:ee", 1, 1);
  check_taken("d5:peersl" + peer_entry + "36:" + std::string(36, 'x') + "ee", 1, 1);
}

TEST_CASE("the name of a peer has 253 bytes at most") {
  auto const named = [](std::size_t size) {
    return read("d5:peersld2:ip" + std::to_string(size) + ":" + std::string(size, 'a') +
                "4:porti1eeee");
  };
  CHECK(named(253).named_peers.size() == 1);
  CHECK(named(254).named_peers.empty());
  CHECK(named(254).passed_over == 1);
}

TEST_CASE("a peer id that has not 20 bytes is none and the peer stays") {
  auto const a =
      read("d5:peersld2:ip9:192.0.2.17:peer id3:abc4:porti1eed2:ip9:192.0.2.27:peer "
           "idi1e4:porti1eeee");
  REQUIRE(a.peers.size() == 2);
  CHECK_FALSE(a.peers[0].id);
  CHECK_FALSE(a.peers[1].id);
}

TEST_CASE("peers are taken in each shape that trackers give them") {
  check_taken("d5:peersld2:ip9:192.0.2.14:port4:6881eee", 1, 0);
  check_taken("d5:peersld2:ip16:::ffff:192.0.2.14:porti6881eeee", 1, 0);
  check_taken("d5:peersd1:0" + peer_entry + "1:1" + peer_entry + "ee", 2, 0);
  check_taken("d5:peers" + peer_entry + "e", 1, 0);
  check_taken("d5:peersl6:" + p1 + "6:" + p2 + "ee", 2, 0);
  check_taken("d5:peersl12:" + p1 + p2 + "ee", 2, 0);
  std::string const v6("\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\1\x1a\xe1", 18);
  check_taken("d5:peersl6:" + p1 + "18:" + v6 + "ee", 2, 0);
  CHECK(peers_in("d5:peersl18:" + v6 + "ee") == "[2001:db8::1]:6881");
  check_taken("d5:peers6:" + p1 + "6:peers6lee", 1, 0);
  check_taken("d5:peers6:" + p1 + "6:peers6l" + peer_entry + "ee", 2, 0);
  auto const a = read("d5:peersld2:id20:-CT0001-abcdefghijkl2:ip9:192.0.2.14:porti1eeee");
  REQUIRE(a.peers.size() == 1);
  CHECK(a.peers[0].id == peer_id::from(as_bytes("-CT0001-abcdefghijkl")));
}

TEST_CASE("an answer is taken whatever stands before and behind it") {
  for (std::string const before : {"", "\n", "\r\n ", "\xef\xbb\xbf"})
    for (std::string const behind : {"", "\n", "\r\n", "<!-- 0.01 s -->", "dee"})
      check_taken(before + "d5:peers6:" + p1 + "e" + behind, 1, 0);
}

TEST_CASE("numbers may come as strings") {
  auto const a = read("d8:complete1:710:incomplete2:118:interval3:90012:min interval5:"
                      "300.55:peers6:" +
                      p1 + "e");
  CHECK(a.complete == 7u);
  CHECK(a.incomplete == 11u);
  CHECK(a.interval == 900s);
  CHECK(a.min_interval == 300s);
  CHECK(a.passed_over == 0);
  CHECK(a.peers.size() == 1);
}

TEST_CASE("odd numbers do not cost the peers") {
  std::string const wide = "99999999999999999999";
  auto const read_with = [](std::string const& key, std::string const& n) {
    check_taken("d" + key + n + "5:peers6:" + p1 + "e", 1, 0);
    return read("d" + key + n + "5:peers6:" + p1 + "e");
  };
  CHECK(read_with("8:interval", "i" + wide + "e").interval == longest_interval);
  CHECK(read_with("8:interval", "20:" + wide).interval == longest_interval);
  CHECK(read_with("8:interval", "i-" + wide + "e").interval == usual_interval);
  CHECK(read_with("8:interval", "i-0e").interval == usual_interval);
  CHECK(read_with("8:interval", "i0900e").interval == 900s);
  CHECK(read_with("8:interval", "5: 900 ").interval == 900s);
  CHECK(read_with("8:complete", "i" + wide + "e").complete == 0xffff'ffffu);
  CHECK(read_with("8:complete", "i-" + wide + "e").complete == std::nullopt);
  CHECK(read_with("8:interval", "21:-" + wide).interval == usual_interval);
  CHECK(read_with("8:complete", "21:-" + wide).complete == std::nullopt);
  CHECK(read_with("8:complete", "i0e").complete == 0u);
  for (std::string const none : {"2:7x", "2:.5", "0:", "1:-"}) {
    std::string const text = "d8:complete" + none + "5:peers6:" + p1 + "e";
    check_taken(text, 1, 1);
    CHECK_FALSE(read(text).complete);
  }
  CHECK(read_with("9:downloadei", "1e").downloaded == std::nullopt); // another key
  CHECK(read_with("10:tracker id", "i" + wide + "e").tracker_id == wide);
  check_taken("d5:peers06:" + p1 + "e", 1, 0);
  check_taken("d5:peersl" + peer_entry + "d2:ip9:192.0.2.14:porti" + wide + "eeee", 1, 1);
}

TEST_CASE("the address of a peer comes in brackets or as its bytes") {
  auto const address = [](std::string const& ip) {
    auto const a =
        read("d5:peersld2:ip" + std::to_string(ip.size()) + ":" + ip + "4:porti1eeee");
    return a.peers.empty() ? "" : a.peers[0].address.text();
  };
  using namespace std::string_literals;
  CHECK(address("[2001:db8::1]") == "[2001:db8::1]:1");
  CHECK(address("[::ffff:192.0.2.1]") == "192.0.2.1:1");
  CHECK(address(" 192.0.2.1\n") == "192.0.2.1:1");
  CHECK(address("\xc0\x00\x02\x01"s) == "192.0.2.1:1");
  CHECK(address("\x0a\x00\x00\x0a"s) == "10.0.0.10:1"); // blanks, were it text
  CHECK(address("\x20\x01\x0d\xb8"s + std::string(11, '\0') + "\x01") ==
        "[2001:db8::1]:1");
  CHECK(address("ABCD") == "65.66.67.68:1"); // raw bytes that happen to be letters
  CHECK(address("\xc0.\x02\x01") == "192.46.2.1:1"); // one of which is a dot
  CHECK(address("\x7f.\x02\x01") == "127.46.2.1:1");
  CHECK(address("\x7f.ab") == "127.46.97.98:1");
  CHECK(address("2 a! quite odd??") == "[3220:6121:2071:7569:7465:206f:6464:3f3f]:1");
  for (std::string const none :
       {"a b!c", "a.b!", "a .b", "peer.example.com", "[", "[]", "[x]", "\xc0\x00\x02"})
    CHECK(address(none).empty());
}

TEST_CASE("values of another type are passed over and the peers stay") {
  check_taken("d8:intervalle5:peers6:" + p1 + "e", 1, 1);
  check_taken("d8:interval4:soon5:peers6:" + p1 + "e", 1, 1);
  check_taken("d5:peers6:" + p1 + "15:warning messagel1:aee", 1, 1);
  CHECK(read("d8:intervallee").interval == usual_interval);
  CHECK(read("d10:tracker idi7ee").tracker_id == "7");
  CHECK(read("d15:warning messagei1ee").warning_message == "1");
}

TEST_CASE("a refusal without words is one and an empty reason beside peers is none") {
  CHECK(read("d14:failure reason0:e").failure_reason == "it gives no reason");
  CHECK(read("d14:failure reasonlee").failure_reason == "it gives no reason");
  CHECK(read("d14:failure reasoni7ee").failure_reason == "7");
  CHECK_FALSE(read("d14:failure reason0:5:peers6:" + p1 + "e").failure_reason);
  CHECK_FALSE(read("d14:failure reason0:6:peers60:e").failure_reason);
  CHECK(read("d14:failure reason2:no5:peers6:" + p1 + "e").failure_reason == "no");
}

TEST_CASE("a refusal may have intervals") {
  auto const a = read("d14:failure reason2:no8:intervali1800e12:min interval3:900e");
  CHECK(a.failure_reason == "no");
  CHECK(a.interval == 1800s);
  CHECK(a.min_interval == 900s);
  CHECK(read("d14:failure reason2:noe").interval == 0s);
}

TEST_CASE("the words of a tracker are cut to one line") {
  std::string const long_words(5000, 'x'), lines = "a\nb\x1b[2J";
  auto const a = read("d15:warning message5000:" + long_words + "e");
  CHECK(a.warning_message == std::string(longest_words - 3, 'x') + "...");
  CHECK(read("d14:failure reason7:" + lines + "e").failure_reason == "a b [2J");
  CHECK(read("d14:failure reason3:a\x7f"
             "be")
            .failure_reason == "a b");
  std::string const most(longest_words, 'x');
  CHECK(read("d15:warning message200:" + most + "e").warning_message == most);
  CHECK(read("d15:warning message201:" + most + "xe").warning_message ==
        most.substr(3) + "...");
  std::string accents = "x";
  while (accents.size() < 2 * longest_words) accents += "\xc3\xa9";
  auto const cut = read("d15:warning message401:" + accents + "e").warning_message;
  CHECK(cut == accents.substr(0, longest_words - 3) + "..."); // 197: 1 and 98 times 2
  std::string const even = accents.substr(1); // 400 bytes, cut at 197, in a letter
  CHECK(read("d15:warning message400:" + even + "e").warning_message ==
        even.substr(0, longest_words - 4) + "...");
  std::string const no_letters(400, '\x80');
  CHECK(read("d15:warning message400:" + no_letters + "e").warning_message == "...");
  announce_answer refusal; // cut once, it is cut no further by the next reader
  refusal.failure_reason = cut;
  CHECK(decode_answer(encode(refusal, true, false)).failure_reason == cut);
}

TEST_CASE("what a tracker writes a peer reads") {
  announce_answer a;
  a.interval = 100s;
  a.min_interval = 10s;
  a.complete = 1;
  a.incomplete = 2;
  a.downloaded = 3;
  a.tracker_id = "x";
  a.warning_message = "w";
  a.peers.push_back({endpoint::parse("192.0.2.1:1").value(), example().peer_id});
  a.peers.push_back({endpoint::parse("[2001:db8::1]:2").value(), example().peer_id});
  for (bool const compact : {true, false})
    for (bool const no_peer_id : {true, false}) {
      auto const b = decode_answer(encode(a, compact, no_peer_id));
      CHECK(b.interval == 100s);
      CHECK(b.min_interval == 10s);
      CHECK(b.complete == 1u);
      CHECK(b.incomplete == 2u);
      CHECK(b.downloaded == 3u);
      CHECK(b.tracker_id == "x");
      CHECK(b.warning_message == "w");
      REQUIRE(b.peers.size() == 2);
      CHECK(b.peers[0].address == a.peers[0].address);
      CHECK(b.peers[1].address == a.peers[1].address);
      CHECK(b.peers[0].id.has_value() == (!compact && !no_peer_id));
    }
}

TEST_CASE("a tracker writes nothing that it has not") {
  announce_answer a;
  CHECK(as_text(encode(a, true, true)) == "d8:intervali1800e5:peers0:e");
  CHECK(as_text(encode(a, false, true)) == "d8:intervali1800e5:peerslee");
  a.min_interval = 1s;
  CHECK(as_text(encode(a, true, true)) ==
        "d8:intervali1800e12:min intervali1e5:peers0:e");
  a.failure_reason = "no";
  CHECK(as_text(encode(a, true, true)) == "d14:failure reason2:noe");
  a.retry = retry_in{false, 7min};
  CHECK(as_text(encode(a, true, true)) == "d14:failure reason2:no8:retry ini7ee");
}

TEST_CASE("a tracker writes a failure alone") {
  announce_answer a;
  a.failure_reason = "no";
  a.retry = retry_in{true, {}};
  CHECK(as_text(encode(a, true, true)) == "d14:failure reason2:no8:retry in5:nevere");
}
