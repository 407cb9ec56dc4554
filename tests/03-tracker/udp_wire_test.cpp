// The packets between a peer and a UDP tracker: both ends of the wire.
#include "base/time.hpp"
#include "print.hpp"
#include "support/catch.hpp"
#include "tracker/udp_wire.hpp"

using namespace cotorra;
using namespace cotorra::tracker;
using Catch::Matchers::ContainsSubstring;

namespace {

buffer hex(std::string_view digits) {
  std::string plain;
  for (char c : digits)
    if (c != ' ') plain += c;
  return from_hex(plain).value();
}

info_hash hash_of(char c) { return info_hash::from(as_bytes(std::string(20, c))); }

udp_announce an_announce() {
  udp_announce q{0x0102030405060708, 0xA0B0C0D0, {}};
  q.what.info_hash = hash_of('h');
  q.what.peer_id = peer_id::from(as_bytes("-CT0001-abcdefghijkl"));
  q.what.downloaded = 1;
  q.what.left = 0x100000002;
  q.what.uploaded = 3;
  q.what.event = announce_event::started;
  q.what.key = 0xBEEF;
  q.what.numwant = 50;
  q.what.port = 6881;
  return q;
}

udp_announce round_trip(udp_announce const& q) {
  return std::get<udp_announce>(decode_udp_request(encode(q)).value());
}

std::string url_data_in(std::string const& options) {
  buffer packet = encode(an_announce());
  append(packet, options);
  return std::get<udp_announce>(decode_udp_request(packet).value()).url_data;
}

udp_answer read(buffer const& packet, ip_family f = ip_family::v4) {
  return decode_udp_answer(packet, f);
}

// An answer to an announce, up to its peers.
std::string const announced = "00000001 a0b0c0d0 00000384 00000005 00000007";

} // namespace

TEST_CASE("a connect request is the protocol id, action 0 and a transaction id") {
  udp_request const q = udp_connect{0xA0B0C0D0};
  CHECK(to_hex(encode(q)) == "0000041727101980"
                             "00000000"
                             "a0b0c0d0");
  auto const read = decode_udp_request(encode(q));
  REQUIRE(read);
  CHECK(std::get<udp_connect>(*read).transaction == 0xA0B0C0D0);
}

TEST_CASE("an announce has each field of BEP 15 at its offset") {
  CHECK(to_hex(encode(an_announce())) == "0102030405060708" // connection id
                                         "00000001"         // action
                                         "a0b0c0d0"         // transaction id
                                         "6868686868686868686868686868686868686868"
                                         "2d4354303030312d6162636465666768696a6b6c"
                                         "0000000000000001" // downloaded
                                         "0000000100000002" // left
                                         "0000000000000003" // uploaded
                                         "00000002"         // started
                                         "00000000"         // IP address: as the packet's
                                         "0000beef"         // key
                                         "00000032"         // num_want
                                         "1ae1");           // port
}

TEST_CASE("the events have the numbers of BEP 15") {
  auto const [event, number] = GENERATE(
      std::pair(announce_event::none, 0), std::pair(announce_event::completed, 1),
      std::pair(announce_event::started, 2), std::pair(announce_event::stopped, 3));
  udp_announce q = an_announce();
  q.what.event = event;
  CHECK(get_u32(bytes(encode(q)).subspan(80)) == static_cast<unsigned>(number));
  CHECK(round_trip(q).what.event == event);
}

TEST_CASE("a tracker reads what a peer has announced") {
  udp_announce q = an_announce();
  q.what.ip = ip_address::parse("192.0.2.7");
  udp_announce const r = round_trip(q);
  CHECK(r.connection == q.connection);
  CHECK(r.transaction == q.transaction);
  CHECK(r.what.info_hash == q.what.info_hash);
  CHECK(r.what.peer_id == q.what.peer_id);
  CHECK(r.what.downloaded == 1);
  CHECK(r.what.left == 0x100000002);
  CHECK(r.what.uploaded == 3);
  CHECK(r.what.ip == q.what.ip);
  CHECK(r.what.key == 0xBEEF);
  CHECK(r.what.numwant == 50);
  CHECK(r.what.port == 6881);
}

TEST_CASE("an IPv6 address has no place in an announce") {
  udp_announce q = an_announce();
  q.what.ip = ip_address::parse("2001:db8::1");
  CHECK_FALSE(round_trip(q).what.ip);
}

TEST_CASE("num_want -1 and event 4 mean nothing special") {
  buffer packet = encode(an_announce());
  packet[83] = std::byte{4};
  for (std::size_t i = 92; i < 96; ++i) packet[i] = std::byte{0xff};
  auto const q = std::get<udp_announce>(decode_udp_request(packet).value());
  CHECK(q.what.numwant == announce_request{}.numwant);
  CHECK(q.what.event == announce_event::none);
}

TEST_CASE("path and query of the tracker's URL follow the announce") {
  udp_announce q = an_announce();
  q.url_data = "/dir?a=b&c=d"; // the example of BEP 41
  buffer const packet = encode(q);
  REQUIRE(packet.size() == 98 + 14);
  CHECK(as_text(bytes(packet).subspan(98)) == "\x02\x0C/dir?a=b&c=d");
  CHECK(round_trip(q).url_data == q.url_data);
}

TEST_CASE("a long URL goes in parts of 255 bytes") {
  udp_announce q = an_announce();
  q.url_data = "/" + std::string(599, 'k');
  buffer const packet = encode(q);
  CHECK(packet.size() == 98 + 600 + 3 * 2);
  CHECK(packet[98 + 1] == std::byte{255});
  CHECK(packet[98 + 2 * 257 + 1] == std::byte{600 - 2 * 255});
  CHECK(round_trip(q).url_data == q.url_data);
}

TEST_CASE("a URL past 8 KiB is cut off on both sides") {
  udp_announce q = an_announce();
  q.url_data.assign(longest_url_data + 1, 'k');
  CHECK(encode(q).size() == 98 + longest_url_data + 33 * 2); // parts of 255, and a rest
  CHECK(round_trip(q).url_data.size() == longest_url_data);
  std::string const part = std::string("\x02\xff", 2) + std::string(255, 'k');
  std::string many;
  for (int i = 0; i < 100; ++i) many += part;
  CHECK(url_data_in(many).size() == longest_url_data);
}

TEST_CASE("the options of BEP 41 are read one after another") {
  using namespace std::string_literals;
  CHECK(url_data_in("\x02\x0C/dir?a=b&c=d\x01\x01\x00"s) == "/dir?a=b&c=d");
  CHECK(url_data_in("\x02\x00"s).empty());
  CHECK(url_data_in("\x01\x02\x01x\x09\x02zz\x02\x01y"s) == "xy"); // 9 is unknown
  CHECK(url_data_in("\x00\x02\x01x"s).empty());                    // after the end
}

TEST_CASE("an option that is cut short ends the options") {
  using namespace std::string_literals;
  CHECK(url_data_in("\x02\x01x\x02"s) == "x");
  CHECK(url_data_in("\x02\x01x\x02\x05yyyy"s) == "x");
}

TEST_CASE("a scrape asks for up to 74 torrents") {
  udp_scrape q{1, 2, {}};
  for (int i = 0; i < 80; ++i) q.hashes.push_back(hash_of(static_cast<char>(i)));
  buffer const packet = encode(q);
  CHECK(packet.size() == 16 + 74 * 20);
  auto const r = std::get<udp_scrape>(decode_udp_request(packet).value());
  CHECK(r.hashes.size() == 74);
  CHECK(r.hashes[73] == hash_of(73));
  auto const one = decode_udp_request(encode(udp_scrape{1, 2, {hash_of('h')}}));
  REQUIRE(one);
  CHECK(std::get<udp_scrape>(*one).hashes.size() == 1);
  buffer longer = packet;
  append(longer, std::string(20 * 20, 'x'));
  CHECK(std::get<udp_scrape>(decode_udp_request(longer).value()).hashes.size() == 74);
}

TEST_CASE("a packet that is no question of BEP 15 is dropped by the tracker") {
  auto const dropped = [](bytes packet) { return !decode_udp_request(packet); };
  buffer const connect = encode(udp_connect{1}), announce = encode(an_announce());
  for (std::size_t n = 0; n < connect.size(); ++n)
    CHECK(dropped(bytes(connect).first(n)));
  for (std::size_t n = 16; n < 98; ++n) CHECK(dropped(bytes(announce).first(n)));
  buffer wrong = connect;
  wrong[7] = std::byte{0}; // another protocol id
  CHECK(dropped(wrong));
  wrong = announce;
  wrong[11] = std::byte{3}; // an error is no question
  CHECK(dropped(wrong));
  wrong[11] = std::byte{200};
  CHECK(dropped(wrong));
  wrong = announce;
  wrong[96] = wrong[97] = std::byte{0}; // no peer listens on port 0
  CHECK(dropped(wrong));
  CHECK(dropped(encode(udp_scrape{1, 2, {}})));
}

TEST_CASE("a connect is answered with a connection id") {
  buffer const packet = hex("00000000 a0b0c0d0 0102030405060708");
  auto const a = std::get<udp_connected>(read(packet));
  CHECK(a.transaction == 0xA0B0C0D0);
  CHECK(a.connection == 0x0102030405060708);
  CHECK(encode(udp_answer(a), ip_family::v4) == packet);
}

TEST_CASE("an announce is answered with counts and peers") {
  buffer const packet = hex(announced + "c0000201 1ae1 c0000202 c8d5");
  auto const a = std::get<udp_announced>(read(packet));
  CHECK(a.what.interval == 900s);
  CHECK(a.what.incomplete == 5u);
  CHECK(a.what.complete == 7u);
  REQUIRE(a.what.peers.size() == 2);
  CHECK(a.what.peers[0].address == *endpoint::parse("192.0.2.1:6881"));
  CHECK(a.what.peers[1].address == *endpoint::parse("192.0.2.2:51413"));
  CHECK(a.what.passed_over == 0);
  CHECK(encode(udp_answer(a), ip_family::v4) == packet);
}

TEST_CASE("a tracker asked over IPv6 answers with addresses of 16 bytes") {
  buffer const packet = hex(announced + "20010db8000000000000000000000001 1ae1");
  auto const a = std::get<udp_announced>(read(packet, ip_family::v6));
  REQUIRE(a.what.peers.size() == 1);
  CHECK(a.what.peers[0].address == *endpoint::parse("[2001:db8::1]:6881"));
  CHECK(encode(udp_answer(a), ip_family::v6) == packet);
}

TEST_CASE("half a peer at the end is passed over, and so is port 0") {
  auto const a = std::get<udp_announced>(
      read(hex(announced + "c0000201 1ae1 c0000203 0000 c00002")));
  CHECK(a.what.peers.size() == 1);
  CHECK(a.what.passed_over == 1);
}

TEST_CASE(
    "a tracker sends no peer of the other family and no packet that a router cuts") {
  udp_announced a{1, {}};
  a.what.peers.assign(300, {*endpoint::parse("192.0.2.1:6881")});
  a.what.peers.push_back({*endpoint::parse("[2001:db8::1]:6881")});
  CHECK(encode(udp_answer(a), ip_family::v4).size() == 20 + 202 * 6);
  CHECK(encode(udp_answer(a), ip_family::v6).size() == 20 + 18);
  a.what.peers.assign(300, a.what.peers.back());
  CHECK(encode(udp_answer(a), ip_family::v6).size() == 20 + 67 * 18);
}

TEST_CASE("intervals are clamped, and 0 is the usual one") {
  auto const interval = [](std::string const& digits) {
    auto const a = read(hex("00000001 00000001" + digits + "00000000 00000000"));
    return std::get<udp_announced>(a).what.interval;
  };
  CHECK(interval("00000000") == usual_interval);
  CHECK(interval("00000001") == shortest_interval);
  CHECK(interval("ffffffff") == longest_interval);
}

TEST_CASE("a scrape is answered with three numbers for each torrent") {
  buffer const packet = hex("00000002 00000009 00000001 00000002 00000003");
  auto const a = std::get<udp_scraped>(read(packet));
  REQUIRE(a.swarms.size() == 1);
  CHECK(a.swarms[0].complete == 1u);
  CHECK(a.swarms[0].downloaded == 2u);
  CHECK(a.swarms[0].incomplete == 3u);
  CHECK(encode(udp_answer(a), ip_family::v4) == packet);
  auto const half = read(hex("00000002 00000009 00000001 00000002"));
  CHECK(std::get<udp_scraped>(half).swarms.empty());
}

TEST_CASE("a count that a tracker has not is 0 in its packets") {
  udp_announced announced{1, {}};
  announced.what.interval = 900s;
  CHECK(to_hex(encode(udp_answer(announced), ip_family::v4)) ==
        "0000000100000001000003840000000000000000");
  CHECK(to_hex(encode(udp_answer(udp_scraped{1, {{}}}), ip_family::v4)) ==
        "0000000200000001000000000000000000000000");
}

TEST_CASE("an error is told in one line of the tracker's words") {
  auto const said = [](std::string const& text) {
    buffer packet = hex("00000003 00000001");
    append(packet, text);
    return std::get<udp_failed>(read(packet)).reason;
  };
  CHECK(said("not registered") == "not registered");
  CHECK(said(std::string("no\0 rest", 8)) == "no");
  CHECK(said("two\nlines") == "two lines");
  CHECK(said("") == "it gives no reason");
  CHECK(said(std::string(5000, 'x')).size() == longest_words);
  CHECK(as_text(encode(udp_answer(udp_failed{1, "no"}), ip_family::v4)).substr(8) ==
        "no");
}

TEST_CASE("an answer that is cut short is named") {
  CHECK_THROWS_WITH(read(hex("00000000 000001")),
                    ContainsSubstring("7 bytes, where every answer has 8 or more"));
  CHECK_THROWS_WITH(read(hex("00000000 00000001 00000002")),
                    "the tracker's answer is cut short: 12 bytes, where the answer to a "
                    "connect has 16 or more");
  CHECK_THROWS_WITH(read(hex("00000001 00000001 00000002")),
                    ContainsSubstring("the answer to an announce has 20"));
  CHECK_THROWS_WITH(read(hex("00000007 00000001")), ContainsSubstring("action 7"));
  CHECK_FALSE(transaction_of_answer(hex("00000000 000001")));
  CHECK(transaction_of_answer(hex("00000000 00000102")) == 0x102u);
}
