// The capture: what went over the connections, as packets for Wireshark.
#include "12-downloader/captured.hpp"
#include "12-downloader/cli_support.hpp"
#include "base/hex.hpp"
#include "cli/capture_file.hpp"
#include "explain/capture.hpp"
#include "explain/segment_cut.hpp"
#include "io/virtual_clock.hpp"
#include "support/catch.hpp"

using namespace cotorra;
using namespace cotorra::explain;
using Catch::Matchers::ContainsSubstring;
using test::captured_packet;
using ending = io::stream_observer::ending;

namespace {

constexpr std::uint8_t fin = 1, syn = 2, rst = 4, psh = 8, ack = 16;

// A capture into memory, 100 s after the beginning of 1970.
struct captured {
  asio::io_context context;
  io::virtual_clock clock{context.get_executor()};
  buffer file;
  std::size_t most = ~std::size_t{0};
  capture written{[this](bytes b) {
                    if (file.size() + b.size() > most) return false;
                    append(file, b);
                    return true;
                  },
                  clock, 100s};
  endpoint here = *endpoint::parse("192.0.2.2:40000");
  endpoint there = *endpoint::parse("192.0.2.1:6881");

  void open(bool we_dialled = true) { written.opened(1, here, there, we_dialled); }
  void sent(bytes b) { written.sent(1, {&b, 1}); }
  void sent(std::string_view text) { sent(as_bytes(text)); }
  void received(std::string_view text) { written.received(1, as_bytes(text)); }
  std::vector<captured_packet> packets() const { return test::packets_of(file); }
  // All that one side said.
  std::string said(std::uint32_t way) const {
    std::string all;
    for (captured_packet const& p : packets())
      if (p.way == way) all += as_text(p.payload);
    return all;
  }
};
constexpr std::uint32_t inbound = 1, outbound = 2;

std::vector<int> flags_of(std::vector<captured_packet> const& all) {
  std::vector<int> flags;
  for (captured_packet const& p : all) flags.push_back(p.flags);
  return flags;
}

constexpr std::string_view announce =
    "GET /announce?info_hash=%01%02&peer_id=-CO0100-123456789012&port=6881&left=12345678&"
    "key=00C0FFEE HTTP/1.1\r\nHost: t\r\n\r\n";

} // namespace

TEST_CASE("a section header and an interface are those of the draft") {
  buffer file;
  pcapng::put_section_header(file, "app", "note");
  CHECK(to_hex(file) == "0a0d0d0a"         // block type
                        "00000030"         // its length, 48
                        "1a2b3c4d"         // byte-order magic: big-endian
                        "00010000"         // version 1.0
                        "ffffffffffffffff" // the section's length is not known
                        "00010004"         // opt_comment, 4 bytes
                        "6e6f7465"         //
                        "00040003"         // shb_userappl, 3 bytes, and 1 to fill up
                        "61707000"         //
                        "00000000"         // opt_endofopt
                        "00000030");
  file.clear();
  pcapng::put_interface(file, pcapng::link_type::raw_ip, "lo");
  CHECK(to_hex(file) == "00000001"
                        "00000028"
                        "00650000" // LINKTYPE_RAW, reserved
                        "00000000" // SnapLen: no limit
                        "00020002" // if_name
                        "6c6f0000"
                        "00090001" // if_tsresol: nanoseconds
                        "09000000"
                        "00000000"
                        "00000028");
}

TEST_CASE("a packet is an enhanced packet block, filled up to four bytes") {
  buffer file;
  buffer const data = *from_hex("4500aabbcc");
  pcapng::put_packet(file, {std::chrono::nanoseconds(0x0102030405060708),
                            pcapng::direction::outbound, data});
  CHECK(to_hex(file) == "00000006"
                        "00000034"
                        "00000000"         // the first interface
                        "0102030405060708" // the upper half of the time first
                        "00000005"         // captured
                        "00000005"         // on the wire
                        "4500aabb"
                        "cc000000"
                        "00020004" // epb_flags
                        "00000002" // outbound
                        "00000000"
                        "00000034");
}

TEST_CASE("an option longer than 65,535 bytes is cut") {
  buffer file;
  pcapng::put_section_header(file, "a", std::string(70'000, 'x'));
  CHECK(file.size() == get_u32(bytes(file).subspan(4)));
  CHECK(get_u16(bytes(file).subspan(26)) == 0xffff);
}

TEST_CASE("a TCP packet is that of the RFCs, byte for byte") {
  buffer packet;
  tcp_segment s{*endpoint::parse("192.0.2.2:40000"),
                *endpoint::parse("192.0.2.1:6881"),
                1,
                2,
                tcp_segment::ack,
                as_bytes("abc")};
  put_packet(packet, s);
  CHECK(to_hex(packet).substr(0, 20) == "4500002b000040004006");
  CHECK(to_hex(packet).substr(24) ==
        "c0000202c0000201"                           // from, to
        "9c401ae1"                                   // the ports
        "0000000100000002"                           // sequence, acknowledged
        "5010ffff"                                   // five words, ACK, window
            + to_hex(bytes(packet).subspan(36, 2)) + // checksum
            "0000"
            "616263");
  CHECK(test::read_ip(packet).intact);
  packet[41] = std::byte{0};
  CHECK_FALSE(test::read_ip(packet).intact); // the reader sees a wrong one
}

TEST_CASE("the checksums hold for IPv4 and IPv6, odd and even, with and without SYN") {
  for (char const* host : {"192.0.2.1:6881", "[2001:db8::1]:6881"})
    for (std::string_view text : {"", "a", "ab", "\xff\xff\xff"})
      for (std::uint8_t flags : {tcp_segment::syn, tcp_segment::ack}) {
        tcp_segment s{*endpoint::parse(host), {{}, 7}, 0xfffffff0, 5, flags};
        s.payload = as_bytes(text);
        buffer packet;
        put_packet(packet, s);
        captured_packet const read = test::read_ip(packet);
        CAPTURE(host, text, flags);
        CHECK(read.intact);
        CHECK(read.from == s.from);
        CHECK(as_text(read.payload) == text);
      }
}

TEST_CASE("a capture is a connection from SYN to FIN, at its times") {
  captured c;
  c.open();
  c.sent("hello");
  c.clock.advance_to(c.clock.now() + 1500ms);
  c.received("hi");
  c.written.ended(1, ending::remote_finished);
  c.written.ended(1, ending::closed);
  auto const all = c.packets();
  CHECK(flags_of(all) == std::vector<int>{syn, syn | ack, ack, psh | ack, psh | ack,
                                          fin | ack, ack, fin | ack, ack});
  CHECK(all[0].from == c.here);
  CHECK(all[0].to == c.there);
  CHECK(all[1].from == c.there);
  CHECK(all[3].number == 1);
  CHECK(all[4].acknowledged == 6); // SYN counts, and 5 bytes
  CHECK(all[5].number == 3);
  CHECK(all[6].acknowledged == 4); // FIN counts
  CHECK(all[3].at == 100'000'000'000);
  CHECK(all[4].at == 101'500'000'000);
  CHECK(c.said(outbound) == "hello");
  CHECK(c.said(inbound) == "hi");
  for (captured_packet const& p : all) CHECK(p.intact);
}

TEST_CASE("the peer that dialled sends the SYN") {
  captured c;
  c.open(false);
  auto const all = c.packets();
  REQUIRE(flags_of(all) == std::vector<int>{syn, syn | ack, ack});
  CHECK(all[0].from == c.there);
  CHECK(all[0].way == inbound);
  CHECK(all[1].way == outbound);
}

TEST_CASE("a block is cut into segments that fit, and every second one acknowledged") {
  for (char const* host : {"192.0.2.1:6881", "[2001:db8::1]:6881"}) {
    captured c;
    c.there = *endpoint::parse(host);
    c.here.address = c.there.address;
    c.open();
    buffer block(68 + 16'384);
    for (std::size_t i = 0; i < block.size(); ++i) block[i] = std::byte(i * 7 % 251);
    std::memcpy(&block[68], "\0\0\x40\0", 4); // one message
    block.resize(68 + 4 + 0x4000);
    c.sent(block);
    std::uint32_t next = 1, unacknowledged = 0;
    std::size_t most = 0;
    for (captured_packet const& p : c.packets()) {
      CHECK(p.intact);
      most = std::max(most, p.size);
      if (p.way == inbound) unacknowledged = 0;
      if (p.way == inbound && !(p.flags & syn)) CHECK(p.acknowledged == next);
      if (p.payload.empty()) continue;
      CHECK(p.number == next);
      next += static_cast<std::uint32_t>(p.payload.size());
      CHECK(++unacknowledged <= 2);
    }
    CHECK(most == 1500);
    CHECK(c.said(outbound) == as_text(block));
  }
}

TEST_CASE("a segment ends in no message's first five bytes") {
  buffer said(68); // a handshake
  append(said, *from_hex("00000003140001"
                         "00000000"
                         "0000000502000000ff"));
  auto const sizes = [&said](std::size_t most) {
    segment_cut cut;
    std::vector<std::size_t> all;
    bytes rest = said;
    while (std::size_t const size = cut.next(rest, most)) {
      all.push_back(size);
      rest = rest.subspan(size);
    }
    return all;
  };
  using list = std::vector<std::size_t>;
  CHECK(sizes(200) == list{88});
  CHECK(sizes(68) == list{68, 20});
  for (std::size_t most : {69, 70, 71, 72}) CHECK(sizes(most) == list{68, 20});
  CHECK(sizes(73) == list{73, 15});
  CHECK(sizes(75) == list{75, 13});
  for (std::size_t most : {76, 77, 78}) CHECK(sizes(most) == list{75, 13});
  CHECK(sizes(79) == list{79, 9}); // a keep-alive is whole
  for (std::size_t most : {80, 81, 82, 83}) CHECK(sizes(most) == list{79, 9});
  CHECK(sizes(84) == list{84, 4});
}

TEST_CASE("the beginning of a message waits for its type, or for the end") {
  captured c;
  c.open();
  std::string const hello(68, 'h');
  c.received(hello);
  c.received(std::string_view("\0\0\0\1", 4));
  CHECK(c.said(inbound) == hello);
  c.received("\1");
  CHECK(c.said(inbound) == hello + std::string("\0\0\0\1\1", 5));
  c.received(std::string_view("\0\0", 2));
  c.written.ended(1, ending::remote_finished);
  CHECK(c.said(inbound) == hello + std::string("\0\0\0\1\1\0\0", 7));
  CHECK(flags_of(c.packets()).back() == ack);
}

TEST_CASE("buffers that are written together are one run of bytes") {
  captured c;
  c.open();
  bytes const both[] = {as_bytes("head"), as_bytes("block")};
  c.written.sent(1, both);
  CHECK(c.packets().size() == 4);
  CHECK(c.said(outbound) == "headblock");
}

TEST_CASE("a connection that breaks ends with RST, and nothing follows") {
  captured c;
  c.open();
  c.sent("hello");
  c.written.ended(1, ending::broken);
  c.written.ended(1, ending::closed);
  CHECK(flags_of(c.packets()).back() == (rst | ack));
  CHECK(c.packets().size() == 5);
}

TEST_CASE("the conversation with a tracker is in it, without passwords and passkeys") {
  captured c;
  c.open();
  c.sent("GET /0123456789abcdef01/announce?info_hash=%01&peer_id=a&port=1&uid=77 HTTP/1.1"
         "\r\n"
         "Authorization: Basic dTpw\r\n\r\n");
  c.received("HTTP/1.1 302 Found\r\nLocation: http://u:pw@t/?pass");
  CHECK(c.said(inbound).empty()); // a part of a secret is not seen to be one
  c.received("key=geheim\r\n\r\nbody");
  c.received(" Location: http://name:word@t/");
  CHECK(c.said(outbound) ==
        "GET /xxxxxxxxxxxxxxxxxx/announce?info_hash=%01&peer_id=a&port=1&uid=xx HTTP/1.1"
        "\r\n"
        "Authorization: Basic xxxx\r\n\r\n");
  CHECK(c.said(inbound) ==
        "HTTP/1.1 302 Found\r\nLocation: http://xxxx@t/?passkey=xxxxxx\r\n\r\nbody "
        "Location: http://name:word@t/"); // a body is no head
}

TEST_CASE("an interim answer hides no secret of the answer after it") {
  for (bool at_once : {true, false}) {
    captured c;
    c.open();
    c.sent(announce);
    std::string const early = "HTTP/1.1 103 Early Hints\r\nLocation: //u:p@t/\r\n\r\n";
    std::string const late = "HTTP/1.1 302 Found\r\nLocation: /?passkey=geheim\r\n\r\n";
    if (!at_once) c.received(early);
    c.received(at_once ? early + late : late);
    CHECK(c.said(inbound) == "HTTP/1.1 103 Early Hints\r\nLocation: //xxx@t/\r\n\r\n"
                             "HTTP/1.1 302 Found\r\nLocation: /?passkey=xxxxxx\r\n\r\n");
  }
}

TEST_CASE("an answer that repeats the secrets of the question is masked, in any reads") {
  std::string const answer =
      "HTTP/1.1 404 Not Found\r\nX-Path: /0123456789abcdef01\r\n\r\n"
      "no /0123456789abcdef01/, me:a geheim, bWU6YSBnZWhlaW0= 0123";
  for (std::size_t size : {1, 7, 1000}) {
    CAPTURE(size);
    captured c;
    c.open();
    c.sent(
        "GET /0123456789abcdef01/announce?info_hash=%01&peer_id=a&port=1&uid=7 HTTP/1.1"
        "\r\nAuthorization: Basic bWU6YSBnZWhlaW0=\r\n\r\n");
    for (std::size_t at = 0; at < answer.size(); at += size)
      c.received(std::string_view(answer).substr(at, size));
    std::string const all =
        "HTTP/1.1 404 Not Found\r\nX-Path: /xxxxxxxxxxxxxxxxxx\r\n\r\n"
        "no /xxxxxxxxxxxxxxxxxx/, xxxxxxxxxxx, xxxxxxxxxxxxxxxx 0123";
    CHECK(c.said(inbound) == all.substr(0, all.size() - 4)); // is it one that begins?
    c.written.ended(1, ending::remote_finished);
    CHECK(c.said(inbound) == all); // it was none
    c.written.ended(1, ending::closed);
    CHECK(c.said(inbound) == all);
  }
}

TEST_CASE(
    "a connection that we dialled is dated when it stood, but after what is written") {
  captured c;
  c.open();
  c.clock.advance_to(c.clock.now() + 2s);
  c.sent("hello");
  auto all = c.packets();
  REQUIRE(all.size() == 4);
  CHECK(all[0].at == 100'000'000'000);
  CHECK(all[2].at == 100'000'000'000);
  CHECK(all[3].at == 102'000'000'000);
  c.written.opened(2, c.here, c.there, true); // at 102 s
  c.clock.advance_to(c.clock.now() + 1s);
  c.received("hi"); // at 103 s
  c.clock.advance_to(c.clock.now() + 1s);
  bytes const hello = as_bytes("hello");
  c.written.sent(2, {&hello, 1});
  all = c.packets();
  REQUIRE(all.size() == 9);
  CHECK(all[5].at == 103'000'000'000);
  CHECK(all[8].at == 104'000'000'000);
}

TEST_CASE("an answer that ends in its head is in the capture as far as it came") {
  captured c;
  c.open();
  c.sent(announce);
  c.received("HTTP/1.1 200 OK\r\nContent-");
  c.written.ended(1, ending::remote_finished);
  CHECK(c.said(inbound) == "HTTP/1.1 200 OK\r\nContent-");
}

TEST_CASE("the download of a .torrent is left out: it may hold a passkey anywhere") {
  captured c;
  c.open();
  std::string_view const url = GENERATE("/a.torrent", "/a?info_hash=0123456789abcdef01",
                                        "/a?info_hash=1&xpeer_id=2&support=3");
  c.sent("GET " + std::string(url) + " HTTP/1.1\r\n\r\n");
  c.received("HTTP/1.1 200 OK\r\n\r\nd8:announce30:http://t/0123456789abcdef01/ann");
  c.written.ended(1, ending::closed);
  CHECK(c.file.empty());
}

TEST_CASE("a peer that says GET is no web server: nothing of it is masked") {
  captured c;
  c.open(false);
  c.received("GET /0123456789abcdef01/ HTTP/1.1\r\n\r\n");
  c.sent("GET /0123456789abcdef01/ HTTP/1.1\r\n\r\n");
  CHECK(c.said(inbound) == c.said(outbound));
}

TEST_CASE("a capture that may not go on is left as it is, and asks no more") {
  captured c;
  c.open();
  c.sent("hello");
  buffer const before = c.file;
  c.most = c.file.size() + 100;
  c.sent(std::string(5000, 'x'));
  c.most = ~std::size_t{0};
  c.sent("more");
  c.written.opened(2, c.here, c.there, false);
  c.written.ended(1, ending::closed);
  CHECK(c.file == before);
}

TEST_CASE("only the owner of a capture can read it") {
  test::temporary_folder desk;
  captured c; // for its clock
  cli::capture_file file(desk / "a.pcapng", 0, c.clock);
  using std::filesystem::perms;
  CHECK(std::filesystem::status(desk / "a.pcapng").permissions() ==
        (perms::owner_read | perms::owner_write));
}

TEST_CASE("download --pcap writes a new file, and says when it cannot") {
  test::temporary_folder desk;
  desk.put("perro.jpg", std::string(50'000, 'p'));
  REQUIRE(test::cotorra_says({"create", desk / "perro.jpg", "-o", desk / "a.torrent"})
              .status == 0);
  auto const download = [&](std::vector<std::string> const& more) {
    std::vector<std::string> words{"download", desk / "a.torrent", "-o",
                                   desk / "",  "--listen",         "127.0.0.1:0"};
    words.insert(words.end(), more.begin(), more.end());
    return test::cotorra_says(words);
  };
  CHECK(download({"--pcap", desk / "a.pcapng"}).status == 0);
  CHECK_FALSE(std::filesystem::exists(desk / "a.pcapng"));    // nothing was captured
  auto const over = download({"--pcap", desk / "perro.jpg"}); // the file that is shared
  CHECK(over.status == 1);
  CHECK_THAT(over.err, ContainsSubstring("exists already: name another file for the"));
  CHECK(std::filesystem::file_size(desk / "perro.jpg") == 50'000);
  auto const failed = download({"--pcap", desk / "no/such/folder/a.pcapng"});
  CHECK(failed.status == 1);
  CHECK_THAT(failed.err, ContainsSubstring("the capture cannot be written there"));
  CHECK(download({"--pcap", desk / "b.pcapng", "--pcap-limit", "much"}).status == 2);
  CHECK_FALSE(std::filesystem::exists(desk / "b.pcapng"));
  CHECK(download({"--pcap-limit", "1M"}).status == 2); // of which file?
}
