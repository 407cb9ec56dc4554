// Making a .torrent: the same options give the same bytes, and others' programs made the
// same ones.
#include "base/sha.hpp"
#include "io/real_world.hpp"
#include "metainfo/create_talk.hpp"
#include "metainfo/scan.hpp"
#include "support/bench.hpp"
#include "support/hole.hpp"
#include "support/story.hpp"
#include "torrents.hpp"
#include <fmt/format.h>
#include <fstream>
#include <unistd.h>

using namespace cotorra;
using namespace cotorra::test;
namespace fs = std::filesystem;

namespace {

struct inline_workers : io::workers {
  void post(std::function<void()> job) override { job(); }
  unsigned count() const override { return many; }
  unsigned many = 3;
};

// A folder that is gone at the end of the test.
struct folder {
  folder() {
    std::string name = (fs::temp_directory_path() / "cotorra-XXXXXX").string();
    at = ::mkdtemp(name.data());
  }
  ~folder() { fs::remove_all(at); }
  fs::path put(fs::path const& name, std::string_view content) const {
    fs::create_directories((at / name).parent_path());
    std::ofstream(at / name, std::ios::binary) << content;
    return at / name;
  }
  fs::path at;
};

std::string pattern(std::size_t size) {
  std::string all; // 0 to 250, again and again
  for (int i = 0; i < 251; ++i) all += static_cast<char>(i);
  while (all.size() < size) all += all;
  return all.substr(0, size);
}

std::vector<sha1_digest> hash_all(metainfo::files_to_hash const& files,
                                  std::uint32_t piece_length, unsigned workers = 3) {
  bench desk;
  inline_workers pool;
  pool.many = workers;
  return desk.run(metainfo::hash_pieces(pool, files, piece_length));
}

std::vector<sha1_digest> hashed_or_why(metainfo::files_to_hash const& files,
                                       std::uint32_t piece_length, std::string& why) {
  try {
    return hash_all(files, piece_length);
  } catch (std::exception const& e) {
    if (is_hole(e)) throw;
    why = e.what();
    why = why.substr(why.rfind('/') + 1); // the folder's name is another each time
    return {};
  }
}

// Which of these bytes that is the hash of.
std::string hashed_bytes(sha1_digest const& hash, std::string_view all) {
  if (hash == sha1_digest{}) return "there is no hash yet, but 20 zero bytes";
  for (std::size_t begin = 0; begin <= all.size(); ++begin)
    for (std::size_t size = 0; size <= all.size() - begin; ++size)
      if (std::string_view const part = all.substr(begin, size);
          sha1(as_bytes(part)) == hash)
        return fmt::format("you hash \"{}\"", part);
  return "you hash other bytes: " + hash.hex();
}

metainfo::files_to_hash to_hash(metainfo::scanned const& found) {
  metainfo::files_to_hash out;
  for (std::size_t i = 0; i < found.files.size(); ++i)
    out.emplace_back(found.where[i], found.files[i].length);
  return out;
}

std::string sentence(std::function<void()> const& work) {
  try {
    work();
  } catch (input_error const& e) {
    return e.what();
  }
  return "(accepted)";
}

std::vector<sha1_digest> some_hashes(std::size_t n) {
  sha1_digest dots;
  dots.value.fill(std::byte{'.'});
  return std::vector<sha1_digest>(n, dots);
}

} // namespace

TEST_CASE("the lecture's torrent is written byte for byte") {
  metainfo::create_options options;
  options.name = "perro.jpg";
  options.piece_length = 262144;
  options.trackers = {{"http://tracker.example.com/announce"}};
  options.created_by = "mktorrent 1.1";
  options.creation_date = 1748799493;
  metainfo::created_file const one[] = {{{}, 65703}};
  buffer const out = metainfo::encode(options, one, some_hashes(1));
  CHECK(as_text(out) ==
        "d8:announce35:http://tracker.example.com/announce10:created by13:mktorrent "
        "1.113:creation datei1748799493e4:infod6:lengthi65703e4:name9:perro.jpg12:piece "
        "lengthi262144e6:pieces20:....................ee");
  CHECK(metainfo::decode(out).total_length == 65703);
}

TEST_CASE("a piece is hashed from as many files as it takes") {
  folder const disk;
  metainfo::files_to_hash const files = {{disk.put("a", "spam"), 4},
                                         {disk.put("b", "eggsandmor"), 10},
                                         {disk.put("c", ""), 0},
                                         {disk.put("d", "e"), 1},
                                         {disk.put("e", "ham"), 3}};
  std::string const all = "spameggsandmoreham";
  story s;
  s.given("files that hold spam, eggsandmor, nothing, e and ham, in pieces of 5 bytes");
  std::string why = "there are no hashes";
  auto const got = hashed_or_why(files, 5, why);
  s.expect("you hash all of them", got.size() == 4, why);
  for (std::size_t i = 0; i < 4; ++i) {
    std::string const piece = all.substr(5 * i, 5);
    s.expect(fmt::format("piece {} is \"{}\"", i, piece), got[i] == sha1(as_bytes(piece)),
             hashed_bytes(got[i], all));
  }
}

TEST_CASE("a piece that is larger than what is read at a time has one hash") {
  folder const disk;
  std::string const content = pattern(600'000);
  metainfo::files_to_hash const files = {{disk.put("a", content.substr(0, 100)), 100},
                                         {disk.put("b", content.substr(100)), 599'900}};
  story s;
  s.given("files of 100 and 599,900 bytes in pieces of 524,288; `part` holds 262,144");
  std::string why = "there are no hashes";
  auto const got = hashed_or_why(files, 524'288, why);
  s.expect("you hash both of them", got.size() == 2, why);
  for (std::size_t i = 0; i < 2; ++i) {
    std::string const wanted = sha1(as_bytes(content.substr(524'288 * i, 524'288))).hex();
    s.expect(fmt::format("piece {} has the hash {}..", i, wanted.substr(0, 8)),
             got[i].hex() == wanted, got[i].hex());
  }
}

TEST_CASE("a folder becomes the torrent that libtorrent and mktorrent make of it") {
  folder const disk;
  disk.put("tree/a.txt", std::string(40000, 'a'));
  disk.put("tree/sub/b.bin", pattern(30001));
  disk.put("tree/empty", "");
  metainfo::scanned const found = metainfo::scan(disk.at / "tree");
  CHECK(found.name == "tree");
  CHECK(found.total_length == 70001);
  REQUIRE(found.files.size() == 3);

  metainfo::create_options options;
  options.name = found.name;
  options.piece_length = 16384;
  options.trackers = {{"http://one.example/announce"}, {"udp://two.example:80/announce"}};
  options.comment = "hola";
  options.created_by = "cotorra test";
  options.is_private = true;
  buffer out = metainfo::encode(options, found.files, hash_all(to_hash(found), 16384));
  // libtorrent 2.0.8: create_torrent with the same trackers, comment, creator and priv
  story s;
  s.given("a.txt of 40,000 bytes, an empty file, and sub/b.bin of 30,001 bytes");
  s.you("make a .torrent of them, in pieces of 16,384");
  std::string const hash = metainfo::decode(out).hash.hex();
  s.expect("its info_hash is libtorrent's: 5846309a..",
           hash == "5846309a503ebb2bc0b49e7707adc9730a464f9f", hash);
  CHECK(sha1(out).hex() == "000cda1ba2d3640b080153fd6b6bff64092c8be7");

  // mktorrent -l 15 -a http://one.example/announce -c hola -d tree
  options.piece_length = 32768;
  options.trackers.pop_back();
  options.created_by = "mktorrent 1.1";
  options.is_private = false;
  out = metainfo::encode(options, found.files, hash_all(to_hash(found), 32768));
  CHECK(sha1(out).hex() == "8ecf0aaae9a3bb98f0b70b718c1f42f83b120194");
}

TEST_CASE("what is written is read back") {
  metainfo::create_options options;
  options.name = "tree";
  options.piece_length = 32;
  options.trackers = {{}, {"a", "b"}, {"c"}};
  options.comment = "c";
  options.source = "s";
  options.is_private = true;
  options.url_list = {"http://w/"};
  metainfo::created_file const files[] = {{{"x"}, 40, true}, {{"d", "y"}, 10}};
  metainfo::metainfo const m =
      metainfo::decode(metainfo::encode(options, files, some_hashes(2)));
  CHECK(m.trackers == decltype(m.trackers){{"a", "b"}, {"c"}});
  CHECK(m.source == "s");
  CHECK(m.is_private);
  CHECK(m.url_list == options.url_list);
  CHECK_FALSE(m.creation_date);
  REQUIRE(m.files.size() == 2);
  CHECK(m.files[0].executable);
  CHECK(m.files[1].path_text() == "tree/d/y");
  CHECK(m.warnings.empty());
}

TEST_CASE("announce-list is written only where one URL is not enough") {
  metainfo::create_options options;
  options.name = "a";
  options.piece_length = 16384;
  metainfo::created_file const one[] = {{{}, 1}};
  auto const begins = [&](std::vector<std::vector<std::string>> trackers) {
    options.trackers = std::move(trackers);
    buffer const out = metainfo::encode(options, one, some_hashes(1));
    return std::string(as_text(out).substr(0, as_text(out).find("4:info")));
  };
  CHECK(begins({}) == "d");
  CHECK(begins({{}}) == "d");
  CHECK(begins({{}, {"x"}}) == "d8:announce1:x");
  CHECK(begins({{"x", "y"}}) == "d8:announce1:x13:announce-listll1:x1:yee");
  CHECK(begins({{"x"}, {"y"}}) == "d8:announce1:x13:announce-listll1:xel1:yee");
}

TEST_CASE("parts that do not fit together are refused") {
  metainfo::create_options options;
  options.name = "x";
  options.piece_length = 32;
  metainfo::created_file const one[] = {{{}, 40}}, two[] = {{{}, 40}, {{"a"}, 1}},
                               no[] = {{{}, 0}};
  auto write = [&](auto const& files, std::size_t n) {
    return sentence([&] { metainfo::encode(options, files, some_hashes(n)); });
  };
  CHECK(write(one, 2) == "(accepted)");
  CHECK(write(one, 1) == "the files have 2 pieces, but 1 hashes were given");
  CHECK(write(one, 3) == "the files have 2 pieces, but 3 hashes were given");
  CHECK(write(std::vector<metainfo::created_file>{{{}, 1}}, 1) == "(accepted)");
  CHECK(write(two, 2) == "a file among others needs a path of its own");
  CHECK(write(no, 0) == "the files are all empty: there is nothing to share");
  CHECK(write(std::vector<metainfo::created_file>(), 0) ==
        "there is no file to share: name one");
  options.piece_length = 0;
  CHECK_THAT(write(one, 2), Catch::Matchers::ContainsSubstring("piece length of 0"));
  options = {"../x", 32, {}, "", "", "", {}, false, {}};
  CHECK_THAT(write(one, 2), Catch::Matchers::ContainsSubstring("needs a name"));
}

TEST_CASE("the piece length follows the size") {
  constexpr std::uint64_t mib = 1024 * 1024;
  CHECK(metainfo::choose_piece_length(0) == 16 * 1024);
  CHECK(metainfo::choose_piece_length(10 * mib) == 16 * 1024);
  CHECK(metainfo::choose_piece_length(700 * mib) == 512 * 1024);
  CHECK(metainfo::choose_piece_length(4096 * mib) == 4 * mib);
  CHECK(metainfo::choose_piece_length(std::uint64_t{1} << 50) == 16 * mib);
  CHECK(metainfo::choose_piece_length(2000 * 16 * 1024 - 1) == 16 * 1024);
  CHECK(metainfo::choose_piece_length(2000 * 16 * 1024) == 32 * 1024);
  CHECK(metainfo::choose_piece_length(1000 * 16 * mib) == 16 * mib);
  CHECK(metainfo::choose_piece_length(1000 * 16 * mib - 1) == 8 * mib);
  for (std::uint64_t size = 16 * mib; size < 16384 * mib; size += size / 7) {
    std::uint64_t const n =
        metainfo::count_pieces(size, metainfo::choose_piece_length(size));
    CHECK(n >= 1000);
    CHECK(n <= 2000);
  }
}

TEST_CASE("pieces run across files whatever their sizes are") {
  folder const disk;
  std::string all;
  metainfo::files_to_hash files;
  for (std::size_t size : {0u, 1u, 99u, 100u, 101u, 0u, 300u, 1000u, 7u, 0u}) {
    std::string const content = pattern(size + 3).substr(3);
    files.emplace_back(disk.put(std::to_string(files.size()), content), size);
    all += content;
  }
  for (std::uint32_t piece_length : {1u, 7u, 100u, 1000u, 5000u}) {
    auto const got = hash_all(files, piece_length);
    REQUIRE(got.size() == metainfo::count_pieces(all.size(), piece_length));
    bool same = true;
    for (std::size_t i = 0; i < got.size(); ++i) {
      std::string_view const piece =
          std::string_view(all).substr(i * piece_length, piece_length);
      same &= got[i] == sha1(as_bytes(piece));
    }
    CHECK(same);
  }
}

TEST_CASE("hashing in many threads gives the same hashes and tells how far it is") {
  folder const disk;
  std::string const content = pattern(64 * 1024 * 1024 + 5); // five runs
  metainfo::files_to_hash const files = {{disk.put("big", content), content.size()}};
  io::real_world world(3);
  std::vector<sha1_digest> got;
  std::vector<std::uint64_t> told;
  io::world doors = world.doors();
  io::workers& pool = doors.workers;
  auto run = [&]() -> io::task<> {
    auto hashing = metainfo::hash_pieces(pool, files, 1 << 20,
                                         [&](std::uint64_t n) { told.push_back(n); });
    got = co_await std::move(hashing);
  };
  asio::co_spawn(world.context(), run(), [](std::exception_ptr e) { CHECK_FALSE(e); });
  world.context().run();
  REQUIRE(got.size() == 65);
  std::string_view const view = content;
  CHECK(got[33] == sha1(as_bytes(view.substr(33 << 20, 1 << 20))));
  CHECK(got[64] == sha1(as_bytes(view.substr(64 << 20))));
  REQUIRE(told.size() == 5);
  CHECK(std::is_sorted(told.begin(), told.end()));
  CHECK(told.back() == content.size());
}

TEST_CASE("each worker gets a run of pieces at once") {
  struct : io::workers {
    void post(std::function<void()> job) override { jobs.push_back(std::move(job)); }
    unsigned count() const override { return 3; }
    std::vector<std::function<void()>> jobs;
  } pool;
  folder const disk;
  fs::path const file = disk.put("large", "");
  std::uint32_t const run = 16 * 1024 * 1024;
  fs::resize_file(file, 3 * run + 1);
  bench desk;
  auto const r = desk.start(metainfo::hash_pieces(pool, {{file, 3 * run + 1}}, run));
  CHECK(pool.jobs.size() == 3);
  for (std::size_t i = 0; i < pool.jobs.size(); ++i) {
    std::exchange(pool.jobs[i], nullptr)();
    desk.settle();
  }
  CHECK(pool.jobs.size() == 4); // one of them has taken the last piece, too
  CHECK(r->get().size() == 4);
}

TEST_CASE("one worker is enough") {
  folder const disk;
  auto const got = hash_all({{disk.put("a", "spam"), 4}}, 4, 1);
  REQUIRE(got.size() == 1);
  CHECK(got[0] == sha1(as_bytes("spam")));
}

TEST_CASE("a file of no bytes is not opened") {
  folder const disk;
  fs::path const gone = disk.at / "no such file";
  auto const got = hash_all(
      {{gone, 0}, {disk.put("a", "spam"), 4}, {gone, 0}, {disk.put("b", "eggs"), 4}}, 8);
  REQUIRE(got.size() == 1);
  CHECK(got[0] == sha1(as_bytes("spameggs")));
}

TEST_CASE("each file is closed after it was hashed and also where that fails") {
  folder const disk;
  metainfo::files_to_hash const files = {{disk.put("a", "spam"), 4},
                                         {disk.put("b", "eggs"), 4}};
  auto const open_files = [] {
    auto const all = fs::directory_iterator("/proc/self/fd");
    return std::distance(fs::begin(all), fs::end(all));
  };
  auto const before = open_files();
  hash_all(files, 4);
  CHECK(open_files() == before);
  for (fs::path const& bad : {files[0].first, disk.at, disk.at / "gone"}) {
    CHECK_THROWS_AS(hash_all({{bad, 5}}, 4), input_error);
    CHECK(open_files() == before);
  }
}

TEST_CASE("a file that is gone or has changed its size is told by name") {
  folder const disk;
  fs::path const file = disk.put("x", "1234567");
  auto hash = [&](fs::path const& path, std::uint64_t size) {
    return sentence([&] { hash_all({{path, size}}, 4); });
  };
  CHECK(hash(file, 7) == "(accepted)");
  CHECK_THAT(hash(file, 8), Catch::Matchers::ContainsSubstring("/x: its size changed"));
  CHECK_THAT(hash(file, 6), Catch::Matchers::ContainsSubstring("/x: its size changed"));
  CHECK_THAT(hash(disk.at / "no", 6),
             Catch::Matchers::ContainsSubstring("/no: cannot be read (No such file"));
  CHECK_THAT(hash(disk.at, 6),
             Catch::Matchers::ContainsSubstring("cannot be read (Is a directory"));
}
