// What was here and is no more: somebody changed the files under us.
#include "07-pieces/print.hpp"
#include "piece/picker.hpp"
#include "piece/storage.hpp"
#include "support/temporary_folder.hpp"

using namespace cotorra;
using namespace cotorra::piece;
using Catch::Matchers::ContainsSubstring;

namespace {

namespace fs = std::filesystem;

// A file of 100 bytes of which the first ten were written.
struct written_file {
  written_file() { REQUIRE_FALSE(files.write(0, buffer(10))); }
  test::temporary_folder folder;
  storage files{folder.path(), file_map({{"a", 100}})};
};

} // namespace

TEST_CASE("a piece that was lost is asked for again when it is wanted") {
  random_source random(1);
  piece_picker picker(piece_layout(3 * 32768, 32768), random);
  bitfield const all(3, true);
  picker.add_peer(all);
  for (piece_index i = 0; i < 3; ++i) picker.mark_have(i);
  picker.set_wanted(2, false);
  picker.lost(1);
  picker.lost(2);
  picker.lost(2); // once is enough
  CHECK(picker.consistent());
  CHECK(picker.state(0) == piece_state::have);
  CHECK(picker.state(1) == piece_state::missing);
  CHECK(picker.state(2) == piece_state::not_needed);
  std::vector<block> out;
  picker.pick(1, all, 10, out);
  REQUIRE(out.size() == 2);
  CHECK(out[0].piece == 1);
}

TEST_CASE("an open piece that is dropped is free again with what was asked for") {
  random_source random(1);
  piece_picker picker(piece_layout(32768, 32768), random);
  bitfield const all(1, true);
  picker.add_peer(all);
  std::vector<block> out;
  picker.pick(1, all, 2, out);
  CHECK(picker.arrived(1, out[0]) == arrival::wanted);
  picker.drop(0);
  picker.drop(0); // it is no longer open
  CHECK(picker.consistent());
  CHECK(picker.state(0) == piece_state::missing);
  CHECK(picker.requested() == 0);
}

TEST_CASE("a write to a file that was deleted meanwhile is an error") {
  written_file f;
  fs::remove(f.folder / "a");
  auto const error = f.files.write(50, buffer(10));
  CHECK(error == std::errc::no_such_file_or_directory);
  CHECK_THAT(f.files.where(error), ContainsSubstring("it is not there"));
}

TEST_CASE("a write to a file that was shortened meanwhile is an error") {
  written_file f;
  fs::resize_file(f.folder / "a", 20);
  auto const error = f.files.write(50, buffer(10));
  CHECK(error == std::errc::no_message_available);
  CHECK_THAT(f.files.where(error), ContainsSubstring("another program has shortened it"));
}

TEST_CASE("after the files were closed a deleted file is made anew") {
  written_file f;
  fs::remove(f.folder / "a");
  f.files.close();
  CHECK_FALSE(f.files.write(50, buffer(10)));
  CHECK(fs::file_size(f.folder / "a") == 100);
}
