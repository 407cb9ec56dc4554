// Writing bencode: one form only, and the writer does not let us write another.
#include "base/error.hpp"
#include "base/random.hpp"
#include "bencode/decode_wire.hpp"
#include "bencode/encode_wire.hpp"
#include "print.hpp"
#include "support/catch.hpp"
#include "support/hole.hpp"
#include "support/story.hpp"
#include <map>

using namespace cotorra;
using bencode::value;
using bencode::writer;

namespace {

template <class Work> std::string written(Work work) {
  buffer out;
  writer w(out);
  work(w);
  CHECK(w.done());
  return std::string(as_text(out));
}

// A random value, written as it is made up.
void write_random(writer& w, random_source& random, unsigned depth) {
  std::uint64_t const kind = random.below(depth < 5 ? 4 : 2);
  if (kind == 0) return w.integer(static_cast<std::int64_t>(random.next()));
  if (kind == 1) {
    buffer content(random.below(30));
    random.fill(content);
    return w.string(content);
  }
  std::map<std::string, bool> keys;
  kind == 2 ? w.list() : w.dictionary();
  for (std::uint64_t n = random.below(6); n > 0; --n) {
    if (kind == 2) write_random(w, random, depth + 1);
    buffer key(random.below(4));
    random.fill(key);
    keys[std::string(as_text(key))] = true;
  }
  if (kind == 3)
    for (auto const& [key, _] : keys) {
      w.key(key);
      write_random(w, random, depth + 1);
    }
  w.end();
}

// Writes anew what was decoded, through the public view only.
void copy(writer& w, value v) {
  if (v.is_integer()) w.integer(v.integer());
  if (v.is_string()) w.string(v.string());
  if (v.is_list()) {
    w.list();
    for (value element : v.elements()) copy(w, element);
    w.end();
  }
  if (v.is_dictionary()) {
    w.dictionary();
    for (auto [key, element] : v.entries()) {
      w.key(key);
      copy(w, element);
    }
    w.end();
  }
}

} // namespace

TEST_CASE("keys that are not sorted or not unique are a bug and do not pass") {
  buffer out;
  writer w(out);
  test::story s;
  // What came of a key: the bytes tell whether it was written.
  auto const put = [&](char const* key) -> std::string {
    buffer const before = out;
    try {
      w.key(key);
    } catch (std::logic_error const& e) { // a bug of ours, in whatever words
      if (test::is_hole(e)) throw;
      return "you refused it";
    } catch (std::exception const& e) {
      return std::string("you threw, but no std::logic_error: ") + e.what();
    }
    if (out == before) return "you neither wrote it nor threw";
    return "you wrote it: " + std::string(as_text(out));
  };
  auto const refuses = [&](char const* key) {
    std::string const came = put(key);
    s.expect(std::string("you refuse the key ") + key + " behind it",
             came == "you refused it", came);
  };
  auto const takes = [&](char const* key) {
    std::string const came = put(key);
    s.expect(std::string("you write the key ") + key + " behind it",
             came.starts_with("you wrote it"), came);
  };
  w.dictionary();
  s.you("write d1:bi1e: a dictionary, and its first key b");
  std::string const first = put("b");
  if (first.starts_with("you wrote it")) w.integer(1);
  refuses("a");
  refuses("b");
  takes("bb");
  s.you("write below it another dictionary, with keys of its own");
  w.dictionary();
  takes("a"); // another dictionary, another order
  w.integer(1);
  w.end();
  s.you("are back behind the key bb");
  refuses("b");
  takes("c");
}

TEST_CASE("each type is written in its one form") {
  CHECK(written([](writer& w) { w.integer(0); }) == "i0e");
  CHECK(written([](writer& w) { w.integer(INT64_MIN); }) == "i-9223372036854775808e");
  CHECK(written([](writer& w) { w.integer(INT64_MAX); }) == "i9223372036854775807e");
  CHECK(written([](writer& w) { w.string("spam"); }) == "4:spam");
  CHECK(written([](writer& w) { w.string(""); }) == "0:");
  CHECK(written([](writer& w) {
          w.list();
          w.string("a");
          w.dictionary();
          w.end();
          w.end();
        }) == "l1:adee");
  CHECK(written([](writer& w) { w.raw(as_bytes("le")); }) == "le");
  CHECK(written([](writer& w) {
          w.dictionary();
          w.key("a");
          w.integer(1);
          w.key("b");
          w.raw(as_bytes("le"));
          w.end();
        }) == "d1:ai1e1:blee");
}

TEST_CASE("an empty key comes first and only once") {
  buffer out;
  writer w(out);
  w.dictionary();
  w.key("");
  w.integer(1);
  CHECK_THROWS_AS(w.key(""), std::logic_error);
}

TEST_CASE("a value without a key and a key without a value do not pass") {
  buffer out;
  writer w(out);
  w.dictionary();
  CHECK_THROWS_AS(w.integer(1), std::logic_error);
  CHECK_THROWS_AS(w.list(), std::logic_error);
  w.key("a");
  CHECK_THROWS_AS(w.key("b"), std::logic_error);
  CHECK_THROWS_AS(w.end(), std::logic_error);
}

TEST_CASE("ends must balance and one value is all") {
  buffer out;
  writer w(out);
  CHECK_THROWS_AS(w.end(), std::logic_error);
  CHECK_THROWS_AS(w.key("a"), std::logic_error);
  w.list();
  CHECK_FALSE(w.done());
  CHECK_THROWS_AS(w.key("a"), std::logic_error);
  w.end();
  CHECK(w.done());
  CHECK_THROWS_AS(w.integer(1), std::logic_error);
}

TEST_CASE("whatever is written is read and written again byte for byte") {
  for (std::uint64_t seed = 1; seed <= 500; ++seed) {
    INFO("seed " << seed);
    random_source random(seed);
    buffer out, again;
    writer w(out), w2(again);
    write_random(w, random, 0);
    auto const doc = bencode::decode(out);
    CHECK_FALSE(doc.first_disorder());
    copy(w2, doc.root());
    CHECK(again == out);
  }
}

TEST_CASE("random bytes are a value or a named error and never anything else") {
  random_source random(7);
  std::string_view const letters = "ilde0123456789:-x";
  int values = 0;
  for (int i = 0; i < 200'000; ++i) {
    std::string text;
    for (std::uint64_t n = random.below(12); n > 0; --n)
      text += letters[random.below(letters.size())];
    try {
      auto const doc = bencode::decode(as_bytes(text));
      buffer again;
      writer w(again);
      if (doc.first_disorder()) continue;
      copy(w, doc.root());
      CHECK(as_text(again) == text); // one form only: what is accepted is canonical
      ++values;
    } catch (protocol_error const& e) {
      if (e.code() != errc::malformed_bencode) FAIL(text << ": " << e.what());
    }
  }
  CHECK(values > 100);
}
