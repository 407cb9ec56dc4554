// Reading a .torrent: what is in it.
#include "base/sha.hpp"
#include "support/story.hpp"
#include "torrents.hpp"

using namespace cotorra;
using namespace cotorra::test;

TEST_CASE("the lecture's torrent is read") {
  std::string const text =
      "d8:announce35:http://tracker.example.com/announce10:created by13:mktorrent "
      "1.113:creation datei1748799493e4:infod6:lengthi65703e4:name9:perro.jpg12:piece "
      "lengthi262144e6:pieces20:....................ee";
  story s;
  s.given("the lecture's .torrent: 65,703 bytes in pieces of 262,144");
  std::string const came = refusal(text);
  std::string const why = came.substr(came.find(": ") + 2);
  s.expect("you accept it", came == "(accepted)", why.substr(0, why.find(')')));
  metainfo::metainfo const m = read(text);
  CHECK(m.name == "perro.jpg");
  CHECK(m.total_length == 65703);
  CHECK(m.piece_length == 262144);
  CHECK(m.size_of(0) == 65703);
  REQUIRE(m.pieces.size() == 1);
  CHECK(as_text(m.pieces[0].view()) == "....................");
  CHECK(m.created_by == "mktorrent 1.1");
  CHECK(m.creation_date == 1748799493);
  CHECK(m.trackers == decltype(m.trackers){{"http://tracker.example.com/announce"}});
  CHECK_FALSE(m.is_multi_file);
  CHECK_FALSE(m.is_private);
  REQUIRE(m.files.size() == 1);
  CHECK(m.files[0].path_text() == "perro.jpg");
  CHECK(m.warnings.empty());
  // as libtorrent 2.0.8 says
  CHECK(m.hash.hex() == "fab543f6bb5dae1bdd1eff4bf4752f2d7bc8fc5f");
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

TEST_CASE("the info dictionary alone is enough when peers send it") {
  metainfo::metainfo const m = metainfo::decode_info(as_bytes(single()));
  CHECK(m.hash == read(torrent(single())).hash);
  CHECK(m.pieces.size() == 2);
  CHECK(m.trackers.empty());
  CHECK_THROWS_AS(metainfo::decode_info(as_bytes("i1e")), input_error);
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

TEST_CASE("announce-list goes before announce and its empty parts do not count") {
  std::string const both = "8:announce3:one13:announce-list";
  using tiers = std::vector<std::vector<std::string>>;
  CHECK(read(torrent(single(), both + "ll3:two5:threeel4:fouree")).trackers ==
        tiers{{"two", "three"}, {"four"}});
  CHECK(read(torrent(single(), both + "llelel0:ee")).trackers == tiers{{"one"}});
  CHECK(read(torrent(single(), both + "ll5: two\n3:twoel0:4:fouree")).trackers ==
        tiers{{"two"}, {"four"}});
  CHECK(read(torrent(single(), both + "i1e")).trackers == tiers{{"one"}});
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
    return read(torrent(multi(plain + utf8 + "e"))).files.at(0).path_text();
  };
  CHECK(name("l2:\xC3\xB1"
             "e") == "tree/\xC3\xB1");
  CHECK(name("l2:\xC3!e") == "tree/n");
  CHECK(name("le") == "tree/n");
  CHECK(name("i1e") == "tree/n");
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
  CHECK(m.files[0].executable);
  CHECK(m.files[0].hidden);
  CHECK_FALSE(m.files[1].executable);
  CHECK(m.files[1].md5sum == "0123456789abcdef0123456789abcdef");
}

TEST_CASE("warnings do not grow with the torrent") {
  std::string files;
  for (int i = 0; i < 2000; ++i) files += file({"same"});
  std::string const info = "d5:filesl" + files +
                           "e4:name4:tree12:piece lengthi32768e6:pieces" + hashes(1) +
                           "e";
  CHECK(read(torrent(info)).warnings.size() <= 51);
}
