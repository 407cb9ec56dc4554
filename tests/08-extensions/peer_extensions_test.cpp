// The extensions of one connection: who may say what, with which id; and the server.
#include "extension/peer_extensions.hpp"
#include "support/catch.hpp"

using namespace cotorra;
using namespace cotorra::extension;
using namespace std::string_literals;
using type = metadata_message::type;

namespace {

struct said {
  std::uint8_t id;
  buffer payload;
  std::string text() const { return std::string(as_text(payload)); }
};

struct desk : peer_extensions::host {
  std::vector<said> sent;
  std::size_t introductions = 0, pieces = 0;
  buffer const info = buffer(20'000, std::byte{'i'});
  peer_extensions ours;
  time_point now{};

  std::vector<pex_peer> named;

  explicit desk(bool has_info = true, bool spoken = true, bool is_private = false)
      : ours(*this,
             {"cotorra", 6881, 250, *ip_address::parse("192.0.2.9"),
              has_info ? bytes(info) : bytes(), is_private},
             spoken) {}

  void send(message::extended const& m) override {
    sent.push_back({m.extension, buffer(m.payload.begin(), m.payload.end())});
  }
  void introduced(extended_handshake const&) override { ++introductions; }
  void metadata_came(metadata_message const&) override { ++pieces; }
  void peers_named(pex_message const& m) override {
    named.insert(named.end(), m.added.begin(), m.added.end());
  }

  bool says(std::uint8_t id, std::string_view payload) {
    return ours.heard({id, as_bytes(payload)}, now);
  }
  bool wants(std::uint8_t id) {
    return says(0, "d1:md11:ut_metadatai" + std::to_string(id) + "eee");
  }
};

constexpr char const* request = "d8:msg_typei0e5:piecei1ee";

} // namespace

TEST_CASE("our handshake says what we can do and where we are") {
  desk d;
  d.ours.greet();
  REQUIRE(d.sent.size() == 1);
  CHECK(d.sent[0].id == handshake_id);
  CHECK(d.sent[0].text() ==
        "d1:md11:ut_metadatai1e6:ut_pexi2ee13:metadata_sizei20000e1:pi6881e4:reqqi250e"
        "1:v7:cotorra6:yourip4:\xc0\x00\x02\x09"
        "e"s);
}

TEST_CASE("a request is answered with the id that the peer chose") {
  desk d;
  CHECK(d.wants(7));
  CHECK(d.introductions == 1);
  CHECK(d.says(our_metadata_id, request));
  REQUIRE(d.sent.size() == 1);
  CHECK(d.sent[0].id == 7);
  auto const m = decode_metadata(d.sent[0].payload);
  CHECK(m->msg_type == type::data);
  CHECK(m->total_size == 20'000);
  CHECK(m->block.size() == 20'000 - 16384);
}

TEST_CASE("ids change in mid-flight, and 0 ends it") {
  desk d(false);
  CHECK_FALSE(d.ours.ask(0));
  d.wants(7);
  CHECK(d.ours.ask(0));
  d.wants(200);
  CHECK(d.ours.ask(1));
  d.wants(0);
  CHECK_FALSE(d.ours.ask(2));
  REQUIRE(d.sent.size() == 2);
  CHECK(d.sent[0].id == 7);
  CHECK(d.sent[1].id == 200);
}

TEST_CASE("a peer that learns rejects, and hears pieces and rejects") {
  desk d(false);
  d.wants(3);
  CHECK_FALSE(d.says(our_metadata_id, request));
  REQUIRE(d.sent.size() == 1);
  CHECK(d.sent[0].text() == "d8:msg_typei2e5:piecei1ee");
  CHECK(d.says(our_metadata_id, "d8:msg_typei2e5:piecei1ee"));
  CHECK(d.says(our_metadata_id, "d8:msg_typei1e5:piecei0e10:total_sizei1eex"));
  CHECK(d.pieces == 2);
}

TEST_CASE(
    "without the bit of BEP 10, or without the extension, nothing is said or heard") {
  desk mute(true, false);
  mute.ours.greet();
  CHECK_FALSE(mute.wants(3));
  CHECK(mute.sent.empty());
  desk without(false, true, true); // a private torrent gives no metadata
  without.ours.greet();
  CHECK(without.sent[0].text().find("ut_metadata") == std::string::npos);
  without.wants(3);
  CHECK_FALSE(without.says(our_metadata_id, request));
  CHECK(without.sent.size() == 1);
}

TEST_CASE("what cannot be used is useless or a breach") {
  desk d;
  d.wants(3);
  CHECK_FALSE(d.says(99, "whatever"));
  CHECK_FALSE(d.says(our_metadata_id, "d8:msg_typei9e5:piecei1ee"));
  CHECK_THROWS_AS(d.says(our_metadata_id, "rubbish"), protocol_error);
  CHECK_THROWS_AS(d.says(0, "rubbish"), protocol_error);
}

TEST_CASE("a peer that introduces itself for ever is not listened to") {
  desk d;
  for (int i = 0; i < 1000; ++i) d.wants(static_cast<std::uint8_t>(i % 250 + 1));
  CHECK(d.introductions == 50);
}

TEST_CASE("the server gives the metadata twice, and then slowly") {
  buffer const info(10 * metadata_piece_size);
  info_server server(info);
  time_point now{};
  std::size_t given = 0;
  for (int i = 0; i < 1000; ++i)
    if (server.answer(3, now).msg_type == type::data) ++given;
  CHECK(given == 20);
  CHECK(server.answer(3, now + 1s).msg_type == type::data);
  CHECK(server.answer(3, now + 1s).msg_type == type::data);
  CHECK(server.answer(3, now + 1s).msg_type == type::reject);
  CHECK(server.answer(10, now + 1h).msg_type == type::reject); // there is none
  CHECK(server.answer(9, now + 1h).msg_type == type::data);
}
