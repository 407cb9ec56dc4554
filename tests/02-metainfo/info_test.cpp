// Reading a .torrent: what is in it.
#include "base/sha.hpp"
#include "support/hole.hpp"
#include "support/story.hpp"
#include "torrents.hpp"
#include <fmt/format.h>
#include <numeric>

using namespace cotorra;
using namespace cotorra::test;

namespace {

using lengths = std::vector<std::int64_t>;
using tiers = std::vector<std::vector<std::string>>;

std::string const lecture =
    "d8:announce35:http://tracker.example.com/announce10:created by13:mktorrent "
    "1.113:creation datei1748799493e4:infod6:lengthi65703e4:name9:perro.jpg12:piece "
    "lengthi262144e6:pieces20:....................ee";

// A .torrent of files with these lengths.
std::string holding(lengths const& files, std::int64_t piece_length, std::size_t count) {
  if (files.size() == 1)
    return torrent(single("a", num(files[0]), num(piece_length), hashes(count)));
  std::string list;
  for (std::size_t i = 0; i < files.size(); ++i)
    list += file({std::to_string(i)}, files[i]);
  return torrent("d5:filesl" + list + "e4:name4:tree12:piece length" + num(piece_length) +
                 "6:pieces" + hashes(count) + "e");
}

struct verdict {
  bool accepted = false, refused = false;
  std::string words; // what it says
};

// Of the number of hashes: the info_hash comes after them, and does not matter here.
verdict judged(std::string const& text) {
  try {
    read(text);
  } catch (input_error const& e) {
    std::string const why = e.what();
    std::size_t const begin = why.find(": ") + 2;
    return {false, true, why.substr(begin, why.find(')') - begin)};
  } catch (std::exception const& e) {
    if (is_hole(e) && !std::string_view(e.what()).starts_with("hole 2.2")) throw;
    return {true, false, std::string("no input_error was thrown but: ") + e.what()};
  }
  return {true, false, "you accept it"};
}

std::string told(lengths const& files) {
  std::string out = files.size() == 1 ? "a file of " : "files of ";
  for (std::size_t i = 0; i < files.size(); ++i)
    out += (i == 0 ? "" : " and ") + std::to_string(files[i]);
  return out + " bytes";
}

void check_hashes(lengths const& files, std::int64_t piece_length, std::size_t needed) {
  story s;
  s.given(fmt::format("{} in pieces of {}", told(files), piece_length));
  verdict came = judged(holding(files, piece_length, needed));
  auto const with = [](std::size_t n) {
    return fmt::format("with {} hash{}", n, n == 1 ? "" : "es");
  };
  s.expect(with(needed) + " you accept the .torrent", !came.refused, came.words);
  for (std::size_t wrong : {needed - 1, needed + 1}) {
    came = judged(holding(files, piece_length, wrong));
    s.expect(with(wrong) + " you refuse it", came.refused, came.words);
  }
}

// [one two] [three]
std::string told(tiers const& all) {
  std::string out;
  for (auto const& tier : all) {
    out += out.empty() ? "[" : " [";
    for (std::size_t i = 0; i < tier.size(); ++i) out += (i == 0 ? "" : " ") + tier[i];
    out += "]";
  }
  return out.empty() ? "no tracker" : out;
}

std::string trackers_in(std::string const& text) {
  try {
    return told(read(text).trackers);
  } catch (std::exception const& e) {
    if (is_hole(e)) throw;
    return std::string("it is refused: ") + e.what();
  }
}

} // namespace

TEST_CASE("each piece has a hash and the last piece may be short") {
  check_hashes({65703}, 262144, 1); // the lecture's dog
  check_hashes({1}, 10, 1);
  check_hashes({9}, 10, 1);
  check_hashes({10}, 10, 1);
  check_hashes({11}, 10, 2);
  check_hashes({20}, 10, 2);
  check_hashes({15, 15}, 10, 3); // pieces run across files
  check_hashes({5, 25}, 10, 3);
  check_hashes({std::int64_t{5} << 30}, 16 << 20, 320); // more than 32 bits hold
  check_hashes({(std::int64_t{1} << 40) + 1}, 256 << 20, 4097);
}

TEST_CASE("the info_hash is the SHA-1 of the info dictionary from its d to its e") {
  story s;
  std::size_t const begin = lecture.find("4:info") + 6;
  std::string const info = lecture.substr(begin, lecture.size() - 1 - begin);
  s.given(fmt::format("the lecture's .torrent, in which the value of info has {} bytes",
                      info.size()));
  metainfo::metainfo m = read(lecture);
  s.expect_bytes("you keep these bytes", as_bytes(info), m.info);
  // as libtorrent 2.0.8 says
  s.expect("their SHA-1 is the info_hash: fab543f6..",
           m.hash.hex() == "fab543f6bb5dae1bdd1eff4bf4752f2d7bc8fc5f", m.hash.hex());
  s.given("the same, but its piece hash has zero bytes");
  std::string zeros = info;
  zeros.replace(zeros.find("...."), 4, 4, '\0');
  m = read(torrent(zeros));
  s.expect_bytes("you keep these bytes", as_bytes(zeros), m.info);
  std::string const wanted = sha1(as_bytes(zeros)).hex();
  s.expect("their SHA-1 is the info_hash: " + wanted.substr(0, 8) + "..",
           m.hash.hex() == wanted, m.hash.hex());
}

TEST_CASE("the info_hash is that of the bytes as received and not of better ones") {
  std::string const sorted = single();
  std::string const unsorted =
      "d4:name5:a.txt6:lengthi40e12:piece lengthi32e6:pieces" + hashes(2) + "e";
  story s;
  s.given("a .torrent in whose info dictionary name stands before length");
  metainfo::metainfo const m = read(torrent(unsorted));
  s.expect_bytes("you keep the info dictionary as it came", as_bytes(unsorted), m.info);
  s.expect_bytes("its info_hash is the SHA-1 of these bytes",
                 sha1(as_bytes(unsorted)).view(), m.hash.view());
  CHECK(m.hash != read(torrent(sorted)).hash);
  REQUIRE(m.warnings.size() == 1);
  CHECK(m.warnings[0] == "the key at byte 21 is not in sorted order");
}

TEST_CASE("the lecture's torrent is read") {
  metainfo::metainfo const m = read(lecture);
  CHECK(m.name == "perro.jpg");
  CHECK(m.total_length == 65703);
  CHECK(m.piece_length == 262144);
  CHECK(m.size_of(0) == 65703);
  REQUIRE(m.pieces.size() == 1);
  CHECK(as_text(m.pieces[0].view()) == "....................");
  CHECK(m.created_by == "mktorrent 1.1");
  CHECK(m.creation_date == 1748799493);
  CHECK(m.trackers == tiers{{"http://tracker.example.com/announce"}});
  CHECK_FALSE(m.is_multi_file);
  CHECK_FALSE(m.is_private);
  REQUIRE(m.files.size() == 1);
  CHECK(m.files[0].path_text() == "perro.jpg");
  CHECK(m.warnings.empty());
}

TEST_CASE("the info dictionary alone is enough when peers send it") {
  metainfo::metainfo const m = metainfo::decode_info(as_bytes(single()));
  CHECK(m.hash == read(torrent(single())).hash);
  CHECK(m.pieces.size() == 2);
  CHECK(m.trackers.empty());
  CHECK(m.warnings.empty());
  CHECK_THROWS_AS(metainfo::decode_info(as_bytes("i1e")), input_error);
  std::string const unsorted =
      "d4:name5:a.txt6:lengthi40e12:piece lengthi32e6:pieces" + hashes(2) + "e";
  CHECK(metainfo::decode_info(as_bytes(unsorted)).warnings ==
        path{"the key at byte 14 is not in sorted order"});
}

TEST_CASE("files lie one after another") {
  metainfo::metainfo const m =
      read(torrent(multi(file({"a"}, 10) + file({"d", "b"}, 0) + file({"d", "c"}, 7))));
  CHECK(m.is_multi_file);
  CHECK(m.total_length == 17);
  REQUIRE(m.files.size() == 3);
  CHECK(m.files[1].path == path{"tree", "d", "b"});
  CHECK(m.files[1].offset == 10);
  CHECK(m.files[2].path_text() == "tree/d/c");
  CHECK(m.files[2].offset == 10);
  CHECK(m.files[2].length == 7);
}

TEST_CASE("the last piece may be shorter") {
  metainfo::metainfo const m = read(torrent(single()));
  CHECK(m.size_of(0) == 32);
  CHECK(m.size_of(1) == 8);
  CHECK(read(torrent(single("a", num(64)))).size_of(1) == 32);
}

TEST_CASE("each tier of announce-list is kept and one without a tracker is none") {
  struct given {
    std::string list, wanted;
  } const cases[] = {
      {"l l3:two5:threee l4:foure e", "[two three] [four]"},
      {"l le l0:e l3:twoe e", "[two]"},
      {"l l1: 4: two0:e le l4:foure e", "[two] [four]"},
      {"l li7e3:twoe l4:foure e", "[two] [four]"},
      {"l 4:four i7e l3:twoe e", "[four] [two]"},
  };
  for (auto const& [list, wanted] : cases) {
    std::string packed; // the blanks between the tiers are for people
    for (std::size_t i = 0; i < list.size(); ++i)
      if (list[i] != ' ' || list[i - 1] == ':') packed += list[i];
    story s;
    s.given("8:announce3:one 13:announce-list " + list);
    std::string const came =
        trackers_in(torrent(single(), "8:announce3:one13:announce-list" + packed));
    s.expect("the tiers are " + wanted, came == wanted, came);
  }
}

TEST_CASE("announce counts only where no tier has a tracker") {
  std::string const both = "8:announce3:one13:announce-list";
  auto const with = [&](std::string const& list) {
    return read(torrent(single(), both + list)).trackers;
  };
  CHECK(with("ll3:twoee") == tiers{{"two"}});
  CHECK(with("llelel0:ee") == tiers{{"one"}});
  CHECK(with("le") == tiers{{"one"}});
  CHECK(with("i1e") == tiers{{"one"}});
}

TEST_CASE("what is no text in announce-list is told by its name") {
  metainfo::metainfo const m = read(torrent(single(), "13:announce-listlli1e3:twoei2ee"));
  CHECK(m.trackers == tiers{{"two"}});
  CHECK(m.warnings == path{"'announce-list' at byte 19 is not text and was left out",
                           "'announce-list' at byte 28 is not text and was left out"});
}

TEST_CASE("a torrent without a tracker is fine") {
  CHECK(read(torrent(single())).trackers.empty());
  CHECK(read(torrent(single(), "8:announce0:")).trackers.empty());
}

TEST_CASE("all optional keys are read") {
  metainfo::metainfo const m = read(
      torrent(single("a.txt", num(40), num(32), hashes(2), "7:privatei1e6:source3:abc"),
              "7:comment4:hola10:created by2:me13:creation datei-1e8:encoding5:UTF-8"
              "9:httpseedsl8:http://he",
              "5:nodesll9:127.0.0.1i6881eel4:hosti1eee8:url-list8:http://w"));
  CHECK(m.is_private);
  CHECK(m.source == "abc");
  CHECK(m.comment == "hola");
  CHECK(m.created_by == "me");
  CHECK(m.creation_date == -1);
  CHECK(m.encoding == "UTF-8");
  CHECK(m.http_seeds == path{"http://h"});
  CHECK(m.url_list == path{"http://w"});
  CHECK(m.nodes == decltype(m.nodes){{"127.0.0.1", 6881}, {"host", 1}});
  CHECK(m.warnings.empty());
}

TEST_CASE("url-list may be a list") {
  CHECK(read(torrent(single(), "", "8:url-listl3:one0:3:twoe")).url_list ==
        path{"one", "two"});
}

TEST_CASE("a node of the DHT has a port from 1 to 65535") {
  auto const with = [](std::string const& nodes) {
    return read(torrent(single(), "", "5:nodesl" + nodes + "e"));
  };
  metainfo::metainfo m = with("l1:ai1eel1:bi65535ee");
  CHECK(m.nodes == decltype(m.nodes){{"a", 1}, {"b", 65535}});
  CHECK(m.warnings.empty());
  m = with("l1:ai0eel1:bi65536ee");
  CHECK(m.nodes.empty());
  CHECK(m.warnings == path{"2 of the 'nodes' are malformed and were left out"});
  m = with("l1:ai1eel1:ai1ei2eei7e");
  CHECK(m.nodes == decltype(m.nodes){{"a", 1}});
  CHECK(m.warnings == path{"2 of the 'nodes' are malformed and were left out"});
  CHECK(with("l1:ae").warnings ==
        path{"1 of the 'nodes' are malformed and were left out"});
}

TEST_CASE("private 0 is not private") {
  std::string const info = single("a", num(40), num(32), hashes(2), "7:privatei0e");
  story s;
  s.given("an info dictionary with 7:privatei0e");
  s.expect("its peers may come from anywhere", !read(torrent(info)).is_private,
           "you take it for private");
}

TEST_CASE("what the swarm can do without is left out with a warning") {
  metainfo::metainfo const m = read(torrent(
      single(), "8:announcei1e", "5:nodesli1el1:hi0eel1:hi70000eel1:hee8:url-listi1e"));
  CHECK(m.trackers.empty());
  CHECK(m.nodes.empty());
  CHECK(m.url_list.empty());
  CHECK(m.warnings.size() == 3);
}

TEST_CASE("the name in UTF-8 is preferred where it is valid") {
  std::string const utf8 = "10:name.utf-86:\xC3\xB1.txt";
  auto with = [](std::string const& extra) {
    return torrent("d6:lengthi40e4:name5:n.txt" + extra + "12:piece lengthi32e6:pieces" +
                   hashes(2) + "e");
  };
  CHECK(read(with(utf8)).name == "\xC3\xB1.txt");
  CHECK(read(with("10:name.utf-86:\xC3!.txt")).name == "n.txt");
  CHECK(read(with("10:name.utf-8i1e")).name == "n.txt");
}

TEST_CASE("the path in UTF-8 is preferred where it is valid") {
  std::string const plain = "d6:lengthi10e4:pathl1:ne10:path.utf-8";
  auto name = [&](std::string const& utf8) {
    metainfo::metainfo const m = read(torrent(multi(plain + utf8 + "e")));
    REQUIRE(m.files.size() == 1);
    return m.files[0].path_text();
  };
  CHECK(name("l2:\xC3\xB1"
             "e") == "tree/\xC3\xB1");
  CHECK(name("l2:\xC3!e") == "tree/n");
  CHECK(name("le") == "tree/n");
  CHECK(name("i1e") == "tree/n");
  CHECK(name("li1ee") == "tree/n");
  CHECK(name("l1:xi1ee") == "tree/n");
}

TEST_CASE("a comment in UTF-8 is preferred where it is valid") {
  auto const comment = [](std::string const& utf8) {
    return read(torrent(single(), "7:comment1:n13:comment.utf-8" + utf8)).comment;
  };
  CHECK(comment("2:\xC3\xB1") == "\xC3\xB1");
  CHECK(comment("2:\xC3!") == "n");
  CHECK(comment("i1e") == "n");
}

TEST_CASE("padding files are known by attribute and by their old name") {
  metainfo::metainfo const m = read(torrent(multi(
      file({"a"}) + file({".pad", "6"}, 6, "4:attr1:p") + file({"b"}) +
      file({".pad", "6"}, 6, "4:attr1:p") + file({"_____padding_file_0_if you see"}))));
  std::vector<bool> padding;
  for (auto const& f : m.files) padding.push_back(f.padding);
  CHECK(padding == std::vector<bool>{false, true, false, true, true});
  CHECK(m.total_length == 42);
  CHECK(m.warnings.empty()); // the same name twice, but never written
}

TEST_CASE("files may be executable and hidden and have an md5sum") {
  metainfo::metainfo const m = read(torrent(
      multi(file({"run"}, 10, "4:attr2:xh") +
            "d6:lengthi1e6:md5sum32:0123456789abcdef0123456789abcdef4:pathl1:bee")));
  REQUIRE(m.files.size() == 2);
  CHECK(m.files[0].executable);
  CHECK(m.files[0].hidden);
  CHECK_FALSE(m.files[1].executable);
  CHECK(m.files[1].md5sum == "0123456789abcdef0123456789abcdef");
}

TEST_CASE("the one file of a torrent is written whatever its attributes say") {
  std::string const info = single("a", num(40), num(32), hashes(2), "4:attr2:pl");
  metainfo::metainfo const m = read(torrent(info));
  REQUIRE(m.files.size() == 1);
  CHECK_FALSE(m.files[0].padding);
  CHECK(m.files[0].symlink.empty());
  CHECK(m.total_length == 40);
}

TEST_CASE("warnings do not grow with the torrent") {
  auto const warnings_of = [](int same) {
    std::string files = file({"same"});
    for (int i = 0; i < same; ++i) files += file({"same"});
    return read(torrent("d5:filesl" + files +
                        "e4:name4:tree12:piece lengthi32768e6:pieces" + hashes(1) + "e"))
        .warnings;
  };
  std::string const fiftieth = "file 51: its name is taken, it becomes 'tree/same (51)'";
  CHECK(warnings_of(50).size() == 50);
  CHECK(warnings_of(50).back() == fiftieth);
  for (int many : {51, 1500}) {
    path const all = warnings_of(many);
    REQUIRE(all.size() == 51);
    CHECK(all[49] == fiftieth);
    CHECK(all[50] == "... and more like these");
  }
}
