// Bad .torrents, one test per shape: each is refused with one sentence that names the
// place and what to do.
#include "torrents.hpp"

using namespace cotorra;
using namespace cotorra::test;

namespace {

void check_refused(std::string const& text, std::string const& why,
                   metainfo::limits const& bounds = {}) {
  std::string const sentence = refusal(text, bounds);
  CHECK_THAT(sentence, Catch::Matchers::ContainsSubstring(why));
}

std::string without(std::string const& text, std::string const& part) {
  std::size_t const at = text.find(part);
  REQUIRE(at != text.npos);
  return std::string(text).erase(at, part.size());
}

} // namespace

TEST_CASE("the sentence says what and where and what to do") {
  CHECK(refusal(torrent(single("a", num(-1)))) ==
        "this is not a valid .torrent (byte 16: a length is negative): get it again from "
        "where it came from");
  CHECK(refusal("d1:ai+1ee") ==
        "this is not a valid .torrent (byte 5: the integer has a byte that is not a "
        "digit): get it again from where it came from");
}

TEST_CASE("a torrent cut anywhere is refused") {
  std::string const whole = torrent(multi(file({"a"})), "8:announce3:one");
  for (std::size_t cut = 0; cut < whole.size(); ++cut) {
    INFO("cut at " << cut);
    CHECK_THROWS_AS(read(whole.substr(0, cut)), input_error);
  }
}

TEST_CASE("an empty file is refused") { check_refused("", "byte 0"); }
TEST_CASE("a web page is refused") { check_refused("<!DOCTYPE html>", "byte 0"); }
TEST_CASE("data in front of the beginning is refused") {
  check_refused("\n" + torrent(single()), "byte 0");
  check_refused("\xEF\xBB\xBF" + torrent(single()), "byte 0");
}
TEST_CASE("data behind an info dictionary that peers send is refused") {
  std::string const info = single() + "\n";
  CHECK_THROWS_AS(metainfo::decode_info(as_bytes(info)), input_error);
}
TEST_CASE("a list instead of a dictionary is refused") {
  check_refused("le", "must be a dictionary");
}
TEST_CASE("a missing info is refused") { check_refused("de", "'info' is missing"); }
TEST_CASE("an info that is no dictionary is refused") {
  check_refused(torrent("i1e"), "'info' must be a dictionary");
}

TEST_CASE("a missing name is refused") {
  check_refused(without(torrent(single()), "4:name5:a.txt"), "'name' is missing");
}
TEST_CASE("a name that is no string is refused") {
  std::string text = torrent(single());
  check_refused(text.replace(text.find("5:a.txt"), 7, "i1e"), "'name' must be a string");
}

TEST_CASE("a missing piece length is refused") {
  check_refused(without(torrent(single()), "12:piece lengthi32e"),
                "'piece length' is missing");
}
TEST_CASE("a piece length that is no integer is refused") {
  check_refused(torrent(single("a", num(40), "2:32")),
                "'piece length' must be an integer");
}
TEST_CASE("a piece length of zero or less or beyond all sense is refused") {
  for (std::int64_t n :
       {std::int64_t{0}, std::int64_t{-1}, std::int64_t{1} << 30, INT64_MAX})
    check_refused(torrent(single("a", num(40), num(n))), "is not possible");
}

TEST_CASE("a piece length of one byte and one of 512 MiB are possible") {
  CHECK(read(torrent(single("a", num(3), num(1), hashes(3)))).piece_length == 1);
  std::int64_t const most = 512 << 20;
  CHECK(read(torrent(single("a", num(3), num(most), hashes(1)))).piece_length == most);
  check_refused(torrent(single("a", num(3), num(most + 1), hashes(1))),
                "is not possible");
}

TEST_CASE("missing pieces are refused") {
  check_refused(without(torrent(single()), "6:pieces" + hashes(2)),
                "'pieces' is missing");
}
TEST_CASE("pieces that are no string are refused") {
  check_refused(torrent(single("a", num(40), num(32), "i1e")),
                "'pieces' must be a string");
}
TEST_CASE("pieces of a length that is no multiple of 20 are refused") {
  check_refused(torrent(single("a", num(40), num(32), str(std::string(39, '#')))),
                "not a multiple of 20");
}
TEST_CASE("too few and too many pieces are refused") {
  for (std::size_t count : {0, 1, 3}) {
    INFO("the files need 2 piece hashes, and there are " << count);
    std::string const text = torrent(single("a", num(40), num(32), hashes(count)));
    std::size_t const at = text.find("6:pieces") + 8; // the words behind it are free
    check_refused(text, "not a valid .torrent (byte " + std::to_string(at) + ": ");
  }
}

TEST_CASE("a missing length is refused") {
  check_refused(without(torrent(single()), "6:lengthi40e"), "'length' or 'files'");
}
TEST_CASE("a length that is no integer is refused") {
  check_refused(torrent(single("a", "2:40")), "'length' must be an integer");
}
TEST_CASE("a negative length is refused") {
  check_refused(torrent(single("a", num(-40))), "negative");
  check_refused(torrent(multi(file({"a"}, 50) + file({"b"}, -40))), "negative");
}
TEST_CASE("a torrent of no bytes is refused") {
  check_refused(torrent(single("a", num(0), num(32), hashes(0))), "no bytes at all");
  check_refused(torrent(multi("")), "no bytes at all");
}
TEST_CASE("lengths whose sum overflows are refused") {
  check_refused(torrent(multi(file({"a"}, INT64_MAX) + file({"b"}, 1))),
                "add up to too much");
  std::string const most = torrent(single("a", num(INT64_MAX))); // and 2 piece hashes
  std::size_t const at = most.find("6:pieces") + 8;
  check_refused(most, "not a valid .torrent (byte " + std::to_string(at) + ": ");
}

TEST_CASE("files that are no list are refused") {
  check_refused(torrent("d5:files1:x" + multi("").substr(10)), "'files' must be a list");
}
TEST_CASE("a file that is no dictionary is refused") {
  check_refused(torrent(multi("i1e")), "a file must be a dictionary");
}
TEST_CASE("a file without length is refused") {
  check_refused(torrent(multi("d4:pathl1:aee")), "no 'length'");
}
TEST_CASE("a file without path is refused") {
  check_refused(torrent(multi("d6:lengthi1ee")), "no 'path' list");
}
TEST_CASE("a path that is a string is refused") {
  check_refused(torrent(multi("d6:lengthi1e4:path1:ae")), "no 'path' list");
}
TEST_CASE("an empty path is refused") {
  check_refused(torrent(multi(file({}))), "a path is empty");
}
TEST_CASE("a path with an element that is no string is refused") {
  check_refused(torrent(multi("d6:lengthi1e4:pathli1eee")), "must be a string");
}
TEST_CASE("a path that no disk can hold is refused") {
  std::string const name(99, 'd'); // with its slash 100 bytes
  path longest(40, name);          // and "tree" before them: 4,004
  longest.push_back(std::string(90, 'f'));
  CHECK(read(torrent(multi(file(longest)))).files[0].path_text().size() == 4095);
  longest.back() += 'f';
  check_refused(torrent(multi(file(longest))), "longer than any disk");
}
TEST_CASE("a path of many folders is read") {
  CHECK(read(torrent(multi(file(path(1000, "d"))))).files[0].path.size() == 1001);
}

TEST_CASE("a torrent for version 2 only is refused politely") {
  std::string const v2 =
      "d9:file treede12:meta versioni2e4:name1:a12:piece lengthi16384ee";
  check_refused(torrent(v2), "BEP 52");
}
TEST_CASE("a hybrid torrent is read as version 1") {
  CHECK(
      read(torrent("d6:lengthi40e12:meta versioni2e4:name1:a12:piece lengthi32e6:pieces" +
                   hashes(2) + "e"))
          .pieces.size() == 2);
}

TEST_CASE("a nesting bomb is refused") {
  check_refused(torrent(single(), "1:a" + std::string(100'000, 'l')), "nested deeper");
}

TEST_CASE("a torrent that reaches a limit and does not pass it is read") {
  std::string const two = torrent(multi(file({"a"}) + file({"b"})));
  metainfo::limits bounds;
  bounds.bytes = two.size();
  bounds.files = 2;
  bounds.pieces = 1;
  bounds.path_bytes = 6; // of tree/a
  bounds.piece_length = 16384;
  CHECK(refusal(two, bounds) == "(accepted)");
}

TEST_CASE("limits of size and files and pieces hold and can be moved") {
  metainfo::limits bounds;
  bounds.bytes = 50;
  check_refused(torrent(single()), "more than the 50 that we accept", bounds);
  bounds = {};
  bounds.files = 1;
  check_refused(torrent(multi(file({"a"}) + file({"b"}))), "more files than we accept",
                bounds);
  bounds = {};
  bounds.pieces = 1;
  check_refused(torrent(single()), "more pieces than we accept", bounds);
  bounds = {};
  bounds.values = 12;
  check_refused(torrent(single()), "more values than we accept", bounds);
  std::string const large(60 * 1024 * 1024, 'x');
  CHECK(refusal(torrent(single(), "3:abc" + str(large))) == "(accepted)");
  bounds = {};
  bounds.bytes = 50 * 1024 * 1024;
  check_refused(torrent(single(), "3:abc" + str(large)), "is it really one", bounds);
}
