// The extensions of one connection: who may say what, with which id.
#include "extension/peer_extensions.hpp"
#include "support/catch.hpp"
#include "support/story.hpp"

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
  // The payload of the last message 20 that was sent: the id and what follows.
  buffer last() const {
    if (sent.empty()) return {};
    buffer out{std::byte{sent.back().id}};
    append(out, sent.back().payload);
    return out;
  }
  std::string count() const { return std::to_string(sent.size()) + " messages sent"; }
};

buffer with_id(std::uint8_t id, std::string_view payload) {
  buffer out{std::byte{id}};
  append(out, as_bytes(payload));
  return out;
}

constexpr char const *first_request = "d8:msg_typei0e5:piecei0ee",
                     *request = "d8:msg_typei0e5:piecei1ee";

} // namespace

TEST_CASE("a request goes out with the id that the peer chose") {
  desk d(false);
  test::story s;
  s.given("you learn: you have no info dictionary; the peer has said nothing yet");
  bool asked = d.ours.ask(0);
  s.expect("you do not ask, and say so", !asked && d.sent.empty(),
           asked ? "you say that you asked" : d.count());
  s.peer("says m: ut_metadata 7");
  d.wants(7);
  s.you("ask it for part 0");
  asked = d.ours.ask(0);
  s.expect_bytes("message 20 with id 7, and the request", with_id(7, first_request),
                 d.last(), {{0, "id"}, {1, "request"}});
  s.expect("one message, and you say that you asked", asked && d.sent.size() == 1,
           asked ? d.count() : "you say that you did not ask");
  s.peer("says m: ut_metadata 200, a new number");
  d.wants(200);
  s.you("ask it for part 1");
  d.ours.ask(1);
  s.expect_bytes("id 200 from now on", with_id(200, request), d.last(),
                 {{0, "id"}, {1, "request"}});
  s.peer("says m: xx_news 4, and nothing of ut_metadata");
  d.says(0, "d1:md7:xx_newsi4eee");
  d.ours.ask(0);
  s.expect("still id 200", d.sent.size() == 3 && d.sent.back().id == 200, d.count());
  s.peer("says m: ut_metadata 0");
  d.wants(0);
  asked = d.ours.ask(0);
  s.expect("you do not ask any more", !asked && d.sent.size() == 3, d.count());
}

TEST_CASE("an answer goes out with the id that the peer chose and no other") {
  desk d;
  test::story s;
  s.given("you have the info dictionary; ut_metadata is 1 with you");
  s.peer("asks for part 1 before it has said its own id");
  bool useful = d.says(our_metadata_id, request);
  s.expect("no answer: there is no id to send it with", !useful && d.sent.empty(),
           d.count());
  s.peer("says m: ut_metadata 7");
  d.wants(7);
  s.peer("asks for part 1, with your id, 1");
  useful = d.says(our_metadata_id, request);
  s.expect("you answer with its id, 7",
           useful && d.sent.size() == 1 && d.sent.back().id == 7, d.count());
  s.peer("asks for part 1, with its own id, 7");
  useful = d.says(7, request);
  s.expect("you never gave that id: it means nothing", !useful && d.sent.size() == 1,
           d.count());
}

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
  CHECK_FALSE(d.wants(1)); // of no use
}

TEST_CASE("what we have none of is left out of our handshake, and one of it is not") {
  desk d; // only to hear
  buffer const one(1);
  peer_extensions none(d, {}, true), little(d, {"", 1, 1, {}, one}, true);
  none.greet();
  little.greet();
  REQUIRE(d.sent.size() == 2);
  for (char const* key : {"metadata_size", "1:p", "reqq", "1:v"})
    CHECK(d.sent[0].text().find(key) == std::string::npos);
  for (char const* words : {"metadata_sizei1e", "1:pi1e", "reqqi1e"})
    CHECK(d.sent[1].text().find(words) != std::string::npos);
}
