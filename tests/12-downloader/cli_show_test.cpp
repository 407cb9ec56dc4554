// show --bytes and --html: every byte has one owner, whatever is in the file.
#include "12-downloader/cli_support.hpp"
#include "support/catch.hpp"
#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>

using namespace cotorra;
using Catch::Matchers::ContainsSubstring;
using nlohmann::json;
using test::content_of;
using test::cotorra_says;
using test::temporary_folder;
using namespace std::string_literals;
namespace fs = std::filesystem;

namespace {

fs::path const root = COTORRA_ROOT;

std::vector<fs::path> files_below(fs::path const& folder) {
  std::vector<fs::path> found;
  for (auto const& entry : fs::recursive_directory_iterator(folder))
    if (entry.is_regular_file()) found.push_back(entry.path());
  std::sort(found.begin(), found.end());
  return found;
}

std::vector<fs::path> captures() {
  auto found = files_below(root / "chapters");
  std::erase_if(found, [](fs::path const& f) {
    return f.extension() != ".torrent" && f.extension() != ".bin";
  });
  return found;
}

bool one_sentence(std::string const& err) {
  return err.starts_with("cotorra: ") && err.find('\n') == err.size() - 1;
}

// Either all is explained, or there is one sentence, status 1, and the rest is left over.
void check_owners(std::string const& path) {
  INFO(path);
  std::string const content = content_of(path);
  auto const r = cotorra_says({"show", path, "--bytes", "--json"});
  if (r.status != 0) {
    CHECK(r.status == 1);
    CHECK(one_sentence(r.err));
  }
  if (r.out.empty()) {
    CHECK(r.status == 1);
    return;
  }
  json const facts = json::parse(r.out);
  std::size_t next = 0;
  bool left_over = false;
  for (json const& row : facts["bytes"]) {
    CHECK(row["offset"] == next);
    CHECK(row["length"] > 0);
    CHECK_FALSE(row["name"].get<std::string>().empty());
    next += row["length"].get<std::size_t>();
    left_over = left_over || row["name"] == "left over";
  }
  CHECK(next == content.size());
  if (left_over) CHECK(r.status == 1);
}

std::string bytes_of(std::string const& path) {
  auto const r = cotorra_says({"show", "--bytes", path});
  CHECK(r.err == "");
  CHECK(r.status == 0);
  return r.out;
}

constexpr char const* hostile = "d4:infod6:lengthi1e4:name33:</td><script>alert(1)"
                                "</script>\"'x12:piece lengthi16384e6:pieces20:"
                                "aaaaaaaaaaaaaaaaaaaaee";

} // namespace

TEST_CASE("every byte of each capture of the course is explained") {
  auto const files = captures();
  CHECK(files.size() >= 9);
  for (fs::path const& f : files) {
    check_owners(f.string());
    CHECK_THAT(bytes_of(f.string()), !ContainsSubstring("left over"));
  }
}

TEST_CASE("every file of the fuzzers' corpus has an owner for each byte, or a sentence") {
  auto const files = files_below(root / "tests/fuzz/corpus");
  CHECK(files.size() >= 30);
  for (fs::path const& f : files) check_owners(f.string());
}

TEST_CASE("cut anywhere or with a changed byte, a file still has owners for its bytes") {
  temporary_folder d;
  for (fs::path const& f : captures()) {
    std::string const whole = content_of(f.string());
    std::size_t const step = whole.size() / 40 + 1;
    for (std::size_t at = 1; at < whole.size(); at += step) {
      check_owners(d.put("cut", whole.substr(0, at)));
      std::string changed = whole;
      changed[at] = static_cast<char>(changed[at] ^ 0x15);
      check_owners(d.put("changed", changed));
      check_owners(d.put("longer", whole + whole.substr(0, at)));
    }
  }
}

TEST_CASE("an integer that no variable can hold is given no meaning") {
  temporary_folder d;
  std::string const shown =
      bytes_of(d.put("wide", "d13:creation datei99999999999999999999e4:infodee"));
  CHECK_THAT(shown, ContainsSubstring("i99999999999999999999e"));
  CHECK_THAT(shown, !ContainsSubstring("1970-01-01"));
}

TEST_CASE("a handshake is shown field by field") {
  CHECK(bytes_of((root / "chapters/04-handshake/handshake.bin").string()) ==
        R"(handshake.bin: a handshake between peers, 68 bytes
   byte   size  hex                      field      value
      0      1  13                       pstrlen    19                   length of pstr: one byte, not two digits
      1     19  42 69 74 54 6f 72 72 ..  pstr       BitTorrent protocol  the name of the protocol
     20      8  00 00 00 00 00 00 00 04  reserved   0000000000000004     fast extension (BEP 6)
     28     20  7c 3b 4c f6 44 0d b3 ..  info_hash  7c3b4cf6440db391d48e0f86c29d5abf28d6333c  which torrent
     48     20  2d 43 4f 30 31 30 30 ..  peer_id    -CO0100-dF·.·e··]·0·  who speaks: cotorra 0.1.0
)");
}

TEST_CASE("a .torrent is shown token by token, with its info_hash") {
  CHECK(bytes_of((root / "chapters/01-bencode/tiny.torrent").string()) ==
        R"(tiny.torrent: a .torrent, 201 bytes
   byte   size  hex                      field                  value
      0      1  64                       metainfo               d                 dictionary, 4 keys
      1     10  38 3a 61 6e 6e 6f 75 ..    key                  8:announce        the tracker's URL
     11     38  33 35 3a 68 74 74 70 ..    announce             35:http://tracker.example.com/announce
     49     13  31 30 3a 63 72 65 61 ..    key                  10:created by     the program that made this file
     62     16  31 33 3a 6d 6b 74 6f ..    created by           13:mktorrent 1.1
     78     16  31 33 3a 63 72 65 61 ..    key                  13:creation date  in seconds since 1970
     94     12  69 31 37 34 38 37 39 ..    creation date        i1748799493e      2025-06-01 17:38:13 UTC
    106      6  34 3a 69 6e 66 6f          key                  4:info            what is shared; its SHA-1 is the info_hash
    112      1  64                         info                 d                 dictionary, 4 keys; info_hash 7c3b4cf6440db391d48e0f86c29d5abf28d6333c
    113      8  36 3a 6c 65 6e 67 74 68      key                6:length          of the file, in bytes
    121      7  69 36 35 37 30 33 65         length             i65703e           64.2 KiB
    128      6  34 3a 6e 61 6d 65            key                4:name            a name for the file or folder
    134     11  39 3a 70 65 72 72 6f ..      name               9:perro.jpg
    145     15  31 32 3a 70 69 65 63 ..      key                12:piece length   of every piece but the last, in bytes
    160      8  69 32 36 32 31 34 34 65      piece length       i262144e          256.0 KiB
    168      8  36 3a 70 69 65 63 65 73      key                6:pieces          the SHA-1 of each piece
    176      3  32 30 3a                     pieces             20:               the hashes of 1 piece, 20 bytes each
    179     20  2d 95 82 be 26 fb b1 ..        hash of piece 0  2d9582be26fbb12b93fc49ccbc25af537070dadf
    199      1  65                         end                  e                 of info; the info_hash is the SHA-1 of bytes 112-199
    200      1  65                       end                    e                 of metainfo
)");
}

TEST_CASE("six bytes become 127.0.0.1:6881") {
  std::string const shown = bytes_of((root / "chapters/03-tracker/answer.bin").string());
  CHECK_THAT(shown, ContainsSubstring("7f 00 00 01                  peer 1 address  "
                                      "127.0.0.1\n") &&
                        ContainsSubstring("1a e1                        peer 1 port"
                                          "     6881             0x1a * 256 + 0xe1\n"));
}

TEST_CASE("of many hashes the first and the last are shown, and all are in the JSON") {
  temporary_folder d;
  std::string const torrent =
      d.put("t", "d4:infod6:lengthi1638400e4:name1:x12:piece lengthi16384e6:pieces2000:" +
                     std::string(2000, 'a') + "ee");
  std::string const shown = bytes_of(torrent);
  CHECK_THAT(shown, ContainsSubstring("hash of piece 5 ") &&
                        ContainsSubstring("92 more of the kind") &&
                        ContainsSubstring("hash of piece 98 "));
  CHECK_THAT(shown, !ContainsSubstring("hash of piece 50 "));
  auto const r = cotorra_says({"show", "--bytes", "--json", torrent});
  CHECK_THAT(r.out, ContainsSubstring("hash of piece 50\""));
  CHECK_THAT(cotorra_says({"show", "--html", torrent}).out,
             ContainsSubstring("92 more of the kind") &&
                 !ContainsSubstring("hash of piece 50<"));
}

TEST_CASE("the bytes before an error are explained, the rest is left over") {
  temporary_folder d;
  auto const r =
      cotorra_says({"show", "--bytes", d.put("t", "d8:announce3:abc4:infodi3eee")});
  CHECK(r.status == 1);
  CHECK(one_sentence(r.err));
  CHECK_THAT(r.out, ContainsSubstring("3:abc") && ContainsSubstring("left over"));
}

TEST_CASE("keys out of order and duplicate keys are pointed out") {
  temporary_folder d;
  CHECK_THAT(bytes_of(d.put("t", "d4:infod4:name1:x6:lengthi1eee")),
             ContainsSubstring("out of order: keys must be sorted"));
  CHECK_THAT(bytes_of(d.put("t", "d4:infod4:name1:x4:name1:yee")),
             ContainsSubstring("a second time: keys must be unique"));
}

TEST_CASE("the mistakes that students make with a handshake are named") {
  temporary_folder d;
  auto const digits = cotorra_says(
      {"show", "--bytes", d.put("h", "19BitTorrent protocol" + std::string(48, 'x'))});
  CHECK(digits.status == 1);
  CHECK_THAT(digits.err, ContainsSubstring("19"));
  std::string const whole =
      content_of((root / "chapters/04-handshake/handshake.bin").string());
  auto const cut = cotorra_says({"show", "--bytes", d.put("c", whole.substr(0, 60))});
  CHECK(cut.status == 1);
  CHECK_THAT(cut.err, ContainsSubstring("ends after 60 of its 68 bytes"));
  CHECK_THAT(cut.out, ContainsSubstring("info_hash") && ContainsSubstring("left over"));
}

TEST_CASE("an info_hash in hex digits is caught in an announce") {
  temporary_folder d;
  std::string const request = "GET /announce?info_hash=" + std::string(40, 'a') +
                              "&peer_id=-CO0100-abcdefghijkl&port=1 HTTP/1.1\r\n\r\n";
  CHECK_THAT(bytes_of(d.put("r", request)), ContainsSubstring("40 bytes instead of 20"));
}

TEST_CASE("a chunked answer is shown chunk by chunk") {
  temporary_folder d;
  std::string const answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
                             "5\r\nhello\r\n0\r\n\r\n";
  CHECK_THAT(bytes_of(d.put("a", answer)), ContainsSubstring("chunk size") &&
                                               ContainsSubstring("hello") &&
                                               ContainsSubstring("the last one"));
}

TEST_CASE(
    "an answer whose length is huge or not a number gives a sentence and no crash") {
  temporary_folder d;
  auto const says = [&](std::string const& fields, std::string const& body) {
    auto const file = d.put("a", "HTTP/1.1 200 OK\r\n" + fields + "\r\n" + body);
    INFO(fields << body);
    check_owners(file);
    CHECK(cotorra_says({"show", "--html", file}).status == 1);
    auto const r = cotorra_says({"show", "--bytes", file});
    CHECK(r.status == 1);
    CHECK(one_sentence(r.err));
    return r.err;
  };
  auto const length = [&](std::string const& n) {
    return says("Content-Length: " + n + "\r\n", "d8:intervali1ee");
  };
  CHECK_THAT(
      length("18446744073709551615"),
      ContainsSubstring("the body is cut, 18,446,744,073,709,551,600 bytes missing"));
  CHECK_THAT(length("16"), ContainsSubstring("the body is cut, 1 byte missing"));
  CHECK_THAT(length("14"), ContainsSubstring("bencode"));
  for (std::string const no_size : {"-1", "99999999999999999999999", "15x"})
    CHECK_THAT(length(no_size),
               ContainsSubstring("Content-Length is no size: " + no_size));

  auto const chunks = [&](std::string const& body) {
    return says("Transfer-Encoding: chunked\r\n", body);
  };
  CHECK_THAT(chunks("ffffffffffffffff\r\nhello\r\n0\r\n\r\n"),
             ContainsSubstring("the chunk is cut, 18,446,744,073,709,551,603 bytes"));
  for (std::string const no_size : {"-1", "10000000000000000", "5y", ""})
    CHECK_THAT(chunks(no_size + "\r\na:b\r\n\r\n"),
               ContainsSubstring("byte 47: here a chunk should say its size"));
  CHECK_THAT(chunks("5\r\nhel"), ContainsSubstring("the chunk is cut, 2 bytes missing"));
  CHECK_THAT(chunks("5\r\nhello!\r\n"), ContainsSubstring("here the chunk should end"));
  CHECK_THAT(chunks("5\r\nhello\r\n"), ContainsSubstring("no chunk is the last"));
  CHECK_THAT(chunks("0\r\na:b\r\n"), ContainsSubstring("an empty line is missing"));
}

TEST_CASE("endless repetition is shown up to a limit") {
  temporary_folder d;
  auto const repeated = [](std::string const& what) {
    std::string all;
    for (std::size_t i = 0; i < 210'000; ++i) all += what;
    return all;
  };
  std::string const answer = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
  auto const check = [&](std::string const& content) {
    auto const r = cotorra_says({"show", "--bytes", d.put("f", content)});
    CHECK(r.status == 1);
    CHECK_THAT(r.err, ContainsSubstring(" fields and no more"));
    CHECK_THAT(r.out, ContainsSubstring("left over"));
  };
  check(repeated("\0\0\0\x01\x02"s));
  check(answer + repeated("1\na\n"));
  check(answer + "0\n" + repeated("a:b\n"));
  auto const facts = cotorra_says({"show", d.put("f", repeated("\0\0\0\x01\x02"s))});
  CHECK(facts.status == 1);
  CHECK_THAT(facts.err, ContainsSubstring("we tell 200,000 messages and no more"));
}

TEST_CASE("a file of zeros is not taken for keep-alives") {
  temporary_folder d;
  std::string const zeros = d.put("z", std::string(64 * 1024, '\0'));
  for (std::string const how : {"--bytes", "--html", "--json"}) {
    auto const r = cotorra_says({"show", how, zeros});
    CHECK(r.status == 1);
    CHECK_THAT(r.err, ContainsSubstring("nothing that we know"));
  }
  CHECK(cotorra_says({"show", d.put("k", "\0\0\0\0\0\0\0\0"s)}).status == 0);
}

TEST_CASE("facts of requests, answers and resume files are shown") {
  auto const says = [](std::string const& name) {
    auto const r = cotorra_says({"show", (root / "chapters" / name).string()});
    CHECK(r.status == 0);
    return r.out;
  };
  CHECK_THAT(says("03-tracker/request.bin"), ContainsSubstring("GET /announce"));
  CHECK_THAT(says("03-tracker/http-answer.bin"), ContainsSubstring("192.0.2.7:51413"));
  CHECK_THAT(says("07-pieces/resume.bin"), ContainsSubstring("3 of 5 verified"));
}

TEST_CASE("the page has every field, and text from strangers is never markup") {
  temporary_folder d;
  auto const r = cotorra_says({"show", "--html", d.put("<b>&.torrent", hostile)});
  REQUIRE(r.status == 0);
  CHECK_THAT(r.out, !ContainsSubstring("<script>alert") && !ContainsSubstring("<b>"));
  CHECK_THAT(r.out,
             ContainsSubstring("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&#39;"));
  CHECK_THAT(r.out, ContainsSubstring("&lt;b&gt;&amp;.torrent"));
  for (char const* outside : {"http://", "https://", "src=", "@import", "url("})
    CHECK_THAT(r.out, !ContainsSubstring(outside));
  for (std::size_t i = 0; i < 11; ++i) {
    CHECK_THAT(r.out, ContainsSubstring("id=\"f" + std::to_string(i) + "\""));
    CHECK_THAT(r.out, ContainsSubstring("id=\"b" + std::to_string(i) + "\""));
  }
}

TEST_CASE("the page goes to a file, and replaces one only when told to") {
  temporary_folder d;
  std::string const torrent = d.put("t", hostile), page = d / "page.html";
  auto const r = cotorra_says({"show", "--html", torrent, "-o", page});
  CHECK(r.status == 0);
  CHECK_THAT(r.out, ContainsSubstring("Written: "));
  CHECK_THAT(content_of(page), ContainsSubstring("<!doctype html>"));
  CHECK(cotorra_says({"show", "--html", torrent, "-o", page}).status == 1);
  CHECK(cotorra_says({"show", "--html", torrent, "-o", page, "--force"}).status == 0);
  CHECK(cotorra_says({"show", "--bytes", torrent, "-o", page}).status == 2);
  CHECK(cotorra_says({"show", "--html", "--json", torrent}).status == 2);
}

TEST_CASE("a page of a damaged file says so and shows the rest") {
  temporary_folder d;
  auto const r = cotorra_says({"show", "--html", d.put("t", "d8:announce3:abc4:in")});
  CHECK(r.status == 1);
  CHECK(one_sentence(r.err));
  CHECK_THAT(r.out, ContainsSubstring("role=\"alert\"") && ContainsSubstring("k bad"));
}

TEST_CASE("show knows a trace: every event in words, every line a field") {
  temporary_folder d;
  std::string const trace =
      R"({"time":0.25,"event":"opened","connection":1,"peer":"10.1.0.2:6881","we_dialled":true})"
      "\n"
      R"({"time":0.5,"event":"sent","connection":1,"message":"have","piece":7,"size":9,"hex":"00"})"
      "\n"
      R"({"time":2,"node":"A","event":"piece","info_hash":"00","piece":7,"what":"verified"})"
      "\n";
  std::string const file = d.put("t.jsonl", trace);
  auto const r = cotorra_says({"show", file});
  CHECK(r.status == 0);
  CHECK_THAT(r.out, ContainsSubstring("A trace: 3 events and 1 connection in 2.0 s"));
  CHECK_THAT(r.out, ContainsSubstring("opened    10.1.0.2:6881, we dialled"));
  CHECK_THAT(r.out, ContainsSubstring("sent      have: piece 7\n"));
  CHECK_THAT(r.out, ContainsSubstring("piece     7 verified"));
  json const facts = json::parse(cotorra_says({"show", file, "--json"}).out);
  CHECK(facts["kind"] == "trace");
  CHECK(facts["events"].size() == 3);
  json const map = json::parse(cotorra_says({"show", file, "--bytes", "--json"}).out);
  REQUIRE(map["bytes"].size() == 3);
  CHECK(map["bytes"][2]["name"] == "piece");
  CHECK(map["size"] == trace.size());
}

TEST_CASE("show says where a trace is damaged, and shows what comes before") {
  temporary_folder d;
  std::string const first = R"({"time":0.25,"event":"closed","reason":"x"})";
  auto const cut = cotorra_says({"show", d.put("cut", first + "\n{\"time\":1,")});
  CHECK(cut.status == 1);
  CHECK_THAT(cut.out, ContainsSubstring("closed    x"));
  CHECK_THAT(cut.err, ContainsSubstring("byte " + std::to_string(first.size() + 1) +
                                        ": the last line is cut"));
  auto const wrong = cotorra_says({"show", d.put("w", first + "\n\nnonsense\n" + first)});
  CHECK_THAT(wrong.err, ContainsSubstring("byte " + std::to_string(first.size() + 2) +
                                          ": this line is no event of a trace"));
  std::string const deep =
      first + "\n{\"time\":1,\"event\":\"x\",\"y\":" + std::string(200'000, '[') +
      std::string(200'000, ']') + "}\n";
  CHECK(cotorra_says({"show", d.put("deep", deep), "--json"}).status == 0);
}

TEST_CASE("a packet to a UDP tracker is known by itself, its answer by --as") {
  temporary_folder d;
  auto const show = [&](std::string const& packet, std::vector<std::string> more = {}) {
    more.insert(more.begin(), {"show", d.put("packet.bin", packet), "--bytes"});
    auto const r = cotorra_says(more);
    CHECK(r.status == 0);
    return r.out;
  };
  std::string const connect = "\0\0\4\x17\x27\x10\x19\x80\0\0\0\0\1\2\3\4"s;
  CHECK_THAT(show(connect), ContainsSubstring("a question to a UDP tracker, 16 bytes") &&
                                ContainsSubstring("protocol_id") &&
                                ContainsSubstring("connect"));
  std::string const announce =
      "\x80\1\2\3\4\5\6\7\0\0\0\1\1\2\3\4"s + std::string(20, 'h') +
      "-CT0001-abcdefghijkl" + std::string(24, '\0') + "\0\0\0\2"s +
      std::string(8, '\0') + "\xff\xff\xff\xff\x1a\xe1" + "\2\2/a\1\0"s;
  CHECK_THAT(show(announce), ContainsSubstring("started") && ContainsSubstring("6881") &&
                                 ContainsSubstring("-1: as you like") &&
                                 ContainsSubstring("URLData") && ContainsSubstring("/a"));
  std::string const scrape = "\x80\1\2\3\4\5\6\7\0\0\0\2\1\2\3\4"s + std::string(40, 'h');
  CHECK_THAT(show(scrape), ContainsSubstring("scrape"));
  CHECK_THAT(show("\0\0\0\0\1\2\3\4\x80\0\0\0\0\0\0\1"s, {"--as", "udp-tracker"}),
             ContainsSubstring("connection_id"));
  std::string const head = "\0\0\0\1\1\2\3\4\0\0\7\x08\0\0\0\2\0\0\0\3"s;
  CHECK_THAT(show(head + "\x7f\0\0\1\x1a\xe1"s, {"--as", "udp-tracker"}),
             ContainsSubstring("127.0.0.1") && ContainsSubstring("1800"));
  CHECK_THAT(show(head + std::string(15, '\0') + "\1\x1a\xe1"s, {"--as", "udp-tracker6"}),
             ContainsSubstring("::1"));
  CHECK_THAT(show("\0\0\0\3\1\2\3\4no"s, {"--as", "udp-tracker"}),
             ContainsSubstring("why it says no"));
  CHECK_THAT(show("\0\0\0\2\1\2\3\4\0\0\0\1\0\0\0\2\0\0\0\3"s, {"--as", "udp-tracker"}),
             ContainsSubstring("completed"));
}

TEST_CASE("a packet of a UDP tracker that is cut short, or is none, is one sentence") {
  temporary_folder d;
  for (std::size_t size : {1u, 7u, 9u, 15u, 19u, 100u}) {
    auto const path = d.put("packet.bin", std::string(size, '\1'));
    INFO(size);
    auto const r = cotorra_says({"show", path, "--as", "udp-tracker"});
    CHECK(r.status == 1);
    CHECK(one_sentence(r.err));
  }
}

TEST_CASE("the facts of an announce over UDP leave out the passkey") {
  temporary_folder d;
  std::string const data = "/0123456789abcdef0123456789/announce?key=secret";
  std::string const announce = "\x80\1\2\3\4\5\6\7\0\0\0\1\1\2\3\4"s +
                               std::string(80, '\0') + "\x1a\xe1" + "\2" +
                               static_cast<char>(data.size()) + data;
  auto const r = cotorra_says({"show", d.put("packet.bin", announce)});
  CHECK(r.status == 0);
  CHECK_THAT(r.out, ContainsSubstring("0123.../announce") &&
                        !ContainsSubstring("secret") && !ContainsSubstring("456789"));
}
