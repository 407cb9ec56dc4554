// The facts for programs: a value of ours, whose text a library writes and reads.
#include "explain/json.hpp"
#include "support/catch.hpp"
#include <limits>

using namespace cotorra::explain;

TEST_CASE("braces in braces are an object, whose keys stay in order") {
  CHECK(to_line({{"z", 1}, {"a", "two"}, {"m", {{"inner", nullptr}}}}) ==
        R"({"z":1,"a":"two","m":{"inner":null}})");
  CHECK(to_line({{"http://a/x", "http://b/x"}}) == R"({"http://a/x":"http://b/x"})");
  CHECK(to_line(json::object()) == "{}");
}

TEST_CASE("an array is said to be one, or is a vector") {
  CHECK(to_line(json::array({"router", 6881})) == R"(["router",6881])");
  CHECK(to_line(json::array()) == "[]");
  CHECK(to_line(std::vector<std::string>{"a", "b"}) == R"(["a","b"])");
  CHECK(to_line(std::vector<json>{1, json::array({json::array()})}) == "[1,[[]]]");
}

TEST_CASE("null becomes what it is used as") {
  json object, array;
  object["peers"].push_back("A");
  array.push_back(7);
  CHECK(to_line(object) == R"({"peers":["A"]})");
  CHECK(to_line(array) == "[7]");
  CHECK(to_line(json()) == "null");
}

TEST_CASE("a new value takes the place of the old one") {
  json facts{{"a", 1}, {"b", 2}, {"c", 3}};
  facts["a"] = "one";
  facts.update({{"d", 4}, {"b", "two"}});
  CHECK(to_line(facts) == R"({"a":"one","b":"two","c":3,"d":4})");
  facts.erase("b");
  facts.erase("never there");
  CHECK(to_line(facts) == R"({"a":"one","c":3,"d":4})");
}

TEST_CASE("asking for a key adds none") {
  json const facts{{"a", nullptr}};
  CHECK(facts["b"].is_null());
  CHECK(facts["a"]["b"].is_null());
  CHECK(facts.contains("a"));
  CHECK_FALSE(facts.contains("b"));
  CHECK(facts.find("b") == nullptr);
  CHECK(to_line(facts) == R"({"a":null})");
}

TEST_CASE("numbers are written as they are, doubles in the fewest digits") {
  auto const least = std::numeric_limits<std::int64_t>::min();
  auto const most = std::numeric_limits<std::uint64_t>::max();
  CHECK(to_line(json::array({least, most, std::uint8_t{200}, std::int16_t{-3}, true})) ==
        "[-9223372036854775808,18446744073709551615,200,-3,true]");
  CHECK(to_line(json::array({1.0, 0.1, 1.5e-7, 1e22, -0.0})) ==
        "[1.0,0.1,1.5e-07,1e+22,-0.0]");
  CHECK(to_line(std::numeric_limits<double>::infinity()) == "null");
}

TEST_CASE("a line is ASCII, whatever is in it") {
  CHECK(to_line("a\n\"\\\x01\x7F") == "\"a\\n\\\"\\\\\\u0001\\u007f\"");
  CHECK(to_line("ma\u00F1ana \U0001F99C") == R"("ma\u00f1ana \ud83e\udd9c")");
  CHECK(to_line("\xC3(\xFF") == R"("\ufffd(\ufffd")");
  CHECK(to_line({{"\xFF", 1}}) == R"({"\ufffd":1})");
}

TEST_CASE("words are a text itself, or a line") {
  CHECK(to_words("ma\u00F1ana") == "ma\u00F1ana");
  CHECK(to_words(json::array({"a", 1})) == R"(["a",1])");
}

TEST_CASE("a value is what it is, and nothing else") {
  json const facts{{"n", 7u}, {"i", -1}, {"d", 0.5}, {"s", "x"}, {"b", false}};
  CHECK(facts["n"].count() == 7);
  CHECK(facts["n"].number() == 7);
  CHECK(facts["i"].number() == -1);
  CHECK(facts["d"].number() == 0.5);
  CHECK(facts["s"].text() == "x");
  CHECK_FALSE(facts["b"].truth());
  CHECK(facts.fields().size() == 5);
  CHECK_FALSE(facts["b"].is_number());
  CHECK_THROWS_AS(facts["s"].number(), std::bad_variant_access);
  CHECK_THROWS_AS(facts.elements(), std::bad_variant_access);
}

TEST_CASE("a line is read back as it was written") {
  for (std::string const line :
       {R"({"z":[1,-2,3.25,18446744073709551615],"a":{"t":true,"n":null},"s":"\u00e9"})",
        R"([])", R"({})", R"("text")", R"([[{"a":[{}]}]])", R"(1e+22)"}) {
    auto const read = parse_json(line);
    REQUIRE(read);
    CHECK(to_line(*read) == line);
  }
  CHECK(to_line(*parse_json(" {\"a\" : 1, \"b\":2, \"a\":3}\r\n")) == R"({"a":3,"b":2})");
}

TEST_CASE("what is not one JSON value is not read") {
  for (char const* text : {"", " ", "{", "{\"a\":1", "{\"a\":1}}", "[1,]", "{a:1}", "nul",
                           "\"\xFF\"", "01", "{\"a\":1} {\"b\":2}"})
    CHECK_FALSE(parse_json(text));
}

TEST_CASE("a stranger's text may nest as deep as it likes") {
  std::string const deep = std::string(200'000, '[') + std::string(200'000, ']');
  auto const read = parse_json(deep);
  REQUIRE(read);
  CHECK(to_line(*read) == std::string(64, '[') + "null" + std::string(64, ']'));
}
