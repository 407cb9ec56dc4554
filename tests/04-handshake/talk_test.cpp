// The handshake as a dialogue, on a wire in memory.
#include "handshake/handshake_talk.hpp"
#include "io/deadline.hpp"
#include "sample.hpp"
#include "support/catch.hpp"
#include "support/wire.hpp"

using namespace cotorra;
using namespace cotorra::test;
using Catch::Matchers::ContainsSubstring;

namespace {

struct desk_with_wire : wire {
  io::reader in{*near};

  auto dial() {
    return desk.start(handshake::exchange_handshakes(in, *near, sample_handshake()));
  }
  auto answer(handshake::torrent_lookup const& lookup) {
    return desk.start(handshake::answer_handshake(in, *near, lookup));
  }
};

// How it ended, as one clause for a story.
template <class Running>
std::string outcome(Running const& r, std::string const& who = "exchange_handshakes()") {
  if (!r->done) return "it still waits";
  if (!r->error) return who + " returned a handshake";
  try {
    std::rethrow_exception(r->error);
  } catch (protocol_error const& e) {
    return "you gave up with " + std::string(name(e.code())) + ": " + e.what();
  } catch (std::exception const& e) {
    return std::string("you gave up, and not with a protocol_error: ") + e.what();
  }
}

std::string refused(errc code) { return "refused as " + std::string(name(code)); }

// How it ended, in a word for a CHECK.
template <class Running> std::string end_of(Running const& r) {
  if (!r->done) return "it still waits";
  if (!r->error) return "a handshake was returned";
  return refused(code_thrown_by([&] { std::rethrow_exception(r->error); }));
}

std::string looked_up(std::vector<info_hash> const& asked) {
  std::string out = asked.empty() ? "no torrent was looked up" : "you looked up";
  for (info_hash const& hash : asked) out += " " + brief(hash.view());
  return out;
}

template <class Running> bool refused_as(Running const& r, errc code) {
  if (!r->done || !r->error) return false;
  try {
    std::rethrow_exception(r->error);
  } catch (protocol_error const& e) {
    return e.code() == code;
  } catch (std::exception const&) {
    return false;
  }
}

handshake::handshake with_hash(info_hash const& hash) {
  handshake::handshake h = their_handshake();
  h.hash = hash;
  return h;
}
handshake::handshake with_id(std::string_view id) {
  handshake::handshake h = their_handshake();
  h.id = peer_id::from(as_bytes(id));
  return h;
}
// A random byte of a peer_id may well be zero.
std::string sample_with_a_zero() {
  std::string id = "-CO0100-abcdefghijkl";
  id[8] = '\0';
  return id;
}

std::optional<handshake::handshake> serve_sample(info_hash const& asked) {
  if (asked != sample_hash()) return std::nullopt;
  return sample_handshake();
}

} // namespace

TEST_CASE("you dial: the peer answers for another torrent") {
  desk_with_wire w;
  story s;
  s.given("a peer on an in-memory wire; you want info_hash 1cad4a48...");
  auto const hs = w.dial();
  s.expect_bytes("68 bytes from you", sample_bytes(), w.peer->heard(),
                 handshake_fields());
  s.peer("sends its 68 bytes, info_hash c77829d2...");
  w.peer_says(handshake::encode(with_hash(other_hash())));
  s.expect("you refuse: wrong_info_hash", refused_as(hs, errc::wrong_info_hash),
           outcome(hs));
}

TEST_CASE("you dial: the peer that answers is yourself") {
  story s;
  s.given("your peer_id is -CO0100-abcdefghijkl");
  desk_with_wire another, yours;
  auto const welcome = another.dial();
  s.peer("sends its 68 bytes, peer_id -CO0100-abcdefghijkX: your program elsewhere");
  another.peer_says(handshake::encode(with_id("-CO0100-abcdefghijkX")));
  s.expect("the handshake is done", welcome->done && !welcome->error, outcome(welcome));
  auto const hs = yours.dial();
  s.peer("on another wire: sends 68 bytes, and they are your own");
  yours.peer_says(handshake::encode(sample_handshake()));
  s.expect("you refuse: own_peer_id", refused_as(hs, errc::own_peer_id), outcome(hs));
}

TEST_CASE("you dial: both sides say their 68 bytes") {
  desk_with_wire w;
  story s;
  s.given("a peer on an in-memory wire");
  auto const hs = w.dial();
  s.expect_bytes("68 bytes from you, before the peer has sent a byte", sample_bytes(),
                 w.peer->heard(), handshake_fields());
  s.peer("sends its 68 bytes");
  w.peer_says(handshake::encode(their_handshake()));
  s.expect("the handshake is done", hs->done && !hs->error, outcome(hs));
  CHECK(hs->get() == their_handshake());
}

TEST_CASE("you dial: the peer's handshake may come in two parts, cut anywhere") {
  auto const theirs = handshake::encode(their_handshake());
  for (std::size_t cut = 0; cut < theirs.size(); ++cut) {
    desk_with_wire w;
    story s;
    s.given("a peer on an in-memory wire");
    auto const hs = w.dial();
    s.peer("sends " + std::to_string(cut) + " of its 68 bytes");
    w.peer_says(bytes(theirs).first(cut));
    s.expect("you wait for the rest", !hs->done, "exchange_handshakes() has ended");
    s.peer("sends the rest");
    w.peer_says(bytes(theirs).subspan(cut));
    s.expect("the handshake is done", hs->done && !hs->error, outcome(hs));
    CHECK(hs->get() == their_handshake());
  }
}

TEST_CASE("you dial: the peer's handshake may come byte by byte") {
  desk_with_wire w;
  auto const hs = w.dial();
  for (std::byte b : handshake::encode(their_handshake())) {
    CHECK_FALSE(hs->done);
    w.peer_says(bytes(&b, 1));
  }
  CHECK(hs->get() == their_handshake());
}

TEST_CASE("you dial: each wrong byte of the answered info_hash is noticed") {
  for (std::size_t at = 0; at < info_hash::size; ++at) {
    desk_with_wire w;
    auto const hs = w.dial();
    info_hash wrong = sample_hash();
    wrong.value[at] ^= std::byte{1};
    w.peer_says(handshake::encode(with_hash(wrong)));
    INFO("you want " << sample_hash().hex() << ", the peer answers for " << wrong.hex());
    CHECK(end_of(hs) == refused(errc::wrong_info_hash));
  }
}

TEST_CASE("you dial: an info_hash is bytes, and a zero byte does not end it") {
  story s;
  s.given("you want info_hash 1cad0000..., of which only the last byte is 01");
  desk_with_wire w;
  handshake::handshake mine = sample_handshake(), theirs = their_handshake();
  mine.hash = info_hash::from(*from_hex("1cad000000000000000000000000000000000001"));
  theirs.hash = info_hash::from(*from_hex("1cad000000000000000000000000000000000002"));
  auto const hs = w.desk.start(handshake::exchange_handshakes(w.in, *w.near, mine));
  s.peer("sends its 68 bytes, info_hash 1cad0000... and the last byte is 02");
  w.peer_says(handshake::encode(theirs));
  s.expect("you refuse: wrong_info_hash", refused_as(hs, errc::wrong_info_hash),
           outcome(hs));
}

TEST_CASE("you dial: the refusal names the torrent that the peer answers for") {
  desk_with_wire w;
  auto const hs = w.dial();
  w.peer_says(handshake::encode(with_hash(other_hash())));
  CHECK_THAT(outcome(hs), ContainsSubstring(other_hash().hex()));
}

TEST_CASE("only a peer_id with all its bytes equal is your own") {
  std::string const mine = sample_with_a_zero();
  for (std::size_t at = 0; at < peer_id::size; ++at) {
    desk_with_wire w;
    auto const hs = w.desk.start(
        handshake::exchange_handshakes(w.in, *w.near, sample_handshake(mine)));
    std::string other = mine;
    other[at] = static_cast<char>(other[at] ^ 1);
    w.peer_says(handshake::encode(with_id(other)));
    INFO("byte " << at << " of the peer_id is another");
    CHECK(end_of(hs) == "a handshake was returned");
  }
}

TEST_CASE("your own peer_id is refused, whatever the reserved bits are") {
  desk_with_wire w;
  handshake::handshake own = sample_handshake();
  own.reserved = reserved("0000000000000000");
  auto const hs = w.dial();
  w.peer_says(handshake::encode(own));
  CHECK(end_of(hs) == refused(errc::own_peer_id));
}

TEST_CASE("a wrong byte of pstrlen or pstr is refused as soon as it has come") {
  for (std::size_t at = 0; at < 20; ++at) {
    desk_with_wire w;
    auto const hs = w.dial();
    auto theirs = handshake::encode(their_handshake());
    theirs[at] ^= std::byte{0x80};
    w.peer_says(bytes(theirs).first(at));
    CHECK_FALSE(hs->done);
    w.peer_says(bytes(theirs).subspan(at, 1));
    CHECK(end_of(hs) == refused(errc::not_bittorrent));
  }
}

TEST_CASE("the peer leaves after any number of bytes") {
  auto const theirs = handshake::encode(their_handshake());
  for (std::size_t size = 0; size < theirs.size(); ++size) {
    desk_with_wire w;
    auto const hs = w.dial();
    INFO("the peer sends " << size << " bytes and leaves");
    w.peer_says(bytes(theirs).first(size));
    w.peer_leaves();
    CHECK(end_of(hs) == refused(errc::end_of_stream));
  }
}

TEST_CASE("bytes after the peer's handshake stay in the reader") {
  desk_with_wire w;
  auto const hs = w.dial();
  auto const theirs = handshake::encode(their_handshake());
  buffer burst(theirs.begin(), theirs.end());
  append(burst, "and more");
  w.peer_says(burst);
  REQUIRE(hs->done);
  CHECK(as_text(w.in.buffered()) == "and more");
}

TEST_CASE("a peer that is silent for ten seconds is given up") {
  desk_with_wire w;
  time_point const until = w.desk.clock.now() + 10s;
  auto const hs = w.desk.start(
      io::within(w.desk.clock, until,
                 handshake::exchange_handshakes(w.in, *w.near, sample_handshake())));
  w.peer_says(bytes(sample_bytes()).first(40));
  w.desk.advance(9s);
  CHECK_FALSE(hs->done);
  w.desk.advance(1s);
  CHECK(end_of(hs) == refused(errc::timed_out));
}

TEST_CASE("you are dialled: the torrent is looked up once its info_hash has come") {
  desk_with_wire w;
  std::vector<info_hash> asked;
  handshake::torrent_lookup const lookup =
      [&](info_hash const& hash) -> std::optional<handshake::handshake> {
    asked.push_back(hash);
    throw protocol_error(errc::shut_down, "this test looks no further");
  };
  auto const theirs = handshake::encode(their_handshake());
  story s;
  s.given("a peer on an in-memory wire that dialled you");
  auto const hs = w.answer(lookup);
  s.peer("sends 47 bytes: all but the last byte of info_hash 1cad4a48...");
  w.peer_says(bytes(theirs).first(47));
  s.expect("you have looked up no torrent yet", asked.empty(), looked_up(asked));
  s.expect("you wait for the rest", !hs->done, outcome(hs, "answer_handshake()"));
  s.peer("sends byte 48");
  w.peer_says(bytes(theirs).subspan(47, 1));
  s.expect("you look up a torrent, though the peer_id has not come", asked.size() == 1,
           asked.empty() ? outcome(hs, "answer_handshake()") : looked_up(asked));
  s.expect("it is 1cad4a48...", asked[0] == sample_hash(), looked_up(asked));
}

TEST_CASE("you are dialled: you answer once you know which torrent is meant") {
  desk_with_wire w;
  handshake::torrent_lookup const lookup = serve_sample;
  auto const theirs = handshake::encode(their_handshake());
  story s;
  s.given("a peer on an in-memory wire that dialled you");
  auto const hs = w.answer(lookup);
  s.peer("sends 48 bytes, as far as the info_hash of a torrent that you serve");
  w.peer_says(bytes(theirs).first(48));
  s.expect_bytes("your 68 bytes, though its peer_id has not come", sample_bytes(),
                 w.peer->heard(), handshake_fields());
}

TEST_CASE("you are dialled: a peer that asks for an unknown torrent gets no byte") {
  desk_with_wire w;
  handshake::torrent_lookup const lookup = serve_sample;
  story s;
  s.given("a peer on an in-memory wire that dialled you");
  auto const hs = w.answer(lookup);
  s.peer("sends its 68 bytes, info_hash c77829d2..., which you do not serve");
  w.peer_says(handshake::encode(with_hash(other_hash())));
  s.expect("you refuse: wrong_info_hash", refused_as(hs, errc::wrong_info_hash),
           outcome(hs, "answer_handshake()"));
  s.expect("you have said nothing", w.peer->heard().empty(),
           std::to_string(w.peer->heard().size()) + " bytes from you");
}

TEST_CASE("you are dialled: the refusal names the torrent that the peer asks for") {
  desk_with_wire w;
  handshake::torrent_lookup const lookup = serve_sample;
  auto const hs = w.answer(lookup);
  w.peer_says(handshake::encode(with_hash(other_hash())));
  CHECK_THAT(outcome(hs, "answer_handshake()"), ContainsSubstring(other_hash().hex()));
}

TEST_CASE("you are dialled: the peer's bits and its peer_id are handed on") {
  desk_with_wire w;
  handshake::torrent_lookup const lookup = serve_sample;
  auto const theirs = handshake::encode(their_handshake());
  story s;
  s.given("a peer on an in-memory wire that dialled you");
  auto const hs = w.answer(lookup);
  s.peer("sends 48 bytes, with the reserved bits 0000000000100004");
  w.peer_says(bytes(theirs).first(48));
  s.expect("you wait for its peer_id", !hs->done, outcome(hs, "answer_handshake()"));
  s.peer("sends its peer_id, -TR3000-0123456789ab");
  w.peer_says(bytes(theirs).subspan(48));
  s.expect("the handshake is done", hs->done && !hs->error,
           outcome(hs, "answer_handshake()"));
  handshake::handshake const got = hs->get();
  s.expect("its reserved bits are 0000000000100004",
           got.reserved == their_handshake().reserved,
           "reserved " + to_hex(got.reserved.value));
  s.expect("its peer_id is -TR3000-0123456789ab", got.id == their_handshake().id,
           "peer_id " + printable(got.id.view()));
  CHECK(got.hash == sample_hash());
}

TEST_CASE("you are dialled by yourself") {
  desk_with_wire w;
  handshake::torrent_lookup const lookup = serve_sample;
  story s;
  s.given("a peer on an in-memory wire that dialled you");
  auto const hs = w.answer(lookup);
  s.peer("sends 68 bytes with your own peer_id");
  w.peer_says(handshake::encode(sample_handshake()));
  s.expect("you refuse: own_peer_id", refused_as(hs, errc::own_peer_id),
           outcome(hs, "answer_handshake()"));
}

TEST_CASE("you are dialled: a browser is refused after its first letter") {
  desk_with_wire w;
  handshake::torrent_lookup const lookup = serve_sample;
  story s;
  s.given("a browser on an in-memory wire that dialled you");
  auto const hs = w.answer(lookup);
  s.peer("sends one byte: the G of GET");
  w.peer_says(as_bytes("G"));
  s.expect("you refuse: not_bittorrent", refused_as(hs, errc::not_bittorrent),
           outcome(hs, "answer_handshake()"));
  s.expect("you have said nothing", w.peer->heard().empty(),
           std::to_string(w.peer->heard().size()) + " bytes from you");
}

TEST_CASE(
    "you are dialled: a byte that was read before the handshake began is looked at") {
  desk_with_wire w;
  handshake::torrent_lookup const lookup = serve_sample;
  w.peer_says(as_bytes("G"));
  w.desk.run(w.in.fill());
  auto const hs = w.answer(lookup);
  CHECK(end_of(hs) == refused(errc::not_bittorrent));
}

TEST_CASE("you are dialled: the peer leaves after any number of bytes") {
  auto const theirs = handshake::encode(their_handshake());
  handshake::torrent_lookup const lookup = serve_sample;
  for (std::size_t size = 0; size < theirs.size(); ++size) {
    desk_with_wire w;
    auto const hs = w.answer(lookup);
    INFO("the peer sends " << size << " bytes and leaves");
    w.peer_says(bytes(theirs).first(size));
    w.peer_leaves();
    CHECK(end_of(hs) == refused(errc::end_of_stream));
  }
}

TEST_CASE("you are dialled: the handshake may come in two parts, cut anywhere") {
  auto const theirs = handshake::encode(their_handshake());
  handshake::torrent_lookup const lookup = serve_sample;
  for (std::size_t cut = 0; cut <= theirs.size(); ++cut) {
    desk_with_wire w;
    auto const hs = w.answer(lookup);
    INFO("the peer sends " << cut << " bytes, and then the rest");
    w.peer_says(bytes(theirs).first(cut));
    w.peer_says(bytes(theirs).subspan(cut));
    REQUIRE(end_of(hs) == "a handshake was returned");
    CHECK(hs->get() == their_handshake());
    CHECK(w.peer->heard().size() == 68);
  }
}

TEST_CASE("two of us shake hands with each other") {
  desk_with_wire w;
  handshake::torrent_lookup const lookup = serve_sample;
  io::reader peer_in(*w.peer);
  auto const answering = w.answer(lookup);
  auto const dialling =
      w.desk.start(handshake::exchange_handshakes(peer_in, *w.peer, their_handshake()));
  w.desk.settle();
  REQUIRE(end_of(answering) == "a handshake was returned");
  REQUIRE(end_of(dialling) == "a handshake was returned");
  CHECK(answering->get() == their_handshake());
  CHECK(dialling->get() == sample_handshake());
}
