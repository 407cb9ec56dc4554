// Symbolic links (BEP 47): where they may lead, and what becomes of the others.
#include "torrents.hpp"

using namespace cotorra;
using namespace cotorra::test;

namespace {

std::string list(path const& names) {
  std::string out = "l";
  for (auto const& name : names) out += str(name);
  return out + "e";
}

std::string link(path const& at, std::string const& target,
                 std::string const& more = "") {
  return "d4:attr1:l" + more + "4:path" + list(at) + "12:symlink path" + target + "e";
}
std::string link(path const& at, path const& target) { return link(at, list(target)); }

// The file of this index, of a folder with these files.
metainfo::file_entry entry(std::string const& files, std::size_t index) {
  std::vector<metainfo::file_entry> const all = read(torrent(multi(files))).files;
  REQUIRE(index < all.size());
  return all[index];
}

std::string leads_to(std::string const& files, std::size_t index = 1) {
  std::string out;
  for (auto const& name : entry(files, index).symlink) out += "/" + name;
  return out;
}

// A torrent whose second file is a link that is left out; all others stay.
void check_left_out(std::string const& files) {
  metainfo::metainfo const m = read(torrent(multi(files)));
  REQUIRE(m.files.size() > 1);
  CHECK(m.files[1].symlink.empty());
  CHECK(m.files[1].padding);
  REQUIRE(m.warnings.size() == 1);
  CHECK_THAT(m.warnings[0], Catch::Matchers::ContainsSubstring("file 2") &&
                                Catch::Matchers::ContainsSubstring("left out"));
}

} // namespace

TEST_CASE("a link leads to a file of the torrent") {
  CHECK(leads_to(file({"a"}) + link({"b"}, path{"a"})) == "/tree/a");
  CHECK(leads_to(file({"d", "a"}) + link({"e", "b"}, path{"d", "a"})) == "/tree/d/a");
}

TEST_CASE("a link may stand before what it leads to") {
  CHECK(leads_to(link({"b"}, path{"d", "a"}) + file({"d", "a"}), 0) == "/tree/d/a");
}

TEST_CASE("a link may lead to a folder and through it") {
  std::string const files = file({"versions", "2", "text"}) +
                            link({"versions", "current"}, path{"versions", "2"}) +
                            link({"text"}, path{"versions", "current", "text"});
  CHECK(leads_to(files, 1) == "/tree/versions/2");
  CHECK(leads_to(files, 2) == "/tree/versions/current/text");
}

TEST_CASE("a link of old programs is relative to its own folder") {
  CHECK(leads_to(file({"versions", "2", "text"}) +
                 link({"versions", "now"}, path{"2"})) == "/tree/versions/2");
  CHECK(leads_to(file({"d", "a"}) + link({"e", "b"}, path{"..", "d", "a"})) ==
        "/tree/d/a");
}

TEST_CASE("a link deep in folders may lead to what is beside it or above") {
  std::string const files = file({"d", "e", "f", "a"}) + file({"d", "e", "x"});
  CHECK(leads_to(files + link({"d", "e", "f", "b"}, path{"a"}), 2) == "/tree/d/e/f/a");
  CHECK(leads_to(files + link({"d", "e", "f", "b"}, path{"..", "x"}), 2) ==
        "/tree/d/e/x");
}

TEST_CASE("the torrent's folder goes before the link's where both have the name") {
  CHECK(leads_to(file({"a"}) + link({"d", "b"}, path{"a"}) + file({"d", "a"})) ==
        "/tree/a");
}

TEST_CASE("a link may stand before the links that it leads through") {
  std::string const files = link({"c"}, path{"b", "x"}) + link({"b"}, path{"d"}) +
                            file({"d", "x"}) + file({"x"});
  CHECK(leads_to(files, 0) == "/tree/b/x");
  CHECK(leads_to(files, 1) == "/tree/d");
}

TEST_CASE("a way through a link that leads nowhere leads nowhere") {
  std::string const nowhere = link({"b"}, path{"gone"});
  for (std::string const& files : {nowhere + link({"c"}, path{"b", "a"}) + file({"a"}),
                                   link({"c"}, path{"b", "a"}) + nowhere + file({"a"})}) {
    metainfo::metainfo const m = read(torrent(multi(files)));
    REQUIRE(m.files.size() == 3);
    CHECK(m.files[0].padding);
    CHECK(m.files[1].padding);
    CHECK(m.warnings.size() == 2);
  }
}

TEST_CASE("a dot in a target stays where it is") {
  CHECK(leads_to(file({"a"}) + link({"b"}, path{".", "a"})) == "/tree/a");
  CHECK(leads_to(file({"d", "e", "a"}) + link({"d", "b"}, path{"e", ".", "a"})) ==
        "/tree/d/e/a");
}

TEST_CASE("a link takes no bytes whatever length it says") {
  std::string const files =
      file({"a"}) + link({"b"}, list({"a"}), "6:lengthi10e") + file({"c"});
  metainfo::metainfo const m = read(torrent(multi(files)));
  REQUIRE(m.files.size() == 3);
  CHECK(m.files[1].length == 0);
  CHECK(m.files[1].offset == 10);
  CHECK(m.files[2].offset == 10);
  CHECK(m.total_length == 20);
  CHECK(m.warnings.empty());
}

TEST_CASE("the names of a target are made safe as those of a path are") {
  std::string const files = file({"a\\b", "/"}) + link({"c"}, path{"a\\b", "/"});
  CHECK(leads_to(files) == "/tree/a_b/_");
}

TEST_CASE("a link that leads nowhere is left out and the torrent stays") {
  for (auto const& target :
       {path{"nothing"}, path{"..", "a"}, path{"..", "tree", "a"}, path{"/etc", "passwd"},
        path{""}, path{"a", "b"}, path{".", ".."}, path{"."}, path{"b"}}) {
    INFO(list(target));
    check_left_out(file({"a"}) + link({"b"}, target));
  }
}

TEST_CASE("a link whose target is no list of names is left out") {
  for (std::string const target : {"le", "i1e", "1:a", "li1ee", "d1:a1:be"})
    check_left_out(file({"a"}) + link({"b"}, target));
  check_left_out(file({"a"}) + "d4:attr1:l6:lengthi0e4:pathl1:bee");
}

TEST_CASE("links in a circle lead nowhere") {
  metainfo::metainfo const m =
      read(torrent(multi(file({"a"}) + link({"b"}, path{"c"}) + link({"c"}, path{"b"}) +
                         link({"d"}, path{"a"}))));
  REQUIRE(m.files.size() == 4);
  CHECK(m.files[1].padding);
  CHECK(m.files[2].padding);
  CHECK(m.files[3].symlink == path{"tree", "a"});
  CHECK(m.warnings.size() == 2);
}

TEST_CASE("a chain of links without end costs neither stack nor time") {
  constexpr int many = 20'000;
  std::string files = file({"a"});
  for (int i = 0; i < many; ++i)
    files += link({std::to_string(i)}, path{std::to_string(i + 1)});
  files += link({std::to_string(many)}, path{"a"});
  metainfo::metainfo const m = read(torrent(multi(files)));
  REQUIRE(m.files.size() == many + 2);
  CHECK(m.files[1].padding); // further than a disk would follow
  CHECK(m.files[many + 1].symlink == path{"tree", "a"}); // the last
  CHECK(m.files[many].symlink == path{"tree", std::to_string(many)});
}

TEST_CASE("forty links one after another are followed and no more") {
  auto const chain = [](int links, path const& folder) {
    auto const at = [&](std::string const& name) {
      path out = folder;
      out.push_back(name);
      return out;
    };
    std::string files;
    for (int i = 1; i < links; ++i)
      files += link(at(std::to_string(i)), path{std::to_string(i + 1)});
    files += link(at(std::to_string(links)), path{"a"}) + file(at("a"));
    return read(torrent(multi(files)));
  };
  for (path const& folder : {path{}, path{"d"}}) {
    metainfo::metainfo const forty = chain(40, folder);
    REQUIRE(forty.files.size() == 41);
    CHECK(forty.files[0].symlink.back() == "2");
    CHECK(forty.warnings.empty());
    CHECK(chain(41, folder).files[0].padding);
  }
}

TEST_CASE("a link that shares its name with a file gets another and still leads there") {
  std::string const files = file({"a"}) + link({"A"}, path{"a"}) + file({"d", "x"}) +
                            link({"d"}, path{"d", "x"});
  metainfo::metainfo const m = read(torrent(multi(files)));
  REQUIRE(m.files.size() == 4);
  CHECK(m.files[1].path_text() == "tree/A (2)");
  CHECK(m.files[1].symlink == path{"tree", "a"});
  CHECK(m.files[3].path_text() == "tree/d (2)");
  CHECK(m.files[3].symlink == path{"tree", "d", "x"});
}
