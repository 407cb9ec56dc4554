// create, verify, show and magnet on files that are good, damaged, or not there.
#include "12-downloader/cli_support.hpp"
#include "base/sha.hpp"
#include "cli/own_files.hpp"
#include "support/catch.hpp"
#include "support/not_root.hpp"
#include <nlohmann/json.hpp>
#include <sys/resource.h>
#include <unistd.h>

using namespace cotorra;
using Catch::Matchers::ContainsSubstring;
using nlohmann::json;
using test::content_of;
using test::cotorra_says;
using test::temporary_folder;

namespace {

// A folder of two files in three pieces, and its .torrent.
struct shared_folder : temporary_folder {
  shared_folder() {
    put("share/a.bin", std::string(40000, 'a'));
    put("share/b.txt", "hi");
    auto const r = cotorra_says({"create", *this / "share", "-o", torrent, "-a",
                                 "http://127.0.0.1:1/announce", "--piece-length", "16K"});
    REQUIRE(r.err == "");
    REQUIRE(r.status == 0);
  }
  std::string const torrent = *this / "t.torrent";
};

void check_refused(std::vector<std::string> const& words, std::string const& sentence) {
  auto const r = cotorra_says(words);
  CHECK(r.status == 1);
  CHECK_THAT(r.err, ContainsSubstring(sentence));
  CHECK(r.err.find('\n') == r.err.size() - 1);
}

} // namespace

TEST_CASE("the same options give the same bytes") {
  shared_folder d;
  std::string const again = d / "again.torrent";
  CHECK(cotorra_says({"create", d / "share", "-o", again, "-a",
                      "http://127.0.0.1:1/announce", "--piece-length", "16384"})
            .status == 0);
  CHECK(content_of(again) == content_of(d.torrent));
}

TEST_CASE("create says what it wrote") {
  shared_folder d;
  auto const r = cotorra_says({"create", d / "share/a.bin", "-o", d / "a.torrent", "-a",
                               "http://a/x,http://b/x", "-a", "udp://c:1", "--private",
                               "--creation-date", "1", "--json"});
  REQUIRE(r.status == 0);
  json const facts = json::parse(r.out);
  CHECK(facts["name"] == "a.bin");
  CHECK(facts["size"] == 40000);
  CHECK(facts["private"] == true);
  CHECK(facts["trackers"] == json{{"http://a/x", "http://b/x"}, {"udp://c:1"}});
}

TEST_CASE("create replaces a file only when told to") {
  shared_folder d;
  check_refused({"create", d / "share", "-o", d.torrent}, "exists already");
  CHECK(cotorra_says({"create", d / "share", "-o", d.torrent, "--force"}).status == 0);
}

TEST_CASE("a link that leads nowhere is replaced only when told to") {
  shared_folder d;
  std::filesystem::path const link = d / "link", away = d / "away";
  std::filesystem::create_symlink(away, link);
  check_refused({"create", d / "share", "-o", link}, "exists already");
  check_refused({"show", "--html", d.torrent, "-o", link}, "exists already");
  CHECK(std::filesystem::is_symlink(link));
  CHECK(cotorra_says({"create", d / "share", "-o", link, "--force"}).status == 0);
  CHECK_FALSE(std::filesystem::is_symlink(link));
  CHECK_FALSE(std::filesystem::exists(away));
}

TEST_CASE("a command never replaces or changes the file that it reads") {
  shared_folder d;
  std::string const source = d / "share/b.txt";
  for (std::string const& name : {source, (d / "share/../share/b.txt").string()})
    check_refused({"create", source, "-o", name, "--force"}, "is the file to read");
  std::filesystem::create_symlink(source, d / "link");
  check_refused({"create", d / "link", "-o", source, "--force"}, "is the file to read");
  CHECK(content_of(source) == "hi");
  for (std::string const name : {"share/x.torrent", "share/a.bin", "share/../share/x"})
    check_refused({"create", d / "share", "-o", d / name, "--force"},
                  "is inside the folder to read");
  std::filesystem::create_directory_symlink(d / "share", d / "other");
  check_refused({"create", d / "share", "-o", d / "other/x.torrent"},
                "is inside the folder");
  CHECK(cotorra_says({"create", d / "share", "-o", d / "share.torrent"}).status == 0);
  std::string const before = content_of(d.torrent);
  check_refused({"show", "--html", d.torrent, "-o", d.torrent, "--force"},
                "is the file to read");
  CHECK(content_of(d.torrent) == before);
}

TEST_CASE("show says once where its page cannot be written") {
  shared_folder d;
  auto const r = cotorra_says({"show", "--html", d.torrent, "-o", d / "no/x.html"});
  CHECK(r.err == "cotorra: " + (d / "no/x.html").string() +
                     ": there is no such folder to write it to\n");
}

TEST_CASE("a page that cannot be written is named, and leaves no file behind") {
  shared_folder d;
  rlimit before{};
  REQUIRE(::getrlimit(RLIMIT_FSIZE, &before) == 0);
  rlimit const tight{100, before.rlim_max};
  ::setrlimit(RLIMIT_FSIZE, &tight);
  auto const r = cotorra_says({"show", "--html", d.torrent, "-o", d / "x.html"});
  ::setrlimit(RLIMIT_FSIZE, &before);
  CHECK(r.status == 1);
  CHECK(r.err ==
        "cotorra: " + (d / "x.html").string() + ": cannot be written (File too large)\n");
  auto const left = std::filesystem::directory_iterator(d / "");
  CHECK(std::distance(begin(left), end(left)) == 2); // the folder and its .torrent
}

TEST_CASE("a download does not write to its own .torrent nor to its trace") {
  temporary_folder d;
  std::string const torrent = d / "t.torrent";
  d.put("made/t.torrent", std::string(40000, 'a'));
  REQUIRE(cotorra_says({"create", d / "made/t.torrent", "-o", torrent}).status == 0);
  std::string const before = content_of(torrent);
  check_refused({"download", torrent, "-o", d / ""}, "has a file of the same name");
  CHECK(content_of(torrent) == before);
  std::filesystem::create_directory(d / "got");
  for (std::string const verb : {"download", "seed"}) {
    std::vector<std::string> words{
        verb, torrent, "--trace", d / "got/t.torrent", "--listen", "127.0.0.1:0"};
    if (verb == "download") words.push_back("-o");
    words.push_back(d / "got");
    check_refused(words, "has a file of the same name");
    CHECK_FALSE(std::filesystem::exists(d / "got/t.torrent"));
  }
}

TEST_CASE("create refuses an impossible target or source") {
  shared_folder d;
  check_refused({"create", d / "share", "-o", d / "share"}, "is a folder");
  check_refused({"create", d / "share", "-o", d / "no/x.torrent"}, "no such folder");
  check_refused({"create", d / "share", "-o", d / "t.torrent/x"}, "is a file");
  check_refused({"create", d / "share", "-o", "/dev/full", "--force"},
                "not a plain file");
  check_refused({"create", d / "nothing", "-o", d / "x"}, "no such file or folder");
  CHECK_FALSE(std::filesystem::exists(d / "x"));
  CHECK(cotorra_says({"create", d / "share", "-o", d / "x", "--piece-length", "17K"})
            .status == 2);
}

TEST_CASE("create leaves nothing behind where it cannot write") {
  shared_folder d;
  d.put("locked/a", "a");
  auto const reading = static_cast<std::filesystem::perms>(0555);
  std::filesystem::permissions(d / "locked", reading);
  std::filesystem::permissions(d / "", reading);
  {
    test::not_root const other;
    check_refused({"create", d / "share", "-o", d / "locked/x.torrent"},
                  "cannot be written");
  }
  std::filesystem::permissions(d / "", std::filesystem::perms::owner_all);
  std::filesystem::permissions(d / "locked", std::filesystem::perms::owner_all);
  using entries = std::filesystem::directory_iterator;
  CHECK(std::distance(entries(d / "locked"), entries()) == 1);
}

TEST_CASE("verify accepts the download folder, the content, and renamed content") {
  shared_folder d;
  CHECK(cotorra_says({"verify", d.torrent, d / ""}).status == 0);
  CHECK(cotorra_says({"verify", d.torrent, d / "share"}).status == 0);
  std::filesystem::rename(d / "share", d / "renamed");
  auto const r = cotorra_says({"verify", d.torrent, d / "renamed"});
  CHECK(r.status == 0);
  CHECK_THAT(r.out, ContainsSubstring("Everything is right"));
}

TEST_CASE("verify finds one flipped byte and the file it is in") {
  shared_folder d;
  std::string content(40000, 'a');
  content[20000] = 'b';
  d.put("share/a.bin", content);
  auto const r = cotorra_says({"verify", d.torrent, d / "share", "--json"});
  CHECK(r.status == 1);
  json const facts = json::parse(r.out);
  CHECK(facts["right"] == false);
  CHECK(facts["good_pieces"] == 2);
  CHECK(facts["bad_pieces"] == json::array({json::array({1, 1})}));
  CHECK(facts["bad_files"][0]["path"] == "share/a.bin");
  CHECK(facts["bad_files"].size() == 1);
}

TEST_CASE("verify draws the pieces, 64 in a row") {
  shared_folder d;
  std::string content(40000, 'a');
  content[20000] = 'b';
  d.put("share/a.bin", content);
  CHECK_THAT(cotorra_says({"verify", d.torrent, d / "share", "--map"}).out,
             ContainsSubstring("\n       0  #.#\n"));
  d.put("long", std::string(65 * 16384, 'x'));
  REQUIRE(cotorra_says({"create", d / "long", "-o", d / "long.torrent", "--piece-length",
                        "16K", "-a", "http://t.example/announce"})
              .status == 0);
  CHECK_THAT(
      cotorra_says({"verify", d / "long.torrent", d / "long", "--map"}).out,
      ContainsSubstring("\n       0  " + std::string(64, '#') + "\n      64  #\n"));
}

TEST_CASE("verify lists the first few of many wrong pieces") {
  temporary_folder d;
  std::string content(200 * 16384, 'x');
  d.put("long", content);
  REQUIRE(cotorra_says({"create", d / "long", "-o", d / "long.torrent", "--piece-length",
                        "16K", "-a", "http://t.example/announce"})
              .status == 0);
  for (std::size_t i = 0; i < 200; i += 2) content[i * 16384] = 'y';
  d.put("long", content);
  auto const r = cotorra_says({"verify", d / "long.torrent", d / "long"});
  CHECK_THAT(r.out,
             ContainsSubstring("counted from 0: 0, 2, 4, 6, 8, 10, 12, 14 and 92 more"));
  CHECK(r.out.size() < 500);
  CHECK_THAT(r.out, ContainsSubstring("--repair"));
}

TEST_CASE("verify knows links and files in their place") {
  temporary_folder d;
  d.put("l.torrent",
        "d4:infod5:filesld6:lengthi2e4:pathl1:feed4:attr1:l6:lengthi0e4:pathl1:de12:"
        "symlink pathl1:feee4:name1:t12:piece lengthi16384e6:pieces20:" +
            std::string(as_text(sha1(as_bytes("hi")).view())) + "ee");
  d.put("t/f", "hi");
  CHECK_THAT(cotorra_says({"verify", d / "l.torrent", d / "t"}).out,
             ContainsSubstring("t/d: is missing"));
  std::filesystem::create_symlink("f", d / "t/d");
  CHECK(cotorra_says({"verify", d / "l.torrent", d / "t"}).status == 0);
  std::filesystem::remove(d / "t/d");
  d.put("t/d", "hi");
  CHECK_THAT(cotorra_says({"verify", d / "l.torrent", d / "t"}).out,
             ContainsSubstring("t/d: is not a link to f: move it away"));
}

TEST_CASE("verify draws no map with --json") {
  shared_folder d;
  auto const r = cotorra_says({"verify", d.torrent, d / "share", "--map", "--json"});
  CHECK(r.status == 2);
  CHECK_THAT(r.err, ContainsSubstring("--map excludes --json"));
}

TEST_CASE("verify names files that are missing, too short or too long") {
  shared_folder d;
  std::filesystem::remove(d / "share/b.txt");
  d.put("share/a.bin", std::string(39999, 'a'));
  auto const r = cotorra_says({"verify", d.torrent, d / "share"});
  CHECK(r.status == 1);
  CHECK_THAT(r.out, ContainsSubstring("a.bin: is 1 byte too short"));
  CHECK_THAT(r.out, ContainsSubstring("b.txt: is missing"));
  d.put("share/a.bin", std::string(40000, 'a'));
  d.put("share/b.txt", "high");
  CHECK_THAT(
      cotorra_says({"verify", d.torrent, d / "share"}).out,
      ContainsSubstring("b.txt: is 2 bytes too long\nTo repair it, download into the "
                        "same folder with --repair: it cuts what is too long."));
}

TEST_CASE("verify calls no file wrong for what another one lacks") {
  shared_folder d;
  std::filesystem::remove(d / "share/b.txt"); // piece 2 ends in it
  std::string const out = cotorra_says({"verify", d.torrent, d / "share"}).out;
  CHECK_THAT(out,
             ContainsSubstring("a.bin: piece 2 cannot be proven: another file lacks a "
                               "part of it"));
  CHECK_THAT(out, ContainsSubstring("it fetches only what is missing"));
  std::string content(40000, 'a');
  content[20000] = content[39999] = 'b';
  d.put("share/a.bin", content);
  CHECK_THAT(cotorra_says({"verify", d.torrent, d / "share"}).out,
             ContainsSubstring("a.bin: piece 1 is wrong"));
}

TEST_CASE("verify refuses a path that does not exist or is something else") {
  shared_folder d;
  check_refused({"verify", d.torrent, d / "nothing"}, "no such file or folder");
  check_refused({"verify", d.torrent, d.torrent}, "is one file, but the torrent is a");
}

TEST_CASE("a file that is not a .torrent is refused with one sentence") {
  shared_folder d;
  std::string const whole = content_of(d.torrent);
  std::string const cut = d.put("cut", whole.substr(0, whole.size() / 2));
  std::string const garbage = d.put("garbage", std::string(200, '\xA7'));
  std::string const empty = d.put("empty", "");
  std::string const large = d.put("large", std::string(11 * 1024 * 1024, 'd'));
  for (std::string const verb : {"magnet", "announce"}) {
    INFO(verb);
    check_refused({verb, cut}, "not a valid .torrent (byte");
    check_refused({verb, garbage}, "not a valid .torrent (byte 0");
    check_refused({verb, empty}, "not a valid .torrent");
    check_refused({verb, large}, "not a valid .torrent (byte 1");
    check_refused({verb, d / "share"}, "is a folder");
    check_refused({verb, d / "nothing"}, "there is no such file");
  }
}

TEST_CASE("show names every byte of a .torrent once") {
  shared_folder d;
  auto const r = cotorra_says({"show", d.torrent, "--bytes", "--json"});
  REQUIRE(r.status == 0);
  json const facts = json::parse(r.out);
  std::size_t next = 0;
  for (json const& row : facts["bytes"]) {
    CHECK(row["offset"] == next);
    next += row["length"].get<std::size_t>();
  }
  CHECK(next == content_of(d.torrent).size());
}

TEST_CASE("show lists unknown keys") {
  temporary_folder d;
  std::string const torrent =
      d.put("t", "d4:infod6:lengthi1e4:name1:x12:piece lengthi16384e6:pieces20:"
                 "aaaaaaaaaaaaaaaaaaaae7:x-mine!i7ee");
  CHECK_THAT(cotorra_says({"show", torrent}).out,
             ContainsSubstring("x-mine!") && ContainsSubstring("do not know this key"));
}

TEST_CASE("show knows a handshake with messages behind it") {
  temporary_folder d;
  using namespace std::string_literals;
  std::string const hello = "\x13"
                            "BitTorrent protocol\0\0\0\0\0\x10\0\x05"s +
                            std::string(20, 'h') + "-qB4500-abcdefghijkl";
  auto const r = cotorra_says({"show", d.put("h", hello + "\0\0\0\x05\x04\0\0\0\x07"s)});
  CHECK(r.status == 0);
  CHECK_THAT(r.out, ContainsSubstring("qBittorrent 4.5.0") &&
                        ContainsSubstring("fast extension") &&
                        ContainsSubstring("68  have: piece 7"));
  check_refused({"show", d.put("cut", hello.substr(0, 60))}, "cut: ");
}

TEST_CASE("show knows messages and says where they are cut") {
  temporary_folder d;
  using namespace std::string_literals;
  std::string const frames =
      "\0\0\0\x01\x02\0\0\0\x0D\x06\0\0\0\x01\0\0\x40\0\0\0\x40\0"s;
  CHECK_THAT(cotorra_says({"show", d.put("m", frames)}).out,
             ContainsSubstring("request: piece 1, begin 16384, length 16384"));
  check_refused({"show", d.put("cut", frames.substr(0, 10))}, "byte 5: the last message");
}

TEST_CASE("show knows a tracker's answer and its refusal") {
  temporary_folder d;
  using namespace std::string_literals;
  auto const r = cotorra_says({"show",
                               d.put("a", "d8:intervali60e5:peers6:\x7F\0\0\x01\x1A\xE1"
                                          "e"s),
                               "--json"});
  CHECK(json::parse(r.out)["peers"][0]["address"] == "127.0.0.1:6881");
  CHECK_THAT(cotorra_says({"show", d.put("no", "d14:failure reason3:no!e")}).out,
             ContainsSubstring("no!"));
}

TEST_CASE("show takes the answers that announce takes, and names their slips") {
  temporary_folder d;
  using namespace std::string_literals;
  std::string const peers = "5:peers6:\x7F\0\0\x01\x1A\xE1"s;
  auto const check = [&](std::string const& answer, std::string const& slip) {
    INFO(answer);
    for (std::string const& http :
         {""s, "HTTP/1.1 200 OK\r\nContent-Length: "s + std::to_string(answer.size()) +
                   "\r\n\r\n"}) {
      std::string const file = d.put("a", http + answer);
      for (std::string const how : {"--json", "--bytes"}) {
        auto const r = cotorra_says({"show", file, how});
        CHECK(r.status == 0);
        CHECK(r.err == "");
        CHECK_THAT(r.out, ContainsSubstring("127.0.0.1"));
      }
    }
    CHECK_THAT(cotorra_says({"show", d.put("a", answer)}).out, ContainsSubstring(slip));
  };
  std::string const plain = "d8:intervali60e" + peers + "e";
  check(plain + "\n", "1 byte after its end, at byte 31: they do not count");
  check(plain + "<!-- 0.01 s -->", "15 bytes after its end");
  check("\r\n" + plain, "2 bytes before it: they do not count");
  check("\xef\xbb\xbf" + plain + "\r\n", "3 bytes before it");
  check("d8:intervali060e" + peers + "e", "has a zero too many");
  check("d8:intervali99999999999999999999e" + peers + "e", "beyond 64 bits");
  auto const r = cotorra_says(
      {"show", d.put("cut", "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n" + plain)});
  CHECK(r.status == 0);
  CHECK_THAT(r.out, ContainsSubstring("the body is shorter than it says") &&
                        ContainsSubstring("127.0.0.1:6881"));
}

TEST_CASE("seed names both files of a torrent that it gets twice") {
  temporary_folder d;
  std::string const data = d.put("a", "hi"), one = d / "one.torrent",
                    two = d / "two.torrent";
  REQUIRE(cotorra_says({"create", data, "-o", one}).status == 0);
  std::filesystem::copy_file(one, two);
  check_refused({"seed", one, data, two, data, "--listen", "127.0.0.1:0"},
                "two.torrent: is the same torrent as " + one);
}

TEST_CASE("a long URL and a harmless query are no secrets") {
  temporary_folder d;
  d.put("a", "hi");
  std::string const url = "http://one.example/" + std::string(300, 'b') + "?lang=en";
  std::string const torrent = d / "t.torrent";
  auto const made = cotorra_says({"create", d / "a", "-o", torrent, "-a", url, "--json"});
  CHECK(json::parse(made.out)["trackers"][0][0] == url);
  auto const shown = cotorra_says({"show", torrent, "--json"});
  CHECK(json::parse(shown.out)["trackers"][0][0] == url);
  auto const link = cotorra_says({"magnet", torrent, "--json"});
  CHECK(json::parse(link.out)["trackers"][0] == url);
  CHECK(link.err.empty());
}

TEST_CASE("no password and no passkey is shown, nor part of a link") {
  temporary_folder d;
  d.put("a", "hi");
  std::string const torrent = d / "t.torrent";
  auto const made = cotorra_says(
      {"create", d / "a", "-o", torrent, "-a", "http://ann:pw4ann@one.example/announce",
       "-a", "http://two.example/0123456789abcdef0123/announce,http://three.example/a",
       "-a", "udp://four.example:1/announce?passkey=pw4ann", "--web-seed",
       "http://ann:pw4ann@seed.example/a", "--web-seed",
       "http://seed.example/holiday-2024-in-the-alps/", "--json"});
  auto const check_plain = [](std::string const& text) {
    for (std::string const secret : {"pw4ann", "0123456789abcdef0123"})
      CHECK_THAT(text, !ContainsSubstring(secret));
  };
  REQUIRE(made.status == 0);
  check_plain(made.out + made.err);
  for (std::string const how : {"--json", ""}) {
    std::vector<std::string> words{"show", torrent};
    if (!how.empty()) words.push_back(how);
    auto const r = cotorra_says(words);
    CHECK(r.status == 0);
    check_plain(r.out + r.err);
    for (std::string const host : {"one", "two", "three", "four", "seed"})
      CHECK_THAT(r.out, ContainsSubstring("//" + host + ".example"));
  }
  auto const link = cotorra_says({"magnet", torrent});
  check_plain(link.out + link.err);
  CHECK_THAT(link.out, ContainsSubstring("three.example%2Fa") &&
                           ContainsSubstring("holiday-2024-in-the-alps") &&
                           ContainsSubstring("http%3A%2F%2Fone.example%2Fannounce") &&
                           ContainsSubstring("seed.example%2Fa&") &&
                           !ContainsSubstring("two.example") &&
                           !ContainsSubstring("four.example"));
  CHECK_THAT(link.err, ContainsSubstring("http://one.example/announce: its user and "
                                         "password are left out") &&
                           ContainsSubstring("--secrets keeps it"));
  auto const whole = cotorra_says({"magnet", torrent, "--secrets", "--json"});
  CHECK(whole.err.empty());
  CHECK(json::parse(whole.out)["trackers"].size() == 4);
  CHECK_THAT(whole.out, ContainsSubstring("pw4ann"));
}

TEST_CASE("show says so when it does not know a file") {
  temporary_folder d;
  check_refused({"show", d.put("g", "\xA7\xA7\xA7\xA7\xA7")}, "nothing that we know");
  check_refused({"show", d.put("e", "")}, "not one byte");
  check_refused({"show", d.put("d", "d3:keyi01ee")}, "begins like bencode");
  check_refused({"show", d.put("b", "d3:keyi1ee")}, "neither a .torrent nor");
}

TEST_CASE("a host that cannot be reached is named") {
  shared_folder d;
  auto const r = cotorra_says({"announce", d.torrent});
  CHECK(r.status == 1);
  CHECK_THAT(r.out, ContainsSubstring("GET http://127.0.0.1:1/announce?info_hash="));
  CHECK_THAT(r.err, ContainsSubstring("http://127.0.0.1:1/announce"));
  check_refused({"handshake", "127.0.0.1:1", d.torrent},
                "127.0.0.1:1: no program listens");
}

TEST_CASE("output that cannot be written gives a sentence and no crash") {
  shared_folder d;
  std::ofstream full("/dev/full");
  std::streambuf* const real_out = std::cout.rdbuf(full.rdbuf());
  char const* const argv[] = {"cotorra", "magnet", d.torrent.c_str()};
  int const status = cli::run(3, argv);
  std::cout.clear();
  std::cout.rdbuf(real_out);
  CHECK(status == 1);
}

TEST_CASE("no torrent may have a file of the program as its content") {
  temporary_folder folder;
  auto const torrent = folder.put("a.torrent", "x");
  folder.put("b.bin", "x");
  std::filesystem::create_hard_link(torrent, folder / "other-name.bin");
  cli::own_files ours;
  ours.add(torrent);
  ours.add(folder / "no-such-trace.jsonl");
  CHECK_NOTHROW(ours.check_not_in(folder.path(), {"b.bin", "c.bin"}));
  CHECK_THROWS_WITH(ours.check_not_in(folder.path(), {"b.bin", "other-name.bin"}),
                    ContainsSubstring("a.torrent: the torrent has a file of the same"));
}
