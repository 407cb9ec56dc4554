// From the metainfo to files on the disk: links, and which pieces a choice of files
// needs.
#include "07-pieces/print.hpp"
#include "piece/torrent_files.hpp"

using namespace cotorra;
using namespace cotorra::piece;

namespace {

metainfo::file_entry entry(std::vector<std::string> path, std::uint64_t length) {
  metainfo::file_entry f;
  f.path = std::move(path);
  f.length = length;
  return f;
}

std::string wanted(std::vector<bool> const& files) {
  // pieces of 4:  aaaa abb. .ccd
  file_map const map({{"a", 5},
                      {"none", 0},
                      {"b", 2},
                      {"pad", 2, true},
                      {"c", 2},
                      {"end", 0},
                      {"d", 1}});
  std::string picture;
  bitfield const pieces = wanted_pieces(map, piece_layout(12, 4), files);
  for (std::size_t i = 0; i < pieces.size(); ++i) picture += pieces[i] ? 'x' : '.';
  return picture;
}

} // namespace

TEST_CASE("a link's text leads from its own folder to the target") {
  CHECK(link_text({"t", "l"}, {"t", "f"}) == "f");
  CHECK(link_text({"t", "l"}, {"t", "a", "f"}) == "a/f");
  CHECK(link_text({"t", "a", "l"}, {"t", "f"}) == "../f");
  CHECK(link_text({"t", "a", "b", "l"}, {"t", "a", "c", "f"}) == "../c/f");
  CHECK(link_text({"t", "a", "l"}, {"t", "a"}) == ".");
  CHECK(link_text({"t", "a", "l"}, {"t"}) == "..");
  CHECK(link_text({"t", "a", "l"}, {"t", "a", "a"}) == "a");
}

TEST_CASE("files lie under the torrent's name or another one") {
  metainfo::metainfo m;
  m.files = {entry({"t", "f"}, 5), entry({"t", "sub", "l"}, 0)};
  m.files[0].executable = true;
  m.files[1].symlink = {"t", "f"};
  auto const own = files_of(m);
  REQUIRE(own.size() == 2);
  CHECK(own[0].path == "t/f");
  CHECK(own[0].length == 5);
  CHECK(own[0].executable);
  CHECK(own[0].link == "");
  CHECK(own[1].path == "t/sub/l");
  CHECK(own[1].link == "../f");
  CHECK(files_of(m, "other")[1].path == "other/sub/l");
  CHECK(files_of(m, "other")[1].link == "../f");
}

TEST_CASE("the pieces of a choice are those that hold a byte of it") {
  CHECK(wanted({}) == "xxx");
  CHECK(wanted({true, false, false, false, false, false, false}) == "xx.");
  CHECK(wanted({false, false, true, false, false, false, false}) == ".x.");
  CHECK(wanted({false, false, false, false, true, false, true}) == "..x");
}

TEST_CASE("an empty file and padding need no piece") {
  CHECK(wanted({false, true, false, false, false, false, false}) == "...");
  CHECK(wanted({false, false, false, true, false, false, false}) == "...");
  CHECK(wanted({false, true, false, true, false, true, false}) == "...");
}
