// The handshake as a dialogue, on a wire in memory.
#include "handshake/handshake_talk.hpp"
#include "io/deadline.hpp"
#include "sample.hpp"
#include "support/catch.hpp"
#include "support/wire.hpp"

using namespace cotorra;
using namespace cotorra::test;

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

template <class Running> errc ended_with(Running const& r) {
  return code_thrown_by([&] { r->get(); });
}

// How it ended, as one clause for a story.
template <class Running>
std::string outcome(Running const& r, std::string const& who = "exchange_handshakes()") {
  if (!r->done) return "it still waits";
  if (!r->error) return who + " returned a handshake";
  try {
    std::rethrow_exception(r->error);
  } catch (protocol_error const& e) {
    return std::string("you gave up: ") + e.what();
  } catch (std::exception const& e) {
    return std::string("you gave up, and not with a protocol_error: ") + e.what();
  }
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

std::optional<handshake::handshake> serve_sample(info_hash const& asked) {
  if (asked != sample_hash()) return std::nullopt;
  return sample_handshake();
}

} // namespace

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

TEST_CASE("you dial: the peer answers for another torrent") {
  desk_with_wire w;
  story s;
  s.given("a peer on an in-memory wire");
  auto const hs = w.dial();
  s.expect_bytes("68 bytes from you", sample_bytes(), w.peer->heard(),
                 handshake_fields());
  s.peer("sends its 68 bytes, info_hash c77829d2...");
  handshake::handshake other = their_handshake();
  other.hash = other_hash();
  w.peer_says(handshake::encode(other));
  s.expect("you refuse: wrong_info_hash", refused_as(hs, errc::wrong_info_hash),
           outcome(hs));
  CHECK(ended_with(hs) == errc::wrong_info_hash);
}

TEST_CASE("you dial: each wrong byte of the answered info_hash is noticed") {
  for (std::size_t at = 0; at < info_hash::size; ++at) {
    desk_with_wire w;
    auto const hs = w.dial();
    handshake::handshake other = their_handshake();
    other.hash.value[at] ^= std::byte{1};
    w.peer_says(handshake::encode(other));
    CHECK(ended_with(hs) == errc::wrong_info_hash);
  }
}

TEST_CASE("you dial: the peer that answers is yourself") {
  desk_with_wire w;
  story s;
  s.given("a peer on an in-memory wire");
  auto const hs = w.dial();
  s.peer("sends 68 bytes, and they are your own");
  w.peer_says(handshake::encode(sample_handshake()));
  s.expect("you refuse: own_peer_id", refused_as(hs, errc::own_peer_id), outcome(hs));
  CHECK(ended_with(hs) == errc::own_peer_id);
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
    REQUIRE(hs->done);
    CHECK(ended_with(hs) == errc::not_bittorrent);
  }
}

TEST_CASE("the peer leaves after any number of bytes") {
  auto const theirs = handshake::encode(their_handshake());
  for (std::size_t size = 0; size < theirs.size(); ++size) {
    desk_with_wire w;
    auto const hs = w.dial();
    w.peer_says(bytes(theirs).first(size));
    w.peer_leaves();
    REQUIRE(hs->done);
    CHECK(ended_with(hs) == errc::end_of_stream);
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
  REQUIRE(hs->done);
  CHECK(ended_with(hs) == errc::timed_out);
}

TEST_CASE("you are dialled: you answer once you know which torrent is meant") {
  desk_with_wire w;
  handshake::torrent_lookup const lookup = serve_sample;
  auto const theirs = handshake::encode(their_handshake());
  story s;
  s.given("a peer on an in-memory wire that dialled you");
  auto const hs = w.answer(lookup);
  s.peer("sends 47 bytes: all but the last byte of the info_hash");
  w.peer_says(bytes(theirs).first(47));
  s.expect("you say nothing", w.peer->heard().empty(), "bytes from you");
  s.peer("sends byte 48");
  w.peer_says(bytes(theirs).subspan(47, 1));
  s.expect_bytes("your 68 bytes, though its peer_id has not come", sample_bytes(),
                 w.peer->heard(), handshake_fields());
  CHECK_FALSE(hs->done);
  s.peer("sends its peer_id");
  w.peer_says(bytes(theirs).subspan(48));
  s.expect("the handshake is done", hs->done && !hs->error, outcome(hs));
  CHECK(hs->get() == their_handshake());
}

TEST_CASE("you are dialled: a peer that asks for an unknown torrent gets no byte") {
  desk_with_wire w;
  handshake::torrent_lookup const lookup = serve_sample;
  story s;
  s.given("a peer on an in-memory wire that dialled you");
  auto const hs = w.answer(lookup);
  s.peer("sends its 68 bytes, info_hash c77829d2..., which you do not serve");
  handshake::handshake other = their_handshake();
  other.hash = other_hash();
  w.peer_says(handshake::encode(other));
  s.expect("you refuse: wrong_info_hash", refused_as(hs, errc::wrong_info_hash),
           outcome(hs, "answer_handshake()"));
  s.expect("you have said nothing", w.peer->heard().empty(), "bytes from you");
  CHECK(ended_with(hs) == errc::wrong_info_hash);
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
  CHECK(ended_with(hs) == errc::own_peer_id);
}

TEST_CASE("you are dialled: a browser is refused after its first letter") {
  desk_with_wire w;
  handshake::torrent_lookup const lookup = serve_sample;
  auto const hs = w.answer(lookup);
  w.peer_says(as_bytes("G"));
  REQUIRE(hs->done);
  CHECK(ended_with(hs) == errc::not_bittorrent);
  CHECK(w.peer->heard().empty());
}

TEST_CASE("you are dialled: the peer leaves after any number of bytes") {
  auto const theirs = handshake::encode(their_handshake());
  handshake::torrent_lookup const lookup = serve_sample;
  for (std::size_t size = 0; size < theirs.size(); ++size) {
    desk_with_wire w;
    auto const hs = w.answer(lookup);
    w.peer_says(bytes(theirs).first(size));
    w.peer_leaves();
    REQUIRE(hs->done);
    CHECK(ended_with(hs) == errc::end_of_stream);
  }
}

TEST_CASE("you are dialled: the handshake may come in two parts, cut anywhere") {
  auto const theirs = handshake::encode(their_handshake());
  handshake::torrent_lookup const lookup = serve_sample;
  for (std::size_t cut = 0; cut <= theirs.size(); ++cut) {
    desk_with_wire w;
    auto const hs = w.answer(lookup);
    w.peer_says(bytes(theirs).first(cut));
    w.peer_says(bytes(theirs).subspan(cut));
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
  CHECK(answering->get() == their_handshake());
  CHECK(dialling->get() == sample_handshake());
}
