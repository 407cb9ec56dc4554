// A .torrent is tried out before its pieces are hashed: would its reader look for the
// files where they are?
#include "metainfo/rehearsal.hpp"
#include "torrents.hpp"

using namespace cotorra;
using namespace cotorra::test;
using Catch::Matchers::ContainsSubstring;

namespace {

// What it says of a folder "tree" with files of these paths.
std::string said(std::vector<path> const& paths, std::uint64_t length = 10,
                 std::uint32_t piece_length = 32) {
  metainfo::create_options options;
  options.name = "tree";
  options.piece_length = piece_length;
  std::vector<metainfo::created_file> files;
  for (path const& p : paths) files.push_back({p, length});
  try {
    metainfo::rehearse(options, files);
  } catch (input_error const& e) {
    return e.what();
  }
  return "(accepted)";
}

} // namespace

TEST_CASE("files that are found again under their names are fine") {
  CHECK(said({{"a"}, {"b"}, {"d", "a"}}) == "(accepted)");
  CHECK(said({{}}) == "(accepted)"); // one file, without a folder
}

TEST_CASE("a file that would get another name is told, and why") {
  CHECK_THAT(said({{"a"}, {"caf\xE9"}}), ContainsSubstring("name is not UTF-8"));
  CHECK_THAT(said({{"a\\b"}, {"c"}}),
             ContainsSubstring("a\\b: its name has a character"));
  CHECK_THAT(said({{"a"}, {"A"}}), ContainsSubstring("A: many disks cannot tell its name "
                                                     "from 'a', so it would not be found "
                                                     "again: rename it"));
  CHECK_THAT(said({{"x"}, {"X", "y"}}),
             ContainsSubstring("x: many disks cannot tell its name from 'X/y'"));
  CHECK_THAT(said({{"_____padding_file_0"}, {"a"}}),
             ContainsSubstring("a torrent cannot hold it under this name"));
}

TEST_CASE("of several such files the first is named and the others are counted") {
  CHECK_THAT(said({{"ok"}, {"a\n"}, {"b\n"}}),
             ContainsSubstring("so it would not be found again (nor 1 other): rename"));
  CHECK_THAT(said({{"a\n"}, {"ok"}, {"b\n"}, {"c\n"}}),
             ContainsSubstring("so it would not be found again (nor 2 others): rename"));
}

TEST_CASE("a link is compared by where it leads") {
  metainfo::create_options options;
  options.name = "tree";
  options.piece_length = 32;
  metainfo::created_file link{{"b"}, 0};
  link.symlink = {"a"};
  std::vector<metainfo::created_file> files{{{"a"}, 10}, link};
  CHECK_NOTHROW(metainfo::rehearse(options, files));
  files[1].symlink = {"nowhere"};
  CHECK_THROWS_WITH(metainfo::rehearse(options, files),
                    ContainsSubstring("b: a torrent cannot hold it under this name"));
}

TEST_CASE("a torrent that no program reads is refused before its hashes are made") {
  CHECK_THAT(said({{"a"}}, 6'000'000, 1),
             ContainsSubstring("would have 120000000 bytes") &&
                 ContainsSubstring("choose longer pieces"));
}

TEST_CASE("a piece length of 0 is told as one and not divided by") {
  CHECK_THAT(said({{"a"}}, 10, 0), ContainsSubstring("a piece length of 0"));
}
