// What a folder gives to share, and what it cannot.
#include "base/error.hpp"
#include "metainfo/scan.hpp"
#include "print.hpp"
#include "support/catch.hpp"
#include "support/plain_user.hpp"
#include <fstream>
#include <sys/stat.h>
#include <unistd.h>

using namespace cotorra;
using namespace cotorra::test;
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
    for (metainfo::created_file const& file : metainfo::scan(at).files) {
      for (auto const& element : file.path) out += "/" + element;
      out += " ";
    }
    return out;
  }
  std::string warning() const {
    auto const all = metainfo::scan(at).warnings;
    REQUIRE(all.size() == 1);
    return all[0];
  }
  std::string refusal() const {
    try {
      metainfo::scan(at);
    } catch (input_error const& e) {
      return e.what();
    }
    return "(accepted)";
  }
  fs::path at;
};

auto contains(std::string text) { return Catch::Matchers::ContainsSubstring(text); }

std::string refusal_for_a_user(tree const& t) {
  return as_plain_user([&] { return t.refusal(); });
}

} // namespace

TEST_CASE("files are sorted by the bytes of their paths") {
  tree const t;
  for (std::string name : {"b", "a/z", "a.txt", "B", "a/b/c", "\xC3\xB1"}) t.put(name);
  CHECK(t.found() == "/B /a.txt /a/b/c /a/z /b /\xC3\xB1 ");
}

TEST_CASE("one file is a torrent without a folder") {
  tree const t;
  t.put("x.jpg");
  metainfo::scanned const s = metainfo::scan(t.at / "x.jpg");
  CHECK(s.name == "x.jpg");
  CHECK(s.total_length == 7);
  REQUIRE(s.files.size() == 1);
  CHECK(s.files[0].path.empty());
  CHECK(s.files[0].length == 7);
  CHECK(s.where == std::vector<fs::path>{t.at / "x.jpg"});
  std::ofstream(t.at / "one") << "1";
  CHECK(metainfo::scan(t.at / "one").total_length == 1);
}

TEST_CASE("a slash behind the folder changes nothing") {
  tree const t;
  t.put("x");
  CHECK(metainfo::scan(t.at / "").name == "share");
  CHECK(metainfo::scan(t.at / "." / "").name == "share");
}

TEST_CASE("the right to execute is seen") {
  tree const t;
  t.put("run");
  fs::permissions(t.at / "run", fs::perms::owner_exec, fs::perm_options::add);
  CHECK(metainfo::scan(t.at).files[0].executable);
}

TEST_CASE("an empty folder is left out with a warning") {
  tree const t;
  t.put("x");
  fs::create_directory(t.at / "void");
  CHECK(t.found() == "/x ");
  CHECK_THAT(t.warning(), contains("/void is an empty folder"));
}

TEST_CASE("a link to a file inside becomes a link of the torrent") {
  tree const t;
  t.put("d/x");
  fs::create_symlink("x", t.at / "d" / "y");
  fs::create_symlink("../d/x", t.at / "d" / "z");
  fs::create_symlink(t.at / "d" / "x", t.at / "w");
  CHECK(t.found() == "/d/x /d/y /d/z /w ");
  metainfo::scanned const all = metainfo::scan(t.at);
  CHECK(all.total_length == 7);
  CHECK(all.warnings.empty());
  for (std::size_t i = 1; i < 4; ++i) {
    CHECK(all.files[i].length == 0);
    CHECK(all.files[i].symlink == std::vector<std::string>{"d", "x"});
  }
}

TEST_CASE("a link to a folder inside and a link through it keep their own way") {
  tree const t;
  t.put("2/text");
  fs::create_symlink("2", t.at / "now");
  fs::create_symlink("now/text", t.at / "text");
  CHECK(t.found() == "/2/text /now /text ");
  metainfo::scanned const all = metainfo::scan(t.at);
  CHECK(all.files[1].symlink == std::vector<std::string>{"2"});
  CHECK(all.files[2].symlink == std::vector<std::string>{"now", "text"});
}

TEST_CASE("a link to a folder may end in a slash or a dot") {
  tree const t;
  t.put("d/e/x");
  fs::create_symlink("d/", t.at / "slash");
  fs::create_symlink("d/e/.", t.at / "dot");
  metainfo::scanned const all = metainfo::scan(t.at);
  REQUIRE(t.found() == "/d/e/x /dot /slash ");
  CHECK(all.files[1].symlink == std::vector<std::string>{"d", "e"});
  CHECK(all.files[2].symlink == std::vector<std::string>{"d"});
}

TEST_CASE("a link through one that is left out goes straight to its target") {
  tree const t;
  t.put("2/text");
  fs::create_symlink("2", t.at / "now");
  fs::create_symlink("now/text", t.at / "text");
  metainfo::scanned const all = metainfo::scan(t.at, {.exclude = {"now"}});
  REQUIRE(all.files.size() == 2);
  CHECK(all.files[1].symlink == std::vector<std::string>{"2", "text"});
  CHECK(all.warnings.empty());
}

TEST_CASE("a link to what is not shared is left out with a warning") {
  tree const t;
  t.put("x");
  t.put("d/y");
  fs::create_directory(t.at / "void");
  fs::create_symlink("d/y", t.at / "to file");
  fs::create_symlink("d", t.at / "to folder");
  fs::create_symlink("void", t.at / "to nothing");
  metainfo::scanned const all = metainfo::scan(t.at, {.exclude = {"d"}});
  CHECK(all.files.size() == 1);
  CHECK(all.warnings.size() == 4); // three links and the empty folder
}

TEST_CASE("a link that leads out is left out with a warning") {
  tree const t;
  t.put("x");
  fs::create_symlink("/etc/hostname", t.at / "y");
  CHECK(t.found() == "/x ");
  CHECK_THAT(t.warning(), contains("leads out of the folder"));
}

TEST_CASE("a link to the folder itself is left out and links make no circle") {
  tree const t;
  t.put("x");
  fs::create_symlink(".", t.at / "y");
  CHECK(t.found() == "/x ");
  CHECK_THAT(t.warning(), contains("link to the folder itself"));
  fs::create_symlink("z", t.at / "z");
  CHECK(t.found() == "/x ");
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

TEST_CASE("a special file is nothing to share") {
  tree const t;
  fs::path const pipe = t.at / "pipe";
  REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
  CHECK_THROWS_WITH(metainfo::scan(pipe),
                    contains("/pipe: is neither a file nor a folder: name one"));
}

TEST_CASE("all that cannot be read is told before anything is shared") {
  tree const t;
  fs::permissions(t.at.parent_path(), fs::perms(0755));
  for (std::string name : {"a", "b", "c", "d"}) t.put(name);
  auto const lock = [&](std::string const& name) {
    fs::permissions(t.at / name, fs::perms::none);
    return refusal_for_a_user(t);
  };
  CHECK_THAT(lock("b"), contains("/b: cannot be read: mend that, or leave it out"));
  CHECK_THAT(lock("c"), contains("cannot be read, nor can 1 other: mend that"));
  CHECK_THAT(lock("d"), contains("cannot be read, nor can 2 others: mend that"));
  for (std::string name : {"b", "c", "d"}) fs::permissions(t.at / name, fs::perms(0644));
  CHECK(refusal_for_a_user(t) == "(accepted)");
  t.put("locked/x");
  CHECK_THAT(lock("locked"), contains("/locked: cannot be listed (Permission denied)"));
  fs::permissions(t.at / "locked", fs::perms(0755));
  fs::permissions(t.at.parent_path(), fs::perms::none);
  CHECK_THAT(refusal_for_a_user(t),
             contains("/share: cannot be read (Permission denied)"));
  fs::permissions(t.at.parent_path(), fs::perms(0755));
}

TEST_CASE("nothing there and nothing in it are refused") {
  tree const t;
  CHECK_THAT(t.refusal(), contains("no bytes in it"));
  fs::remove(t.at);
  CHECK_THAT(t.refusal(), contains("no such file"));
}

TEST_CASE("a name is given as the disk has it") {
  tree const t;
  t.put("a\\b");
  CHECK(t.found() == "/a\\b ");
}

TEST_CASE("what a pattern matches is left out") {
  tree const t;
  for (std::string name : {"a.txt", "a.tmp", "d/b.tmp", "d/c", "e/d/f", "e/g"})
    t.put(name);
  auto const left = [&](std::vector<std::string> const& patterns) {
    std::string out;
    for (metainfo::created_file const& file :
         metainfo::scan(t.at, {.exclude = patterns}).files)
      out += file.path.back() + " ";
    return out;
  };
  CHECK(left({"*.tmp"}) == "a.txt c f g ");
  CHECK(left({"d"}) == "a.tmp a.txt g ");
  CHECK(left({"d/"}) == "a.tmp a.txt g ");
  CHECK(left({"e/d"}) == "a.tmp a.txt b.tmp c g ");
  CHECK(left({"d/*.tmp"}) == "a.tmp a.txt c f g ");
  CHECK(left({"*/g", "a.*"}) == "b.tmp c f ");
  CHECK(left({"./e/"}) == "a.tmp a.txt b.tmp c ");
  CHECK(left({"a.t[xm]*", "[!de]"}) == "b.tmp ");
  CHECK(left({"/d"}) == "a.tmp a.txt f g ");
  CHECK(left({"//e/g//"}) == "a.tmp a.txt b.tmp c f ");
  CHECK(left({"e/*"}) == "a.tmp a.txt b.tmp c ");
  CHECK(left({"*/f"}) == "a.tmp a.txt b.tmp c f g "); // a star stops at a slash
}

TEST_CASE("a pattern that matches nothing is told") {
  tree const t;
  t.put("x");
  t.put("y.txt");
  for (std::vector<std::string> const& patterns :
       {std::vector<std::string>{"*.tmp", "?"}, {"?", "*.tmp"}}) {
    auto const all = metainfo::scan(t.at, {.exclude = patterns}).warnings;
    REQUIRE(all.size() == 1);
    CHECK_THAT(all[0], contains("*.tmp"));
  }
}

TEST_CASE("what file managers leave behind stays behind and is told") {
  tree const t;
  for (std::string name : {"x", ".DS_Store", "d/Thumbs.db", "d/y", "desktop.ini"})
    t.put(name);
  CHECK(t.found() == "/d/y /x ");
  CHECK_THAT(t.warning(), contains(" and 2 more: left out, as file managers make them"));
  fs::remove(t.at / "desktop.ini");
  CHECK_THAT(t.warning(), contains(" and 1 more: left out"));
  fs::remove(t.at / ".DS_Store");
  CHECK_THAT(t.warning(), Catch::Matchers::StartsWith(
                              "d/Thumbs.db: left out, as file managers make it"));
  t.put(".DS_Store");
  t.put("desktop.ini");
  CHECK(metainfo::scan(t.at, {.exclude = {}, .litter = true}).files.size() == 5);
  CHECK(metainfo::scan(t.at / "desktop.ini").files.size() == 1);
}

TEST_CASE("a repository is shared and told") {
  tree const t;
  for (std::string name : {"x", ".git/HEAD"}) t.put(name);
  CHECK(t.found() == "/.git/HEAD /x ");
  CHECK_THAT(t.warning(),
             Catch::Matchers::StartsWith(".git: shared") && contains("--exclude .git"));
  CHECK(metainfo::scan(t.at, {.exclude = {".git"}}).warnings.empty());
}
