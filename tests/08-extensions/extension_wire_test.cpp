// The extended handshake: the BEP's own example, both ways, and what strangers send.
#include "extension/extension_wire.hpp"
#include "extension/their_ids.hpp"
#include "support/catch.hpp"
#include "support/story.hpp"

using namespace cotorra;
using namespace cotorra::extension;
using test::story;

namespace {

extended_handshake read(std::string_view text) {
  return decode_handshake(as_bytes(text));
}
std::string written(extended_handshake const& h) {
  buffer const out = encode(h);
  return std::string(as_text(out));
}

// The ids that are read from a handshake with this m: "a 1, b 2".
std::string ids_in(std::string const& m) {
  std::string words;
  for (auto const& [name, id] : read("d1:m" + m + "e").ids)
    words += (words.empty() ? "" : ", ") + (name.size() > 20 ? "a long name" : name) +
             " " + std::to_string(id);
  return words.empty() ? "none" : words;
}
void expect_ids(story& s, std::string text, std::string const& m,
                std::string const& wanted) {
  std::string const found = ids_in(m);
  s.expect(std::move(text), found == wanted, found);
}
// "4:1000i1e4:1001i1e.."
std::string crowd_of(int names, std::string const& id) {
  std::string out;
  for (int i = 1000; i < 1000 + names; ++i) out += "4:" + std::to_string(i) + id;
  return out;
}

constexpr std::string_view example = // of BEP 10
    "d1:md11:LT_metadatai1e6:\xb5"
    "T_PEXi2ee1:pi6881e1:v13:\xc2\xb5Torrent 1.2e";
constexpr std::string_view example_of_bep_9 =
    "d1:md11:ut_metadatai3ee13:metadata_sizei31235ee";

} // namespace

TEST_CASE("m says with which ids the peer wants to receive") {
  story s;
  s.given("m: d11:ut_metadatai3e6:ut_pexi1ee");
  expect_ids(s, "ut_metadata 3, ut_pex 1", "d11:ut_metadatai3e6:ut_pexi1ee",
             "ut_metadata 3, ut_pex 1");
  s.given("m: d11:ut_metadatai0e6:ut_pexi255ee: 0 withdraws, 255 is the largest byte");
  expect_ids(s, "ut_metadata 0, ut_pex 255", "d11:ut_metadatai0e6:ut_pexi255ee",
             "ut_metadata 0, ut_pex 255");
  s.given("a name that we do not know: d7:xx_newsi5ee");
  expect_ids(s, "it is kept, too", "d7:xx_newsi5ee", "xx_news 5");
}

TEST_CASE("an id that is no byte is passed over and the others are kept") {
  story s;
  s.given("m: a is 259, b is -1, d is 7: d1:ai259e1:bi-1e1:di7ee");
  expect_ids(s, "d 7", "d1:ai259e1:bi-1e1:di7ee", "d 7");
  s.given("m: a is a string, b a list, d is 7: d1:a1:51:ble1:di7ee");
  expect_ids(s, "d 7", "d1:a1:51:ble1:di7ee", "d 7");
  s.given("m is no dictionary: li7ee");
  expect_ids(s, "none", "li7ee", "none");
}

TEST_CASE("a name of more than 100 bytes is passed over") {
  story s;
  s.given("m: a name of 101 bytes, and then z");
  expect_ids(s, "z 2", "d101:" + std::string(101, 'y') + "i1e1:zi2ee", "z 2");
  s.given("m: a name of 100 bytes, and then z");
  expect_ids(s, "both", "d100:" + std::string(100, 'y') + "i1e1:zi2ee",
             "a long name 1, z 2");
}

TEST_CASE("a crowd of names is cut") {
  auto const count = [](std::string const& m) {
    return read("d1:m" + m + "e").ids.size();
  };
  story s;
  s.given("500 names");
  std::size_t const many = count("d" + crowd_of(500, "i1e") + "e");
  s.expect("100 are kept", many == 100, std::to_string(many) + " are kept");
  s.given("150 names that are passed over, and then one more");
  std::size_t const one = count("d" + crowd_of(150, "i256e") + "1:zi1ee");
  s.expect("that one is kept", one == 1, std::to_string(one) + " are kept");
}

TEST_CASE("the example of BEP 10 is read and written again") {
  extended_handshake const h = read(example);
  CHECK(h.ids == id_map{{"LT_metadata", 1},
                        {"\xb5"
                         "T_PEX",
                         2}});
  CHECK(h.port == 6881);
  CHECK(h.client == "\xc2\xb5Torrent 1.2");
  CHECK(written(h) == example);
}

TEST_CASE("the example of BEP 9 is read and written again") {
  extended_handshake const h = read(example_of_bep_9);
  CHECK(h.ids == id_map{{"ut_metadata", 3}});
  CHECK(h.metadata_size == 31235);
  CHECK(written(h) == example_of_bep_9);
}

TEST_CASE("every key is written in order and read back") {
  extended_handshake h;
  h.ids = {{"ut_metadata", 1}, {"ut_pex", 0}};
  h.ipv4 = ip_address::parse("192.0.2.1");
  h.ipv6 = ip_address::parse("2001:db8::1");
  h.metadata_size = 5;
  h.port = 1;
  h.reqq = 250;
  h.client = "cotorra";
  h.your_ip = ip_address::parse("192.0.2.9");
  CHECK(read(written(h)) == h);
  CHECK(read("de") == extended_handshake{});
}

TEST_CASE("values that make no sense are passed over") {
  extended_handshake const h =
      read("d4:ipv43:abc1:md1:ai256e1:bi-1e1:c1:x1:di7ee13:metadata_sizei-1e"
           "1:pi65536e4:reqqi-2e1:vi3e6:yourip5:abcdee");
  CHECK(h.ids == id_map{{"d", 7}});
  extended_handshake rest = h;
  rest.ids.clear();
  CHECK(rest == extended_handshake{});
}

TEST_CASE("keys without order and bytes behind the end do no harm") {
  CHECK(read("d1:pi7e1:mdeexyz").port == 7);
}

TEST_CASE("what is no whole dictionary is refused at every length") {
  for (std::size_t n = 0; n < example.size(); ++n)
    CHECK_THROWS_AS(read(example.substr(0, n)), protocol_error);
  CHECK_THROWS_AS(read("le"), protocol_error);
  CHECK_THROWS_AS(read(std::string(1000, 'l') + std::string(1000, 'e')), protocol_error);
}

TEST_CASE("ids are the peer's own, and it may change and withdraw them") {
  their_ids ids;
  story s;
  auto const expect = [&](std::string text, std::string_view name, int wanted) {
    int const found = ids.of(name);
    s.expect(std::move(text), found == wanted, std::to_string(found));
  };
  s.given("a peer that has said nothing yet");
  expect("ut_metadata: 0, it is not wanted", ut_metadata, 0);
  s.peer("says ut_metadata 3, ut_unheard_of 4");
  ids.learn({{"ut_metadata", 3}, {"ut_unheard_of", 4}});
  expect("ut_metadata: 3", ut_metadata, 3);
  expect("ut_unheard_of: 0, we do not speak it, so it is not kept", "ut_unheard_of", 0);
  s.peer("says an empty m: nothing has changed");
  ids.learn({});
  expect("ut_metadata: still 3", ut_metadata, 3);
  s.peer("says ut_metadata 9");
  ids.learn({{"ut_metadata", 9}});
  expect("ut_metadata: 9", ut_metadata, 9);
  s.peer("says ut_metadata 0: no longer");
  ids.learn({{"ut_metadata", 0}});
  expect("ut_metadata: 0", ut_metadata, 0);
}

TEST_CASE("numbers with zeros in front are read as other clients mean them") {
  CHECK(read("d1:md11:ut_metadatai003ee1:pi06881ee").ids == id_map{{"ut_metadata", 3}});
  CHECK(read("d1:pi06881ee").port == 6881);
}

TEST_CASE("the largest number of each field is read, and one more is not") {
  CHECK(read("d1:pi65535ee").port == 65535);
  CHECK_FALSE(read("d1:pi65536ee").port);
  CHECK(read("d1:pi0ee").port == 0);
  CHECK(read("d4:reqqi4294967295ee").reqq == 4294967295u);
  CHECK_FALSE(read("d4:reqqi4294967296ee").reqq);
  CHECK(read("d13:metadata_sizei9223372036854775807ee").metadata_size ==
        9223372036854775807u);
}

TEST_CASE("a client's name of more than 200 bytes is cut") {
  std::string const name(300, 'n');
  CHECK(read("d1:v300:" + name + "e").client == name.substr(0, 200));
}

TEST_CASE("addresses have four bytes or sixteen") {
  CHECK(read("d6:yourip4:abcde").your_ip);
  CHECK(read("d6:yourip16:abcdefghijklmnope").your_ip);
  for (std::string const odd :
       {"", "abc", "abcde", "abcdefghijklmno", "abcdefghijklmnopq"})
    CHECK_FALSE(read("d6:yourip" + std::to_string(odd.size()) + ":" + odd + "e").your_ip);
  CHECK_FALSE(read("d6:youripi4ee").your_ip);
}

TEST_CASE("lists ten deep are passed over, and deeper ones refused") {
  auto const nested = [](std::size_t depth) { // the dictionary is the first
    return "d1:x" + std::string(depth - 1, 'l') + std::string(depth - 1, 'e') + "e";
  };
  CHECK_NOTHROW(read(nested(10)));
  CHECK_THROWS_AS(read(nested(11)), protocol_error);
}

TEST_CASE("two thousand values are passed over, and more refused") {
  auto const values =
      [](int n) { // besides the dictionary, its key, the list, and two ends
        std::string out = "d1:xl";
        for (int i = 0; i < n; ++i) out += "0:";
        return out + "ee";
      };
  CHECK_NOTHROW(read(values(1995)));
  CHECK_THROWS_AS(read(values(1996)), protocol_error);
}
