// A resume state that cannot be saved, and what in its place is ours to remove.
#include "07-pieces/print.hpp"
#include "piece/resume_file.hpp"
#include "support/not_root.hpp"
#include "support/temporary_folder.hpp"

using namespace cotorra;
using namespace cotorra::piece;
using test::temporary_folder;
namespace fs = std::filesystem;

namespace {

info_hash some_hash() { return info_hash::from(as_bytes("abcdefghijklmnopqrst")); }
std::string name() { return resume_path("", some_hash()).string(); }
resume_state sample() { return {some_hash(), 16384, bitfield(3), {}, true}; }

} // namespace

TEST_CASE("a folder in the place of a state is told, and no half of a save is left") {
  temporary_folder dir;
  fs::create_directory(dir / name());
  CHECK(save_resume(dir.path(), sample()) == std::errc::is_a_directory);
  CHECK_FALSE(fs::exists(dir / (name() + ".new")));
  remove_resume(dir.path(), some_hash());
  CHECK(fs::is_directory(dir / name()));
}

TEST_CASE("a folder that no file can be made in is told") {
  temporary_folder dir;
  fs::permissions(dir.path(), fs::perms(0555));
  std::error_code e;
  {
    test::not_root const other;
    e = save_resume(dir.path(), sample());
  }
  fs::permissions(dir.path(), fs::perms::owner_all);
  CHECK(e == std::errc::permission_denied);
  CHECK(fs::is_empty(dir.path()));
}

TEST_CASE("a save does not go over a file of the user's beside the state") {
  temporary_folder dir;
  dir.put(name() + ".new", "my notes");
  CHECK(save_resume(dir.path(), sample()) == std::errc::file_exists);
  CHECK(dir.get(name() + ".new") == "my notes");
  CHECK_FALSE(fs::exists(dir / name()));
}

TEST_CASE("what begins as a state does is ours, however short it is, and nothing else") {
  for (std::string const text : {"", "d", "d5:filesl", "d5:filesle and more"}) {
    temporary_folder dir;
    dir.put(name(), text);
    remove_resume(dir.path(), some_hash());
    CHECK(fs::is_empty(dir.path()));
  }
  for (std::string const text : {"x", "d5:x", "d5:filesx", "d5:filexle and more"}) {
    temporary_folder dir;
    dir.put(name(), text);
    remove_resume(dir.path(), some_hash());
    CHECK(dir.get(name()) == text);
    CHECK(save_resume(dir.path(), sample()) == std::errc::file_exists);
  }
}

TEST_CASE("each file has its stamp in its place, or none") {
  temporary_folder dir;
  dir.put("a", "aaaa");
  dir.put("c", "cc");
  storage const s(dir.path(), file_map({{"a", 4}, {"b", 4}, {"c", 4}}));
  file_stamps const all = stamp_files(s);
  REQUIRE(all.size() == 3);
  REQUIRE((all[0] && all[2]));
  CHECK(all[0]->size == 4);
  CHECK_FALSE(all[1]);
  CHECK(all[2]->size == 2);
}
