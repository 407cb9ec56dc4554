// What a folder gives to share, and what it cannot.
#include "base/error.hpp"
#include "metainfo/scan.hpp"
#include "support/catch.hpp"
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

using namespace cotorra;
namespace fs = std::filesystem;

namespace {

struct tree {
  tree() {
    std::string name = (fs::temp_directory_path() / "cotorra-XXXXXX").string();
    at = ::mkdtemp(name.data());
    at /= "share";
    fs::create_directory(at);
  }
  ~tree() { fs::remove_all(at.parent_path()); }
  void put(std::string const& name) const {
    fs::create_directories((at / name).parent_path());
    std::ofstream(at / name) << "content";
  }
  std::string found() const {
    std::string out;
    for (created_file const& file : scan(at).files) {
      for (auto const& element : file.path) out += "/" + element;
      out += " ";
    }
    return out;
  }
  std::string warning() const {
    auto const all = scan(at).warnings;
    REQUIRE(all.size() == 1);
    return all[0];
  }
  std::string refusal() const {
    try {
      scan(at);
    } catch (input_error const& e) {
      return e.what();
    }
    return "(accepted)";
  }
  fs::path at;
};

auto contains(std::string text) { return Catch::Matchers::ContainsSubstring(text); }

} // namespace

TEST_CASE("files are sorted by the bytes of their paths") {
  tree const t;
  for (std::string name : {"b", "a/z", "a.txt", "B", "a/b/c", "\xC3\xB1"}) t.put(name);
  CHECK(t.found() == "/B /a.txt /a/b/c /a/z /b /\xC3\xB1 ");
}

TEST_CASE("one file is a torrent without a folder") {
  tree const t;
  t.put("x.jpg");
  scanned const s = scan(t.at / "x.jpg");
  CHECK(s.name == "x.jpg");
  CHECK(s.total_length == 7);
  REQUIRE(s.files.size() == 1);
  CHECK(s.files[0].path.empty());
}

TEST_CASE("a slash behind the folder changes nothing") {
  tree const t;
  t.put("x");
  CHECK(scan(t.at / "").name == "share");
  CHECK(scan(t.at / "." / "").name == "share");
}

TEST_CASE("the right to execute is seen") {
  tree const t;
  t.put("run");
  fs::permissions(t.at / "run", fs::perms::owner_exec, fs::perm_options::add);
  CHECK(scan(t.at).files[0].executable);
}

TEST_CASE("an empty folder is left out with a warning") {
  tree const t;
  t.put("x");
  fs::create_directory(t.at / "void");
  CHECK(t.found() == "/x ");
  CHECK_THAT(t.warning(), contains("/void is an empty folder"));
}

TEST_CASE("a link to a file inside counts as that file") {
  tree const t;
  t.put("x");
  fs::create_symlink("x", t.at / "y");
  CHECK(t.found() == "/x /y ");
  CHECK(scan(t.at).total_length == 14);
}

TEST_CASE("a link that leads out is left out with a warning") {
  tree const t;
  t.put("x");
  fs::create_symlink("/etc/hostname", t.at / "y");
  CHECK(t.found() == "/x ");
  CHECK_THAT(t.warning(), contains("leads out of the folder"));
}

TEST_CASE("a link to a folder is left out and cannot make a circle") {
  tree const t;
  t.put("x");
  fs::create_symlink(".", t.at / "y");
  CHECK(t.found() == "/x ");
  CHECK_THAT(t.warning(), contains("link to a folder"));
}

TEST_CASE("a link to nothing is left out with a warning") {
  tree const t;
  t.put("x");
  fs::create_symlink("gone", t.at / "y");
  CHECK_THAT(t.warning(), contains("leads nowhere"));
}

TEST_CASE("a special file is refused by name") {
  tree const t;
  t.put("x");
  REQUIRE(::mkfifo((t.at / "pipe").c_str(), 0600) == 0);
  CHECK_THAT(t.refusal(), contains("/pipe: is neither a file nor a folder"));
}

TEST_CASE("nothing there and nothing in it are refused") {
  tree const t;
  CHECK_THAT(t.refusal(), contains("not one byte"));
  fs::remove(t.at);
  CHECK_THAT(t.refusal(), contains("no such file"));
}

TEST_CASE("a name that other programs would change is told") {
  tree const t;
  t.put("a\\b");
  CHECK(t.found() == "/a\\b ");
  CHECK_THAT(t.warning(), contains("under another name"));
}
