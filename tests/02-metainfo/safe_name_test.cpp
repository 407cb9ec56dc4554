// Names from strangers: each unsafe shape, and that safe names stay as they are.
#include "base/random.hpp"
#include "metainfo/safe_name.hpp"
#include "support/hole.hpp"
#include "support/story.hpp"
#include "torrents.hpp"
#include <fmt/format.h>
#include <set>

using namespace cotorra;
using namespace cotorra::test;

namespace {

// What you make of the name, or the words of the exception.
std::string cut_name(std::string const& name) {
  try {
    return metainfo::safe_name(name);
  } catch (std::exception const& e) {
    if (is_hole(e)) throw;
    return std::string("an exception: ") + e.what();
  }
}

// How long the name is, and the last bytes before an extension of that size.
std::string told_end(std::string const& name, std::size_t extension) {
  std::size_t const end = name.size() - std::min(name.size(), extension);
  std::string out = fmt::format("a name of {} bytes", name.size());
  for (std::size_t i = end - std::min<std::size_t>(end, 4); i < end; ++i)
    out += fmt::format("{}{:02x}", i + 4 <= end ? ": .. " : " ",
                       static_cast<unsigned char>(name[i]));
  return out + " " + name.substr(end);
}

} // namespace

TEST_CASE("fine names stay untouched") {
  for (std::string name : {"a", "perro.jpg", "with blank", ".hidden", "...", "trailing.",
                           "trailing ", "a..b", "ni\xC3\xB1o", "\xE6\x97\xA5\xE6\x9C\xAC",
                           "\xF0\x9F\xA6\x9C", "C:", "a:b*?\"<>|", "~", "-rf", "CON"}) {
    INFO(name);
    CHECK(metainfo::safe_name(name) == name);
    CHECK(metainfo::is_safe_name(name));
  }
  CHECK(metainfo::is_safe_name(std::string(255, 'x')));
}

TEST_CASE("an empty name gets one") { CHECK(metainfo::safe_name("") == "_"); }
TEST_CASE("the folder itself is no name") { CHECK(metainfo::safe_name(".") == "_"); }
TEST_CASE("the folder above is no name") {
  story s;
  s.given("a file whose path is .. / .. / etc / passwd");
  auto const made = paths({{"..", "..", "etc", "passwd"}});
  std::string const came = made.empty() ? "no file" : made[0];
  s.expect("it stays below the torrent's folder", came == "tree/__/__/etc/passwd", came);
  CHECK(metainfo::safe_name("..") == "__");
}
TEST_CASE("an absolute path becomes one name") {
  CHECK(metainfo::safe_name("/etc/passwd") == "_etc_passwd");
  CHECK(metainfo::safe_name("C:\\Windows") == "C:_Windows");
}
TEST_CASE("slashes do not lead upwards") {
  CHECK(metainfo::safe_name("../../x") == ".._.._x");
  CHECK(metainfo::safe_name("..\\x") == ".._x");
  CHECK(metainfo::safe_name("/") == "_");
}
TEST_CASE("a zero byte does not end a name early") {
  CHECK(metainfo::safe_name(std::string("a.jpg\0.exe", 10)) == "a.jpg_.exe");
}
TEST_CASE("control characters do not reach a terminal") {
  CHECK(metainfo::safe_name("a\nb\x1B[31m\x7F") == "a_b_[31m_");
  CHECK(metainfo::safe_name("a\xC2\x9B"
                            "31m") == "a_31m"); // C1, the one-character escape
}
TEST_CASE("writing direction cannot hide an extension") {
  CHECK(metainfo::safe_name("photo\xE2\x80\xAEgpj.exe") == "photo_gpj.exe"); // U+202E
  CHECK(metainfo::safe_name("\xE2\x81\xA6x\xE2\x81\xA9") == "_x_"); // U+2066, U+2069
  CHECK(metainfo::safe_name("\xD8\x9Cx\xE2\x80\x8F") == "_x_");     // U+061C, U+200F
}
TEST_CASE("each character that turns the direction or ends a line is replaced") {
  for (std::string bad :
       {"\x01", "\x1F", "\x7F", "\xC2\x80", "\xC2\x9F", "\xD8\x9C", "\xE2\x80\x8E",
        "\xE2\x80\x8F", "\xE2\x80\xA8", "\xE2\x80\xA9", "\xE2\x80\xAA", "\xE2\x80\xAB",
        "\xE2\x80\xAC", "\xE2\x80\xAD", "\xE2\x80\xAE", "\xE2\x81\xA6", "\xE2\x81\xA7",
        "\xE2\x81\xA8", "\xE2\x81\xA9"}) {
    INFO(fmt::format("{:02x}", static_cast<unsigned char>(bad.back())));
    CHECK(metainfo::safe_name("a" + bad + "b") == "a_b");
  }
  for (std::string fine : {" ", "~", "\xC2\xA0", "\xE2\x80\x90", "\xE2\x80\xA7",
                           "\xE2\x80\xAF", "\xE2\x81\xA5", "\xE2\x81\xAA"}) {
    INFO(fmt::format("{:02x}", static_cast<unsigned char>(fine.back())));
    CHECK(metainfo::is_safe_name("a" + fine + "b"));
  }
}
TEST_CASE("UTF-8 has one form for each character and none beyond U+10FFFF") {
  for (std::string good :
       {"\x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF", "\xEE\x80\x80",
        "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"}) {
    INFO(fmt::format("{:02x}", static_cast<unsigned char>(good.front())));
    CHECK(metainfo::is_utf8(good));
    CHECK(metainfo::repaired_utf8(good) == good);
  }
  for (std::string bad :
       {"\x80", "\xBF\xBF", "\xC1\xBF", "\xC2\x7F", "\xC2\xC0", "\xE0\x9F\xBF",
        "\xED\xA0\x80", "\xED\xBF\xBF", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80",
        "\xF5\x80\x80\x80", "\xF9\x80\x80\x80", "\xE2\x82", "\xF0\x9F\xA6"}) {
    INFO(fmt::format("{:02x}", static_cast<unsigned char>(bad.front())));
    CHECK_FALSE(metainfo::is_utf8(bad));
    CHECK(metainfo::repaired_utf8(bad) != bad);
  }
}
TEST_CASE("bytes that are not UTF-8 become the replacement character") {
  std::string const r = "\xEF\xBF\xBD";
  CHECK(metainfo::safe_name("a\xFF"
                            "b") == "a" + r + "b");
  CHECK(metainfo::safe_name("caf\xE9") == "caf" + r);              // Latin-1
  CHECK(metainfo::safe_name("\xC0\xAF") == r + r);                 // a slash in two bytes
  CHECK(metainfo::safe_name("\xE0\x80\xAF") == r + r + r);         // in three
  CHECK(metainfo::safe_name("\xED\xA0\x80") == r + r + r);         // a surrogate
  CHECK(metainfo::safe_name("\xF4\x90\x80\x80") == r + r + r + r); // past U+10FFFF
  CHECK(metainfo::safe_name("\xE6\x97") == r + r);                 // cut off
  CHECK(metainfo::safe_name("\xE6") == r);
  CHECK(metainfo::safe_name("\x80x") ==
        r + "x"); // a character's inside without its begin
}

TEST_CASE("a name of more than 255 bytes is cut and keeps its extension") {
  story s;
  s.given("a name of 300 x, and .torrent: 247 x of it fit");
  std::string const cut = cut_name(std::string(300, 'x') + ".torrent");
  s.expect("you cut it to 255 bytes", cut.size() == 255, told_end(cut, 8));
  s.expect("the extension stays", cut.ends_with("xx.torrent"), told_end(cut, 8));
  CHECK(metainfo::safe_name(std::string(300, 'x')).size() == 255);
  CHECK(metainfo::safe_name("." + std::string(300, 'x')).size() == 255);
  CHECK(metainfo::safe_name("a." + std::string(300, 'x')).size() ==
        255); // no extension is so long
}

TEST_CASE("a name is never cut inside a character") {
  struct {
    char const *bytes, *kind;
  } const characters[] = {{"\xE6\x97\xA5", "three bytes: e6 97 a5"},
                          {"\xC3\xB1", "two bytes: c3 b1"},
                          {"\xF0\x9F\xA6\x9C", "four bytes: f0 9f a6 9c"}};
  for (auto const& [bytes, kind] : characters)
    for (std::size_t before = 0; before < 4; ++before) {
      std::string_view const one = bytes;
      std::string name(before, 'x');
      std::size_t fits = before; // of 251 bytes, whole characters
      while (fits + one.size() <= 251) fits += one.size();
      while (name.size() < 300) name += one;
      story s;
      s.given(
          fmt::format("a name of {} x, then characters of {}, then .mp4", before, kind));
      std::string const cut = cut_name(name + ".mp4");
      s.expect("you cut it to 255 bytes at most", cut.size() <= 255, told_end(cut, 4));
      s.expect("what is left is whole characters", metainfo::is_utf8(cut),
               told_end(cut, 4));
      s.expect(fmt::format("all that fit, {} bytes, and the extension", fits),
               cut.size() == fits + 4 && cut.ends_with(".mp4"), told_end(cut, 4));
    }
}

TEST_CASE(
    "an extension has 32 bytes at most, and a name that begins with a dot has none") {
  std::string const longest = "." + std::string(31, 'e');
  CHECK(metainfo::with_suffix("a" + longest, " (2)") == "a (2)" + longest);
  CHECK(metainfo::with_suffix("a" + longest + "e", " (2)") == "a" + longest + "e (2)");
  CHECK(metainfo::with_suffix(".hidden", " (2)") == ".hidden (2)");
  CHECK(metainfo::with_suffix("a.b.c", " (2)") == "a.b (2).c");
  CHECK(metainfo::with_suffix("a.", " (2)") == "a (2).");
}

TEST_CASE("a name that just fits is not cut") {
  std::string const whole = std::string(251, 'x') + ".txt";
  CHECK(metainfo::safe_name(whole) == whole);
  std::string const stem(247, 'x');
  CHECK(metainfo::with_suffix(stem + ".txt", " (2)") == stem + " (2).txt");
  CHECK(metainfo::with_suffix(stem + "y.txt", " (2)") == stem + " (2).txt");
}

TEST_CASE("whatever the bytes are the name is safe and stays so") {
  random_source random(5);
  for (int i = 0; i < 20'000; ++i) {
    buffer name(random.below(i % 10 == 0 ? 400 : 12));
    random.fill(name);
    std::string const safe = metainfo::safe_name(as_text(name));
    bool const ok = !safe.empty() && safe.size() <= 255 && safe != "." && safe != ".." &&
                    safe.find('/') == safe.npos && safe.find('\0') == safe.npos &&
                    metainfo::is_utf8(safe) && metainfo::safe_name(safe) == safe &&
                    metainfo::is_safe_name(safe);
    if (!ok) FAIL("not safe: " << safe);
    REQUIRE(metainfo::is_safe_name(as_text(name)) == (safe == as_text(name)));
  }
}

TEST_CASE("unsafe elements of a path become safe and are told") {
  metainfo::metainfo const m = read(torrent(multi(file({"..", "..", "etc", "passwd"}))));
  CHECK(m.files[0].path_text() == "tree/__/__/etc/passwd");
  CHECK(m.warnings.size() == 2);
  CHECK(read(torrent(single("../x"))).files[0].path_text() == ".._x");
  CHECK(read(torrent(single(".."))).name == "__");
}

using list = std::vector<std::string>;

TEST_CASE("files of the same path get numbers before the extension") {
  CHECK(paths({{"a.txt"}, {"a.txt"}, {"a.txt"}}) ==
        list{"tree/a.txt", "tree/a (2).txt", "tree/a (3).txt"});
  CHECK(paths({{"d", "x"}, {"d", "x"}}) == list{"tree/d/x", "tree/d/x (2)"});
  CHECK(read(torrent(multi(file({"a"}) + file({"a"})))).warnings ==
        list{"file 2: its name is taken, it becomes 'tree/a (2)'"});
}
TEST_CASE("files of one path need not stand side by side") {
  CHECK(paths({{"b"}, {"a"}, {"c"}, {"b"}, {"a"}}) ==
        list{"tree/b", "tree/a", "tree/c", "tree/b (2)", "tree/a (2)"});
}
TEST_CASE("a folder of the torrent's own name is a folder like others") {
  CHECK(paths({{"tree", "x"}, {"x"}, {"tree", "tree", "x"}, {"x"}}) ==
        list{"tree/tree/x", "tree/x", "tree/tree/tree/x", "tree/x (2)"});
}
TEST_CASE("padding keeps its name where other files get new ones") {
  std::string const pad = file({".pad", "6"}, 6, "4:attr1:p");
  metainfo::metainfo const m =
      read(torrent(multi(file({"a"}) + pad + file({"a"}) + pad + file({".pad"}))));
  list made;
  for (auto const& f : m.files) made.push_back(f.path_text());
  CHECK(made == list{"tree/a", "tree/.pad/6", "tree/a (2)", "tree/.pad/6", "tree/.pad"});
  CHECK(m.warnings.size() == 1);
}
TEST_CASE("a number that is taken is skipped") {
  CHECK(paths({{"a (2).txt"}, {"a.txt"}, {"a.txt"}}) ==
        list{"tree/a (2).txt", "tree/a.txt", "tree/a (3).txt"});
}
TEST_CASE("files whose names differ by case only clash") {
  CHECK(paths({{"Readme"}, {"README"}}) == list{"tree/Readme", "tree/README (2)"});
  CHECK(paths({{"D", "x"}, {"d", "X"}}) == list{"tree/D/x", "tree/d/X (2)"});
}
TEST_CASE("names that some disk takes for one clash") {
  std::vector<path> const pairs{{"Stra\xC3\x9F"
                                 "e",
                                 "STRASSE"}, // one ß, two S
                                {"\xC3\x89t\xC3\xA9", "e\xCC\x81te\xCC\x81"}, // Été
                                {"\xCE\xA3", "\xCF\x82"}, // sigma at the end of a word
                                {"\xE2\x84\xAA", "k"},    // the sign of Kelvin
                                {"in\xC2\xADvisible", "invisible"}, // a soft hyphen
                                {"a\xE2\x80\x8B", "a"},             // no width at all
                                {"\xE2\x80\x8B", "\xC2\xAD"},       // nothing to see
                                {"a.", "a"},
                                {"a . .", "A"},
                                {"...", "   "},
                                {"AZ", "az"}};
  for (path const& pair : pairs) {
    INFO(pair[0] << " and " << pair[1]);
    auto const made = paths({{pair[0]}, {pair[1]}});
    REQUIRE(made.size() == 2);
    CHECK(made[0] == "tree/" + pair[0]);
    CHECK(made[1] == "tree/" + pair[1] + " (2)");
  }
}
TEST_CASE("names that every disk can tell apart stay as they are") {
  list const names{"resume", "r\xC3\xA9sum\xC3\xA9",
                   "1",      "\xC2\xB9",
                   "fi",     "\xEF\xAC\x81x",
                   "@",      "`",
                   "[",      "{"};
  std::vector<path> files;
  for (auto const& name : names) files.push_back({name});
  auto const made = paths(files);
  REQUIRE(made.size() == names.size());
  for (std::size_t i = 0; i < names.size(); ++i) CHECK(made[i] == "tree/" + names[i]);
}
TEST_CASE("a file yields to a folder of its name in any order") {
  CHECK(paths({{"a"}, {"a", "b"}}) == list{"tree/a (2)", "tree/a/b"});
  CHECK(paths({{"a", "b"}, {"A"}}) == list{"tree/a/b", "tree/A (2)"});
}
TEST_CASE("names that only become the same when made safe clash") {
  CHECK(paths({{"a/b"}, {"a\\b"}, {"a_b"}}) ==
        list{"tree/a_b", "tree/a_b (2)", "tree/a_b (3)"});
}
TEST_CASE("the same name in different folders is no clash") {
  CHECK(paths({{"d", "x"}, {"e", "x"}, {"x"}}) == list{"tree/d/x", "tree/e/x", "tree/x"});
  CHECK(paths({{"ab", "c"}, {"a", "bc"}}) == list{"tree/ab/c", "tree/a/bc"});
}
TEST_CASE("a numbered name still fits the disk") {
  std::string const name = std::string(251, 'x') + ".txt";
  auto const made = paths({{name}, {name}});
  REQUIRE(made.size() == 2);
  std::string const second = made[1];
  CHECK(second.size() == 5 + 255);
  CHECK(second.ends_with("x (2).txt"));
}
TEST_CASE("a thousand files of one name are counted through") {
  std::vector<path> many(1000, path{"a"});
  auto const made = paths(many);
  REQUIRE(made.size() == 1000);
  CHECK(made.back() == "tree/a (1000)");
}
TEST_CASE("names that are the same where a number cuts them get different ones") {
  std::string const same(252, 'x');
  auto const made = paths({{same + "a"}, {same + "a"}, {same + "b"}, {same + "b"}});
  CHECK(std::set<std::string>(made.begin(), made.end()).size() == 4);
  for (auto const& name : made) CHECK(name.size() <= 5 + 255);
}
