// The extended handshake: the BEP's own example, both ways, and what strangers send.
#include "extension/extension_wire.hpp"
#include "extension/their_ids.hpp"
#include "support/catch.hpp"

using namespace cotorra;
using namespace cotorra::extension;

namespace {

extended_handshake read(std::string_view text) {
  return decode_handshake(as_bytes(text));
}
std::string written(extended_handshake const& h) {
  buffer const out = encode(h);
  return std::string(as_text(out));
}

constexpr std::string_view example = // of BEP 10
    "d1:md11:LT_metadatai1e6:\xb5"
    "T_PEXi2ee1:pi6881e1:v13:\xc2\xb5Torrent 1.2e";
constexpr std::string_view example_of_bep_9 =
    "d1:md11:ut_metadatai3ee13:metadata_sizei31235ee";

} // namespace

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

TEST_CASE("a crowd of names is cut") {
  std::string crowd = "d1:md";
  for (int i = 1000; i < 1500; ++i) crowd += "4:" + std::to_string(i) + "i1e";
  CHECK(read(crowd + "ee").ids.size() == 100);
}

TEST_CASE("ids are the peer's own, and it may change and withdraw them") {
  their_ids ids;
  CHECK(ids.of(ut_metadata) == 0);
  ids.learn({{"ut_metadata", 3}, {"ut_unheard_of", 4}});
  CHECK(ids.of(ut_metadata) == 3);
  CHECK(ids.of("ut_unheard_of") == 0); // not one of ours: not kept
  ids.learn({});                       // says nothing about it
  CHECK(ids.of(ut_metadata) == 3);
  ids.learn({{"ut_metadata", 9}});
  CHECK(ids.of(ut_metadata) == 9);
  ids.learn({{"ut_metadata", 0}});
  CHECK(ids.of(ut_metadata) == 0);
}
