// Bencode from memory: what comes out, and what is refused, at which byte.
#include "base/error.hpp"
#include "bencode/decode_wire.hpp"
#include "malformed.hpp"
#include "print.hpp"
#include "support/catch.hpp"
#include "support/story.hpp"
#include <concepts>

using namespace cotorra;
using bencode::decode;
using bencode::document;
using bencode::value;

namespace {

struct refusal {
  errc code;
  std::string says;
};

template <std::invocable Work> refusal refused(Work work) {
  try {
    work();
  } catch (protocol_error const& e) {
    return {e.code(), e.what()};
  }
  FAIL("it was accepted");
  throw 0;
}

// In memory that ends where the text ends: a sanitizer sees the first byte read behind
// it.
buffer exactly(std::string const& text) {
  bytes const all = as_bytes(text);
  return buffer(all.begin(), all.end());
}

refusal refused(std::string const& text, bencode::limits const& bounds = {}) {
  buffer const data = exactly(text);
  return refused([&] { decode(data, bounds); });
}

// The same as one clause, for a story.
std::string outcome(bytes data) {
  try {
    decode(data);
  } catch (std::exception const& e) {
    return e.what();
  }
  return "the value was accepted";
}
std::string outcome(std::string const& text) { return outcome(bytes(exactly(text))); }

// Where the content of the one string in `data` lies.
std::string content(bytes data) {
  try {
    document const doc = decode(data);
    if (!doc.root().is_string()) return "you noted no string";
    bytes const came = doc.root().string();
    if (came.empty()) return "an empty string";
    if (came.data() < data.data() || came.size() > data.size()) return "bytes elsewhere";
    auto const first = static_cast<std::size_t>(came.data() - data.data());
    return fmt::format("the bytes {} to {}", first, first + came.size() - 1);
  } catch (protocol_error const& e) {
    return std::string("you refused it: ") + e.what();
  }
}

// The values of a list, each as it stands in the bytes.
std::string elements(std::string const& text) {
  buffer const data = exactly(text);
  try {
    document const doc = decode(data);
    std::string all;
    for (value v : doc.root().elements()) all += std::string(as_text(v.raw())) + " ";
    return "a list of " + (all.empty() ? "nothing" : all.substr(0, all.size() - 1));
  } catch (protocol_error const& e) {
    return std::string("you refused it: ") + e.what();
  }
}

// Of a dictionary: the key that was noted.
std::string noted(std::string const& text) {
  buffer const data = exactly(text);
  try {
    return test::told(decode(data).first_disorder());
  } catch (protocol_error const& e) {
    return std::string("you refused it: ") + e.what();
  }
}

bool contains(std::string const& text, std::string const& part) {
  return text.find(part) != text.npos;
}

std::int64_t integer(std::string const& text) {
  document const doc = decode(as_bytes(text));
  return doc.root().integer();
}

} // namespace

TEST_CASE("integers reach from the lowest to the highest of 64 bits") {
  CHECK(integer("i0e") == 0);
  CHECK(integer("i-1e") == -1);
  CHECK(integer("i1748799493e") == 1748799493);
  CHECK(integer("i9223372036854775807e") == INT64_MAX);
  CHECK(integer("i-9223372036854775808e") == INT64_MIN);
}

TEST_CASE("a string is any bytes and none is looked at") {
  test::story s;
  s.given("the bytes 6: and then 00 ff 20 69 31 65, which is no text");
  std::string came = content(as_bytes(std::string_view("6:\0\xFF i1e", 8)));
  s.expect("you note a string: the bytes 2 to 7", came == "the bytes 2 to 7", came);
  s.given("the bytes 0:");
  came = content(as_bytes("0:"));
  s.expect("you note an empty string", came == "an empty string", came);
}

TEST_CASE("a string that says it is longer than the data is refused") {
  test::story s;
  auto const refuses = [&](std::string const& text, std::string const& where) {
    s.given("the bytes " + text);
    std::string const came = outcome(text);
    s.expect("you refuse them at " + where + ", where the length stands",
             came.starts_with(where + ": "), came);
    CHECK(refused(text).code == errc::malformed_bencode); // a protocol_error
  };
  refuses("5:abcd", "byte 0");
  refuses("1:", "byte 0");
  refuses("d5:abcd", "byte 1");
  refuses("257:a", "byte 0"); // 2 to the 8, and 1
  refuses("65537:a", "byte 0");
  refuses("4294967297:a", "byte 0"); // 2 to the 32, and 1
  refuses("4294967296:", "byte 0");
  refuses("d4294967297:ai1ee", "byte 1");
  refuses("9223372036854775807:a", "byte 0");
}

TEST_CASE("a list is its values, up to its e") {
  test::story s;
  s.given("the bytes li1ei22ee");
  std::string came = elements("li1ei22ee");
  s.expect("you note a list of i1e i22e", came == "a list of i1e i22e", came);
  s.given("the bytes le");
  came = elements("le");
  s.expect("you note a list of nothing", came == "a list of nothing", came);
  s.given("the bytes lleli3eee: two lists in a list");
  came = elements("lleli3eee");
  s.expect("you note a list of le li3ee", came == "a list of le li3ee", came);
  s.given("the bytes li1exe");
  came = outcome("li1exe");
  s.expect("you refuse them at byte 4: no value starts with this byte",
           came == "byte 4: no value starts with this byte", came);
  s.given("the bytes li1e: only the first four bytes of li1ee are yours");
  came = outcome(as_bytes("li1ee").first(4));
  s.expect("you refuse them at byte 4: the data ends inside a value",
           came == "byte 4: the data ends inside a value", came);
}

TEST_CASE("the first key that is out of order is noted, and why") {
  test::story s;
  auto const notes = [&](std::string const& text, std::string const& wanted) {
    s.given("the bytes " + text);
    std::string const came = noted(text);
    s.expect("you noted " + wanted, came == "you noted " + wanted, came);
  };
  notes("d1:a0:1:b0:1:c0:e", "no key");
  notes("d1:b0:1:a0:1:c0:e", "the key at byte 6, as out of order");
  notes("d1:a0:1:a0:e", "the key at byte 6, as a duplicate");
  notes("d1:c0:1:b0:1:a0:e", "the key at byte 6, as out of order");
  notes("d1:c0:1:b0:1:b0:e", "the key at byte 6, as out of order");
}

TEST_CASE("an empty key is the first, and only once") {
  test::story s;
  s.given("the bytes d0:i1ee: one key, which is empty");
  std::string came = noted("d0:i1ee");
  s.expect("you noted no key", came == "you noted no key", came);
  s.given("the bytes d0:i1e0:i2ee: the empty key stands there twice");
  came = noted("d0:i1e0:i2ee");
  s.expect("you noted the key at byte 6, as a duplicate",
           came == "you noted the key at byte 6, as a duplicate", came);
}

TEST_CASE("a key that begins like a longer one comes before it") {
  test::story s;
  for (std::string text : {"d1:ai1e2:aai2ee", "d1:a0:2:a00:e", "d2:aa0:1:b0:e"}) {
    s.given("the bytes " + text);
    std::string const came = noted(text);
    s.expect("you noted no key", came == "you noted no key", came);
  }
  s.given("the keys ax, az, ay of one dictionary; each x, y, z behind a byte of zero");
  std::string const zeros("d3:a\0x0:3:a\0z0:3:a\0y0:e", 23);
  std::string const came = noted(zeros);
  s.expect("you noted the key at byte 15, as out of order",
           came == "you noted the key at byte 15, as out of order", came);
}

TEST_CASE("lists and dictionaries are walked in the order of the bytes") {
  std::string const text = "d1:ali1e2:xyd1:kdeee1:bi2e2:cclee";
  document const doc = decode(as_bytes(text));
  value const root = doc.root();
  REQUIRE(root.is_dictionary());
  CHECK(root.size() == 3);
  std::string keys;
  for (auto [key, v] : root.entries()) keys += std::string(key) + " ";
  CHECK(keys == "a b cc ");
  std::string raws;
  for (value v : root.find("a").elements()) raws += std::string(as_text(v.raw())) + " ";
  CHECK(raws == "i1e 2:xy d1:kdee ");
  CHECK(root.find("a").size() == 3);
  CHECK(root.find("b").integer() == 2);
  CHECK(root.find("cc").size() == 0);
}

TEST_CASE("a value knows its bytes as received and where they stand") {
  std::string const text = "d4:infod4:name1:xe1:zi0ee";
  document const doc = decode(as_bytes(text));
  value const info = doc.root().find("info");
  CHECK(as_text(info.raw()) == "d4:name1:xe");
  CHECK(info.offset() == 7);
  CHECK(as_text(doc.root().raw()) == text);
  CHECK(as_text(info.find("name").raw()) == "1:x");
  CHECK(as_text(doc.root().find("z").raw()) == "i0e");
}

TEST_CASE("what is not there is false and of no type") {
  document const doc = decode(as_bytes("d1:ai1ee"));
  value const nothing = doc.root().find("b");
  CHECK_FALSE(nothing);
  CHECK_FALSE((nothing.is_integer() || nothing.is_string()));
  CHECK_FALSE((nothing.is_list() || nothing.is_dictionary()));
  CHECK(nothing.raw().empty());
  CHECK_FALSE(nothing.find("c"));
  CHECK_FALSE(doc.root().find("a").find("c"));
}

TEST_CASE("an accessor of the wrong type throws and says where") {
  document const doc = decode(as_bytes("d1:ai1e1:b1:xe"));
  value const root = doc.root();
  CHECK(refused([&] { root.find("b").integer(); }).says ==
        "byte 10: an integer should stand here");
  CHECK(refused([&] { root.find("a").string(); }).says ==
        "byte 4: a string should stand here");
  CHECK(refused([&] { root.elements(); }).says == "byte 0: a list should stand here");
  CHECK(refused([&] { root.find("a").entries(); }).says ==
        "byte 4: a dictionary should stand here");
  CHECK(refused([&] { root.find("no").integer(); }).says == "an integer is missing");
  CHECK(refused([&] { root.at("no"); }).says == "byte 0: the key 'no' is missing");
  CHECK(refused([&] { root.at("a").at("x"); }).says ==
        "byte 4: a dictionary should stand here");
  CHECK(root.at("a").integer() == 1);
}

TEST_CASE("a document may be moved while values refer to it") {
  document doc = decode(as_bytes("li1ei2ee"));
  value const root = doc.root();
  document const moved = std::move(doc);
  CHECK(root.size() == 2);
  CHECK(moved.root().size() == 2);
}

TEST_CASE("every malformed shape is refused at the byte where it shows") {
  for (test::malformed_case const& bad : test::malformed_cases) {
    test::story s;
    s.given("the bytes " + bad.data + " (" + bad.shape + ")");
    s.you("decode them");
    std::string const came = outcome(bad.data);
    std::string const where = "byte " + std::to_string(bad.offset) + ": ";
    s.expect("you refuse them at " + where + bad.says,
             came.starts_with(where) && contains(came, bad.says), came);
    CHECK(refused(bad.data).code == errc::malformed_bencode);
  }
}

TEST_CASE("a malformed value is refused the same deep inside others") {
  for (test::malformed_case const& bad : test::malformed_cases) {
    if (bad.says == "behind the end") continue; // inside a list it is another value
    INFO(bad.shape << ": " << bad.data);
    if (bad.data == "e") continue; // there it is the list's end
    std::string const around = "d3:keyli7e" + bad.data + "ee";
    std::string const where = "byte " + std::to_string(bad.offset + 10) + ": ";
    CHECK_THAT(refused(around).says, Catch::Matchers::ContainsSubstring(where));
  }
}

TEST_CASE("data that ends inside a value is refused at every cut") {
  std::string const whole = "d1:ali-12e5:helloe2:bbd0:i0eee";
  struct cut_string { // a string that is cut is refused where it begins
    std::size_t begin, content, end;
  };
  decode(as_bytes(whole));
  for (std::size_t cut = 0; cut < whole.size(); ++cut) {
    INFO("cut at " << cut << ": " << whole.substr(0, cut));
    refusal const came = refused([&] { decode(as_bytes(whole).first(cut)); });
    std::string where = fmt::format("byte {}: the data ends inside a value", cut);
    for (auto const& s : {cut_string{1, 3, 4}, {10, 12, 17}, {18, 20, 22}})
      if (s.content <= cut && cut < s.end) where = fmt::format("byte {}: ", s.begin);
    CHECK(came.code == errc::malformed_bencode);
    CHECK_THAT(came.says, Catch::Matchers::StartsWith(where));
  }
}

TEST_CASE("nothing may stand behind the end unless asked for") {
  CHECK(refused("i1ei2e").says == "byte 3: more data behind the end");
  document const doc = bencode::decode_prefix(as_bytes("d1:ai1eeDATA"));
  CHECK(doc.size() == 8);
  CHECK(doc.root().find("a").integer() == 1);
  CHECK(refused([] { bencode::decode_prefix(as_bytes("i03eDATA")); }).says ==
        "byte 2: the integer has a leading zero");
}

TEST_CASE("zeros too many are taken where the caller allows them, and told") {
  bencode::leniency const zeros{.numbers = true};
  for (std::string text : {"i007e", "i-0e", "i00e", "i-042e", "003:abc",
                           "00:", "d01:ai1ee", "l1:ai05e1:be"}) {
    INFO(text);
    CHECK(refused(text).code == errc::malformed_bencode);
    CHECK(decode(as_bytes(text), {}, zeros).first_idle_zero());
  }
  CHECK_FALSE(decode(as_bytes("li0ei10e0:2:00e"), {}, zeros).first_idle_zero());
  document const doc = decode(as_bytes("li-0042e003:abce"), {}, zeros);
  CHECK(doc.first_idle_zero() == std::size_t{7});
  REQUIRE(doc.root().size() == 2);
  auto at = doc.root().elements().begin();
  CHECK((*at).integer() == -42);
  CHECK((*++at).text() == "abc");
  std::string const highest = "i" + std::string(30, '0') + "9223372036854775807e";
  CHECK(decode(as_bytes(highest), {}, zeros).root().integer() == INT64_MAX);
  for (std::string text :
       {"i+1e", "i e", "ie", "i-e", "04:abc", "99999999999999999999:abc"}) {
    INFO(text);
    CHECK(refused([&] { decode(as_bytes(text), {}, zeros); }).code ==
          errc::malformed_bencode);
  }
}

TEST_CASE(
    "an integer beyond 64 bits is the nearest that fits, where the caller allows it") {
  bencode::leniency const numbers{.numbers = true};
  auto const check = [&](std::string const& text, std::int64_t nearest) {
    INFO(text);
    CHECK(refused(text).code == errc::malformed_bencode);
    document const doc = decode(as_bytes(text), {}, numbers);
    CHECK(doc.first_wide() == text.size() - 1);
    CHECK(doc.root().clamped() == nearest);
    CHECK(refused([&] { doc.root().integer(); }).code == errc::malformed_bencode);
  };
  check("i9223372036854775808e", INT64_MAX);
  check("i-9223372036854775809e", INT64_MIN);
  check("i0009223372036854775808e", INT64_MAX);
  check("i18446744073709551616e", INT64_MAX); // 2 to the 64: would be 0
  check("i" + std::string(5000, '9') + "e", INT64_MAX);
  check("i-1" + std::string(5000, '0') + "e", INT64_MIN);
  for (std::string text : {"i9223372036854775807e", "i-9223372036854775808e"}) {
    document const doc = decode(as_bytes(text), {}, numbers);
    CHECK_FALSE(doc.first_wide());
    CHECK(doc.root().clamped() == doc.root().integer());
  }
}

TEST_CASE("a rest is passed over where the caller allows it") {
  bencode::leniency const rest{.rest = true};
  CHECK(decode(as_bytes("i1e\n"), {}, rest).size() == 3);
  CHECK(refused([&] { decode(as_bytes("i1"), {}, rest); }).code ==
        errc::malformed_bencode);
}

TEST_CASE("keys out of order are told and not refused") {
  document const sorted = decode(as_bytes("d1:a0:2:aa0:1:b0:e"));
  CHECK_FALSE(sorted.first_disorder());
  sorted.require_order();

  test::story s;
  s.given("the bytes d1:b0:1:a0:1:c0:e: the key a stands behind the key b");
  s.you("decode them");
  document const doc = decode(as_bytes("d1:b0:1:a0:1:c0:e"));
  std::string const came = test::told(doc.first_disorder());
  s.expect("you note the key at byte 6, as out of order",
           came == "you noted the key at byte 6, as out of order", came);
  CHECK(doc.root().find("a").is_string());
  CHECK(refused([&] { doc.require_order(); }).says ==
        "byte 6: the key is not in sorted order");
}

TEST_CASE("a key that stands there twice is told and the first one counts") {
  test::story s;
  s.given("the bytes d1:ai1e1:ai2ee: the key a stands there twice");
  s.you("decode them");
  document const doc = decode(as_bytes("d1:ai1e1:ai2ee"));
  std::string const came = test::told(doc.first_disorder());
  s.expect("you note the key at byte 7, as a duplicate",
           came == "you noted the key at byte 7, as a duplicate", came);
  CHECK(doc.root().find("a").integer() == 1);
}

TEST_CASE("keys are sorted as raw bytes and not as letters or signed bytes") {
  auto order = [](std::string const& text) {
    return decode(as_bytes(text)).first_disorder() ? "not sorted" : "sorted";
  };
  std::string const n_tilde = "2:\xC3\xB1", value = "0:";
  test::story s;
  s.given("keys of one dictionary, compared as raw bytes from 0 to 255");
  std::string came = order("d1:B0:1:a0:e");
  s.expect("B (0x42), a (0x61) are sorted", came == "sorted", came);
  came = order("d0:0:1:z0:" + n_tilde + value + "e");
  s.expect("z (0x7a), \xC3\xB1 (0xc3 0xb1) are sorted", came == "sorted", came);
  came = order("d" + n_tilde + value + "1:z0:e");
  s.expect("\xC3\xB1, z are not", came == "not sorted", came);
}

TEST_CASE("nesting is bounded so that a bomb of lists does not take the stack") {
  auto nested = [](std::size_t n) { return std::string(n, 'l') + std::string(n, 'e'); };
  test::story s;
  s.given("a limit of 100 lists inside each other");
  std::string came = outcome(nested(100));
  s.expect("you accept 100 of them", came == "the value was accepted", came);
  came = outcome(nested(101));
  s.expect("you refuse 101 at byte 100: nested deeper than we accept",
           came == "byte 100: nested deeper than we accept", came);
  std::string beside = "l";
  for (int i = 0; i < 200; ++i) beside += "le";
  came = outcome(beside + "e");
  s.expect("you accept 200 lists beside each other, in one list",
           came == "the value was accepted", came);
  CHECK(refused(std::string(1'000'000, 'l')).code == errc::limit_exceeded);
  std::string bomb;
  for (int i = 0; i < 100'000; ++i) bomb += "d0:";
  CHECK(refused(bomb).code == errc::limit_exceeded);
}

TEST_CASE("dictionaries inside each other are counted like lists") {
  auto nested = [](std::size_t n) {
    std::string text = "de";
    for (std::size_t i = 1; i < n; ++i) text = "d0:" + text + "e";
    return text;
  };
  CHECK(outcome(nested(100)) == "the value was accepted");
  CHECK(outcome(nested(101)) == "byte 300: nested deeper than we accept");
}

TEST_CASE("the number of values is bounded exactly, also where the array has grown") {
  for (std::size_t items : {64, 100, 1000}) { // the array begins with room for 64
    INFO(items);
    bencode::limits bounds;
    bounds.items = items;
    std::string integers;
    for (std::size_t i = 2; i < items; ++i)
      integers += "i1e"; // and the list, and its end
    CHECK_NOTHROW(decode(as_bytes("l" + integers + "e"), bounds));
    CHECK(refused("li1e" + integers + "e", bounds).code == errc::limit_exceeded);
  }
}

TEST_CASE("the number of values is bounded exactly") {
  bencode::limits bounds;
  bounds.items = 5; // a list, three integers, its end
  decode(as_bytes("li1ei2ei3ee"), bounds);
  CHECK(refused("li1ei2ei3ei4ee", bounds).code == errc::limit_exceeded);
  bounds.items = 1000;
  std::string many = "l";
  for (int i = 0; i < 998; ++i) many += "le";
  CHECK(refused(many + "e", bounds).code == errc::limit_exceeded);
}

TEST_CASE("the number of bytes is bounded exactly") {
  bencode::limits bounds;
  bounds.total_bytes = 6;
  decode(as_bytes("4:four"), bounds);
  CHECK(refused("5:fives", bounds).code == errc::limit_exceeded);
}
