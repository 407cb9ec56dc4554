// What a stopped download leaves behind, and what of it is believed later.
#include "07-pieces/print.hpp"
#include "piece/resume_file.hpp"
#include "piece/resume_plan.hpp"
#include "support/temporary_folder.hpp"
#include <sys/stat.h>

using namespace cotorra;
using namespace cotorra::piece;
using test::temporary_folder;
namespace fs = std::filesystem;

namespace {

info_hash some_hash() { return info_hash::from(as_bytes("abcdefghijklmnopqrst")); }

bitfield bits(std::string_view picture) {
  bitfield b(picture.size());
  for (std::size_t i = 0; i < picture.size(); ++i)
    if (picture[i] == 'x') b.set(i);
  return b;
}

std::string picture(bitfield const& b) {
  std::string s;
  for (std::size_t i = 0; i < b.size(); ++i) s += b[i] ? 'x' : '.';
  return s;
}

resume_state sample() {
  return {some_hash(),
          32768,
          bits("xx.x"),
          {file_stamp{7, -1, 3, ~std::uint64_t{1}}, std::nullopt},
          true};
}

std::string sample_text() {
  return "d5:fileslli7ei-1ei3ei-2eelee9:info hash20:abcdefghijklmnopqrst11:piece counti4e"
         "12:piece lengthi32768e6:pieces1:\xd0"
         "7:settledi1e7:versioni2ee";
}

// The sample with one part of it replaced, read again.
std::optional<resume_state> with(std::string const& part, std::string const& other) {
  std::string s = sample_text();
  REQUIRE(s.find(part) != s.npos);
  s.replace(s.find(part), part.size(), other);
  return decode_resume(as_bytes(s));
}

} // namespace

TEST_CASE("a resume state is written as one dictionary and read back") {
  CHECK(as_text(encode(sample())) == sample_text());
  CHECK(decode_resume(as_bytes(sample_text())) == sample());
}

TEST_CASE("an empty file and a download that had just begun have zeros in their state") {
  auto const empty = with("lli7e", "lli0e"), begun = with("settledi1e", "settledi0e");
  REQUIRE((empty && begun));
  CHECK(empty->files[0]->size == 0);
  CHECK_FALSE(begun->settled);
}

TEST_CASE("a resume state that is cut off anywhere is none") {
  std::string const whole = sample_text();
  for (std::size_t n = 0; n < whole.size(); ++n)
    CHECK_FALSE(decode_resume(as_bytes(whole).first(n)));
}

TEST_CASE(
    "a resume state with any one bit flipped is none or another one and never harm") {
  std::string const whole = sample_text();
  for (std::size_t bit = 0; bit < whole.size() * 8; ++bit) {
    std::string s = whole;
    s[bit / 8] = static_cast<char>(s[bit / 8] ^ (1 << (bit % 8)));
    auto const read = decode_resume(as_bytes(s));
    if (read) CHECK_FALSE(*read == sample());
  }
}

TEST_CASE("a resume state that is no dictionary is none") {
  CHECK_FALSE(decode_resume(as_bytes("le")));
}
TEST_CASE("a resume state with more behind it is none") {
  CHECK_FALSE(decode_resume(as_bytes(sample_text() + "e")));
}
TEST_CASE("a resume state of another version is none") {
  CHECK_FALSE(with("versioni2e", "versioni1e"));
}
TEST_CASE("a resume state without a version is none") {
  CHECK_FALSE(with("7:versioni2e", ""));
}
TEST_CASE("a resume state without an info hash is none") {
  CHECK_FALSE(with("9:info hash20:abcdefghijklmnopqrst", ""));
}
TEST_CASE("a resume state with a short info hash is none") {
  CHECK_FALSE(with("20:abcdefghijklmnopqrst", "19:abcdefghijklmnopqrs"));
}
TEST_CASE("a resume state with a negative piece length is none") {
  CHECK_FALSE(with("i32768e", "i-1e"));
}
TEST_CASE("a resume state with a huge piece length is none") {
  CHECK_FALSE(with("i32768e", "i4294967296e"));
}
TEST_CASE("a resume state with a negative piece count is none") {
  CHECK_FALSE(with("counti4e", "counti-4e"));
}
TEST_CASE("a resume state with a bitfield that is too short is none") {
  CHECK_FALSE(with("counti4e", "counti9e"));
}
TEST_CASE("a resume state with a spare bit set is none") {
  CHECK_FALSE(with("counti4e", "counti3e"));
}
TEST_CASE("a resume state whose pieces are no string is none") {
  CHECK_FALSE(with("1:\xd0", "i1e"));
}
TEST_CASE("a resume state whose files are no list is none") {
  CHECK_FALSE(with("lli7ei-1ei3ei-2eelee", "i1e"));
}
TEST_CASE("a resume state whose file is no list is none") {
  CHECK_FALSE(with("lli7ei-1ei3ei-2eelee", "li7ee"));
}
TEST_CASE("a resume state whose file has a size and a time alone is none") {
  CHECK_FALSE(with("lli7ei-1ei3ei-2eelee", "lli7eelee"));
  CHECK_FALSE(with("lli7ei-1ei3ei-2eelee", "lli7ei-1eelee"));
}
TEST_CASE("a resume state whose file has a negative size is none") {
  CHECK_FALSE(with("i7e", "i-7e"));
}
TEST_CASE("a resume state that is neither settled nor not is none") {
  CHECK_FALSE(with("settledi1e", "settledi2e"));
}
TEST_CASE("a resume state with its keys out of order is none") {
  CHECK_FALSE(with("7:settledi1e7:versioni2e", "7:versioni2e7:settledi1e"));
}

namespace {

// Four pieces of 4 bytes over files of 6, 0, 2 (padding) and 8 bytes.
struct desk {
  file_map map{{{"a", 6}, {"empty", 0}, {"pad", 2, true}, {"b", 8}}};
  piece_layout layout{16, 4};
  file_stamps now{file_stamp{6, 100}, file_stamp{0, 100}, std::nullopt,
                  file_stamp{8, 200}};
  resume_state state{some_hash(), 4, bits("xx.x"), now, false};

  // x: believed, ?: to be checked, .: known to be lacking
  std::string plan() const {
    resume_plan const p = plan_resume(&state, some_hash(), map, layout, now);
    std::string s = picture(p.believed);
    for (std::size_t i = 0; i < s.size(); ++i) {
      CHECK_FALSE((p.believed[i] && p.to_check[i]));
      if (p.to_check[i]) s[i] = '?';
    }
    return s;
  }
};

} // namespace

TEST_CASE("without a state every piece is checked") {
  desk d;
  auto const p = plan_resume(nullptr, some_hash(), d.map, d.layout, d.now);
  CHECK(p.believed.none());
  CHECK(p.to_check.all());
}

TEST_CASE("files that look the same are believed and what they lacked is looked at") {
  CHECK(desk().plan() == "xx?x");
}

TEST_CASE("a settled state tells what is lacking too") {
  desk d;
  d.state.settled = true;
  CHECK(d.plan() == "xx.x");
}

TEST_CASE("the pieces of a file with another time are checked") {
  desk d;
  d.state.settled = true;
  d.now[3]->mtime += 1;
  CHECK(d.plan() == "xx??");
  d.now[0]->mtime -= 1;
  CHECK(d.plan() == "????");
}

TEST_CASE("the pieces of a file whose time was set back are checked") {
  desk d;
  d.now[3]->ctime += 1; // which cannot be set back
  CHECK(d.plan() == "xx??");
}

TEST_CASE("the pieces of another file under the same name are checked") {
  desk d;
  d.now[0]->inode += 1;
  CHECK(d.plan() == "???x");
}

TEST_CASE("the pieces of a file with another size are checked") {
  desk d;
  d.now[0]->size = 5;
  CHECK(d.plan() == "???x");
}

TEST_CASE("the pieces of a file that is gone are checked") {
  desk d;
  d.now[0].reset();
  CHECK(d.plan() == "???x");
}

TEST_CASE(
    "a state that claims pieces of a file that it says is not there gets no belief") {
  desk d;
  d.now[0].reset();
  d.state.files[0].reset();
  CHECK(d.plan() == "???x");
  d.state.settled = true;
  CHECK(d.plan() == "...x");
}

TEST_CASE("the time of an empty file and of padding does not matter") {
  desk d;
  d.now[1].reset();
  d.now[2] = file_stamp{2, 5};
  CHECK(d.plan() == "xx?x");
}

TEST_CASE("the state of another torrent is not believed") {
  desk d;
  SECTION("another info_hash") { d.state.hash = {}; }
  SECTION("another piece length") { d.state.piece_length = 8; }
  SECTION("another count of pieces") { d.state.pieces = bits("xxxxx"); }
  SECTION("another count of files") { d.state.files.pop_back(); }
  CHECK(d.plan() == "????");
}

TEST_CASE("a saved state is hidden beside the files and is gone when removed") {
  temporary_folder dir;
  REQUIRE_FALSE(save_resume(dir.path(), sample()));
  CHECK(fs::exists(dir / (".cotorra-" + some_hash().hex() + ".resume")));
  CHECK(load_resume(dir.path(), some_hash()) == sample());
  CHECK_FALSE(load_resume(dir.path(), {}));
  remove_resume(dir.path(), some_hash());
  CHECK(fs::is_empty(dir.path()));
}

TEST_CASE("a save goes over the old state and over what a killed one left") {
  temporary_folder dir;
  REQUIRE_FALSE(save_resume(dir.path(), sample()));
  dir.put(resume_path("", some_hash()).string() + ".new", "d5:fileslli7e");
  resume_state other = sample();
  other.pieces = bits("xxxx");
  REQUIRE_FALSE(save_resume(dir.path(), other));
  CHECK(load_resume(dir.path(), some_hash()) == other);
  remove_resume(dir.path(), some_hash());
  CHECK(fs::is_empty(dir.path()));
}

TEST_CASE("a file of another torrent under a state's name is left alone") {
  temporary_folder dir;
  std::string const name = resume_path("", some_hash()).string();
  dir.put(name, "what another torrent shares");
  dir.put(name + ".new", "and one more of it");
  CHECK_FALSE(load_resume(dir.path(), some_hash()));
  CHECK(save_resume(dir.path(), sample()));
  remove_resume(dir.path(), some_hash());
  CHECK(dir.get(name) == "what another torrent shares");
  CHECK(dir.get(name + ".new") == "and one more of it");
}

TEST_CASE("a state is saved through no symbolic link and read through none") {
  temporary_folder dir, outside;
  outside.put("target", "keep this");
  fs::path const at = resume_path(dir.path(), some_hash());
  fs::create_symlink(outside / "target", at);
  fs::create_symlink(outside / "target", fs::path(at) += ".new");
  CHECK_FALSE(load_resume(dir.path(), some_hash()));
  REQUIRE_FALSE(save_resume(dir.path(), sample()));
  CHECK(outside.get("target") == "keep this");
  CHECK(load_resume(dir.path(), some_hash()) == sample());
}

TEST_CASE("a folder that is not there holds no state and says so") {
  temporary_folder dir;
  CHECK_FALSE(load_resume(dir / "none", some_hash()));
  CHECK(save_resume(dir / "none", sample()) == std::errc::no_such_file_or_directory);
  remove_resume(dir / "none", some_hash());
}

TEST_CASE("what lies where the state should be may be anything") {
  temporary_folder dir;
  fs::path const at = resume_path(dir.path(), some_hash());
  SECTION("a folder") { fs::create_directory(at); }
  SECTION("a pipe") { REQUIRE(::mkfifo(at.c_str(), 0600) == 0); }
  SECTION("an empty file") { std::ofstream(at).flush(); }
  SECTION("a huge file") {
    std::ofstream(at).flush();
    fs::resize_file(at, std::uintmax_t{1} << 40);
  }
  CHECK_FALSE(load_resume(dir.path(), some_hash()));
}

TEST_CASE("a stamp changes with every write to its file") {
  temporary_folder dir;
  storage s(dir.path(), file_map({{"a", 4}, {"pad", 2, true}, {"sub/b", 4}}));
  REQUIRE_FALSE(s.write(0, as_bytes("aaaa..")));
  file_stamps const before = stamp_quiet_files(s);
  REQUIRE(before[0]);
  CHECK(before[0]->size == 4);
  CHECK_FALSE(before[1]);
  CHECK_FALSE(before[2]);
  CHECK(stamp_quiet_files(s) == before);
  REQUIRE_FALSE(
      s.write(1, as_bytes("b"))); // at once: the clock may not have ticked since
  CHECK_FALSE(stamp_files(s)[0] == before[0]);
}

TEST_CASE("a file of the future is stamped but not for keeps") {
  temporary_folder dir;
  dir.put("a", "aaaa");
  fs::last_write_time(dir / "a",
                      fs::file_time_type::clock::now() + std::chrono::hours(9));
  storage s(dir.path(), file_map({{"a", 4}}));
  CHECK(stamp_files(s)[0]);
  CHECK_FALSE(stamp_quiet_files(s)[0]);
}
