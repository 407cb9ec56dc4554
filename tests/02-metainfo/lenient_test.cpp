// What BEP 3 forbids, the world's .torrents have, and the info_hash does not suffer from:
// it is read, and told.
#include "torrents.hpp"

#include "base/sha.hpp"
#include <fmt/format.h>
#include <fmt/ranges.h>

using namespace cotorra;
using namespace cotorra::test;

namespace {

std::string const whole = torrent(single(), "8:announce3:one");

void check_same_torrent(std::string const& text) {
  INFO(text);
  metainfo::metainfo const m = read(text), plain = read(whole);
  CHECK(m.hash == plain.hash);
  CHECK(m.trackers == plain.trackers);
  CHECK(m.files[0].length == 40);
  CHECK(m.warnings.size() == 1);
}

std::string replaced(std::string const& what, std::string const& with,
                     std::string text = whole) {
  std::size_t const at = text.find(what);
  REQUIRE(at != text.npos);
  return text.replace(at, what.size(), with);
}

metainfo::metainfo with_private(std::string const& v) {
  return read(torrent(single("a", num(40), num(32), hashes(2), "7:private" + v)));
}

} // namespace

TEST_CASE("bytes behind the end do not count") {
  using namespace std::string_literals;
  for (std::string const& rest :
       {"\n"s, "\r\n"s, " "s, "\0"s, std::string(512, '\0'), "e"s, "de"s, "<br />\n"s,
        "\xFF\xFE"s, std::string(100'000, 'l')})
    check_same_torrent(whole + rest);
  CHECK(read(whole + "\r\n").warnings ==
        path{fmt::format("2 bytes stand behind its end, at byte {}: they do not count",
                         whole.size())});
}

TEST_CASE("zeros in front of a number do not count") {
  check_same_torrent(replaced("3:one", "03:one"));
  check_same_torrent(replaced("8:announce", "0008:announce"));
  check_same_torrent(replaced("3:one", std::string(50, '0') + "3:one"));
  check_same_torrent(torrent(single(), "8:announce3:one", "3:zzzi-0e"));
  check_same_torrent(torrent(single(), "8:announce3:one", "3:zzzi007e"));
  check_same_torrent(torrent(single(), "8:announce3:one", "3:zzz00:"));
}

TEST_CASE("zeros inside the info dictionary are part of what is hashed") {
  std::string const info = replaced("5:a.txt", "05:a.txt", single());
  metainfo::metainfo const m = read(torrent(info));
  CHECK(m.name == "a.txt");
  CHECK(m.hash == info_hash::from(sha1(as_bytes(info)).view()));
  CHECK(m.hash != read(whole).hash);
  CHECK(m.warnings.size() == 1);
  CHECK(read(torrent(replaced("i40e", "i040e", single()))).files[0].length == 40);
}

TEST_CASE("an integer beyond 64 bits does no harm where nothing is counted with it") {
  std::string const wide = "i99999999999999999999e";
  check_same_torrent(torrent(single(), "8:announce3:one", "3:zzz" + wide));
  check_same_torrent(torrent(single(), "8:announce3:one13:creation date" + wide));
  CHECK(read(torrent(single("a", num(40), num(32), hashes(2), "3:zzz" + wide))).name ==
        "a");
  for (std::string const& counted :
       {replaced("i40e", wide, single()), replaced("i32e", wide, single())})
    CHECK_THROWS_WITH(read(torrent(counted)),
                      Catch::Matchers::ContainsSubstring("does not fit in 64 bits"));
}

TEST_CASE("private that is not plainly a no is a yes") {
  for (std::string yes : {"i99999999999999999999e", "i1e", "i2e", "i-1e", "1:1", "3:i1e",
                          "3:yes", "le", "de"}) {
    INFO(yes);
    CHECK(with_private(yes).is_private);
  }
  for (std::string no : {"i0e", "1:0", "0:", "3:i0e"}) {
    INFO(no);
    CHECK_FALSE(with_private(no).is_private);
  }
  CHECK(with_private("3:i1e").warnings.size() == 1);
  CHECK(with_private("i1e").warnings.empty());
}

TEST_CASE("files count where there are files and a length") {
  std::string const files = "5:filesl" + file({"b"}, 40) + "e";
  metainfo::metainfo const m = read(torrent("d" + files + single().substr(1)));
  CHECK(m.is_multi_file);
  CHECK(m.files[0].path_text() == "a.txt/b");
  CHECK(m.total_length == 40);
  CHECK(m.warnings.size() == 1);

  std::string const odd = replaced("i40e", "1:x", single());
  CHECK(read(torrent("d" + files + odd.substr(1))).total_length == 40);
}

TEST_CASE("files that are no list give way to a length") {
  metainfo::metainfo const m = read(torrent("d5:files0:" + single().substr(1)));
  CHECK_FALSE(m.is_multi_file);
  CHECK(m.files[0].path_text() == "a.txt");
  CHECK(m.warnings.size() == 1);
}

TEST_CASE("an attribute that is no string is none") {
  for (std::string attr : {"i1e", "l1:pe", "de"}) {
    metainfo::metainfo const m = read(torrent(multi(file({"a"}, 10, "4:attr" + attr))));
    REQUIRE(m.files.size() == 1);
    CHECK_FALSE(m.files[0].padding);
    CHECK_FALSE(m.files[0].executable);
  }
}

TEST_CASE("padding needs no path, since it is never written") {
  metainfo::metainfo const m =
      read(torrent(multi(file({"a"}) + "d4:attr1:p6:lengthi6ee" + file({"b"}))));
  REQUIRE(m.files.size() == 3);
  CHECK(m.files[1].padding);
  CHECK(m.files[2].offset == 16);
}

TEST_CASE("a name in UTF-8 is enough") {
  CHECK(read(torrent("d6:lengthi40e10:name.utf-81:b12:piece lengthi32e6:pieces" +
                     hashes(2) + "e"))
            .name == "b");
  CHECK(read(torrent("d6:lengthi40e4:namei5e10:name.utf-81:b12:piece lengthi32e6:pieces" +
                     hashes(2) + "e"))
            .name == "b");
  CHECK(read(torrent(multi("d6:lengthi5e10:path.utf-8l1:bee"))).files[0].path_text() ==
        "tree/b");
}

TEST_CASE("any piece length above zero is taken") {
  CHECK(read(torrent(single("a", num(40), num(7), hashes(6)))).pieces.size() == 6);
}

TEST_CASE("more trackers than anybody can ask are cut in the order of their tiers") {
  std::string tiers;
  for (int t = 0; t < 30; ++t) {
    tiers += "l";
    for (int i = 0; i < 100; ++i) tiers += str(fmt::format("u{}/{}", t, i));
    tiers += "e";
  }
  std::string urls, nodes;
  for (int i = 0; i < 1500; ++i) urls += str(fmt::format("w{}", i));
  for (int i = 0; i < 1500; ++i) nodes += "l1:hi" + std::to_string(1 + i) + "ee";
  metainfo::metainfo const m =
      read(torrent(single(), "13:announce-listl" + tiers + "e",
                   "5:nodesl" + nodes + "e8:url-listl" + urls + "e"));
  REQUIRE(m.trackers.size() == 10);
  CHECK(m.trackers[9].back() == "u9/99");
  CHECK(m.url_list.size() == 1000);
  CHECK(m.nodes.size() == 1000);
  CHECK(m.warnings.size() == 3);
}

TEST_CASE("as many addresses as are used cause no warning and one more does") {
  struct given {
    std::string trackers, wanted;
    int warnings;
  } const cases[] = {
      {"l1:a1:b1:ce", "[a b c]", 0},      {"l1:a1:b1:c1:de", "[a b c]", 1},
      {"l1:a1:bel1:ce", "[a b] [c]", 0},  {"l1:a1:bel1:c1:de", "[a b] [c]", 1},
      {"l1:a1:b1:cel1:de", "[a b c]", 1}, {"l1:a1:bel1:c1:d1:eel1:fe", "[a b] [c]", 1},
  };
  metainfo::limits bounds;
  bounds.addresses = 3;
  for (auto const& [trackers, wanted, warnings] : cases) {
    INFO(trackers);
    metainfo::metainfo const m =
        read(torrent(single(), "13:announce-listl" + trackers + "e"), bounds);
    std::string came;
    for (auto const& tier : m.trackers)
      came += fmt::format("{}[{}]", came.empty() ? "" : " ", fmt::join(tier, " "));
    CHECK(came == wanted);
    CHECK(m.warnings.size() == static_cast<std::size_t>(warnings));
  }
  struct {
    std::string before, after, what;
  } const lists[] = {{"9:httpseedsl", "", "web seeds"},
                     {"", "8:url-listl", "web seeds"},
                     {"", "5:nodesl", "nodes"}};
  for (auto const& [before, after, what] : lists) {
    INFO(before << after);
    std::string three, more;
    for (int i = 0; i < 4; ++i) {
      std::string const one = what == "nodes" ? "l1:hi" + std::to_string(1 + i) + "ee"
                                              : str("w" + std::to_string(i));
      (i < 3 ? three : more) += one;
    }
    auto const with = [&](std::string const& all) {
      std::string const end = all + "e";
      return read(torrent(single(), before.empty() ? "" : before + end,
                          after.empty() ? "" : after + end),
                  bounds);
    };
    auto const count = [](metainfo::metainfo const& m) {
      return m.http_seeds.size() + m.url_list.size() + m.nodes.size();
    };
    CHECK(count(with(three)) == 3);
    CHECK(with(three).warnings.empty());
    CHECK(count(with(three + more)) == 3);
    CHECK(with(three + more).warnings ==
          path{"it has 4 " + what + ": only the first 3 are used"});
  }
}

TEST_CASE("an address that occurs twice counts once") {
  CHECK(read(torrent(single(), "13:announce-listll1:a1:b1:aee")).trackers ==
        std::vector<path>{{"a", "b"}});
  CHECK(read(torrent(single(), "", "8:url-listl1:a2: a1:be")).url_list == path{"a", "b"});
}
