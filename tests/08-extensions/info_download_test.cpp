// Metadata from several peers: shared work, silence, refusals, and lies.
#include "08-extensions/print.hpp"
#include "base/random.hpp"
#include "base/sha.hpp"
#include "support/story.hpp"
#include <vector>

using namespace cotorra;
using namespace cotorra::extension;
using test::story;
using arrival = info_download::arrival;

namespace {

struct desk {
  buffer truth;
  info_download download;
  time_point now{1h};

  // Metadata of so many parts, the last one short.
  explicit desk(std::uint32_t parts = 5)
      : truth(random((parts - 1) * 16384 + 100)),
        download(info_hash::from(sha1(truth).view())) {}
  static buffer random(std::size_t size) {
    buffer b(size);
    random_source(7).fill(b);
    return b;
  }

  std::uint64_t size() const { return truth.size(); }
  bool add(peer_key key) { return download.add_peer(key, size()); }
  // What each peer was asked for now: "1:0 1:1 2:2".
  std::string asked() {
    std::string words;
    for (auto const& a : download.next(now))
      words += (words.empty() ? "" : " ") + std::to_string(a.peer) + ":" +
               std::to_string(a.piece);
    return words;
  }
  arrival gives(peer_key from, std::uint32_t piece, bool lies = false) {
    buffer const wrong(metadata_piece_size, std::byte{1});
    metadata_message m;
    m.msg_type = metadata_message::type::data;
    m.piece = piece;
    m.total_size = size();
    std::uint32_t const length = metadata_length(size(), piece);
    m.block = lies ? bytes(wrong).first(length)
                   : bytes(truth).subspan(piece * metadata_piece_size, length);
    return download.data(from, m, now);
  }
  // Lets all peers answer until a copy is whole; the liars lie.
  arrival play(std::set<peer_key> const& liars) {
    arrival last = arrival::unasked;
    for (int round = 0; round < 100; ++round) {
      auto const all = download.next(now);
      if (all.empty()) now += 1s;
      for (auto const& a : all) {
        last = gives(a.peer, a.piece, liars.contains(a.peer));
        if (last != arrival::taken) return last;
      }
    }
    return last;
  }
  void expect_asked(story& s, std::string text, std::string const& wanted) {
    std::string const found = asked();
    s.expect(std::move(text), found == wanted, found.empty() ? "nothing" : found);
  }
  void expect_end(story& s, std::string text, std::set<peer_key> const& liars,
                  arrival wanted) {
    arrival const found = play(liars);
    s.expect(std::move(text), found == wanted, Catch::Detail::stringify(found));
  }
};

} // namespace

TEST_CASE("each part is asked of one peer and no peer is asked for more than two") {
  desk d;
  story s;
  s.given("metadata of 5 parts, and peers 1 and 2 that give it");
  for (peer_key k = 1; k <= 2; ++k) d.add(k);
  d.expect_asked(s, "ask 1 for parts 0 and 1, and 2 for parts 2 and 3",
                 "1:0 1:1 2:2 2:3");
  d.expect_asked(s, "a moment later: nothing, both have two requests", "");
  s.peer("2 sends part 3");
  d.gives(2, 3);
  d.expect_asked(s, "ask 2 for part 4", "2:4");
  s.peer("1 sends parts 0 and 1");
  d.gives(1, 0);
  d.gives(1, 1);
  d.expect_asked(s, "nothing: all that is missing is under way", "");
}

TEST_CASE("a peer that rejects is left alone and each time twice as long") {
  desk d(1);
  story s;
  s.given("metadata of 1 part, and peer 1 that has been asked for it");
  d.add(1);
  d.asked();
  for (auto const wait : {2s, 4s, 8s}) {
    std::string const seconds = std::to_string(wait.count()) + " s";
    s.peer("1 rejects part 0");
    d.download.rejected(1, 0, d.now);
    d.now += wait - 1ms;
    d.expect_asked(s, "not asked again before " + seconds + " are over", "");
    d.now += 1ms;
    d.expect_asked(s, "asked again after " + seconds, "1:0");
  }
  s.peer("1 rejects part 0, and peer 2 comes");
  d.download.rejected(1, 0, d.now);
  d.add(2);
  d.expect_asked(s, "peer 2 is asked at once", "2:0");
}

TEST_CASE("a liar that gave all of it is named and a later honest peer is believed") {
  desk d;
  story s;
  s.given("peer 1 gives 5 parts, and one of them is a lie");
  d.add(1);
  d.expect_end(s, "peer 1 has lied", {1}, arrival::lied);
  s.expect("there is no info dictionary", !d.download.done(), "there is one");
  d.now += 1h;
  d.expect_asked(s, "peer 1 is never asked again", "");
  s.given("peer 1 is sent away, and peer 2 gives 5 parts, all of them right");
  d.download.remove_peer(1);
  d.add(2);
  d.expect_end(s, "proven by its hash", {}, arrival::proven);
  s.expect("the info dictionary is there, byte for byte", d.download.info() == d.truth,
           std::to_string(d.download.info().size()) + " bytes");
}

TEST_CASE("when several gave it no peer is blamed before one has given all") {
  desk d;
  story s;
  s.given("peers 1, 2 and 3 give 5 parts together, and those of peer 2 are lies");
  for (peer_key k = 1; k <= 3; ++k) d.add(k);
  d.expect_end(s, "wrong, and it is not known which peer lied", {2}, arrival::mixed);
  d.expect_asked(s, "from now on all comes from one peer: 1", "1:0 1:1");
  d.gives(1, 0);
  d.gives(1, 1);
  s.peer("1 leaves in the middle");
  d.download.remove_peer(1);
  d.expect_asked(s, "all begins anew, and it is peer 2's turn", "2:0 2:1");
  d.gives(2, 0, true);
  d.gives(2, 1, true);
  d.expect_end(s, "peer 2 gave all of it: it has lied", {2}, arrival::lied);
  d.expect_end(s, "peer 3 gives all of it: proven", {2}, arrival::proven);
}

TEST_CASE("a peer whose turn it is and that rejects loses its turn") {
  desk d;
  story s;
  s.given(
      "peers 1 and 2 gave a wrong whole: from now on all comes from one peer, first 1");
  for (peer_key k = 1; k <= 2; ++k) d.add(k);
  d.play({2});
  d.expect_asked(s, "parts 0 and 1 of peer 1", "1:0 1:1");
  s.peer("1 sends part 0, and rejects part 2");
  d.gives(1, 0);
  d.expect_asked(s, "it had been asked for part 2", "1:2");
  d.download.rejected(1, 2, d.now);
  d.expect_asked(s, "peer 2's turn, from the beginning", "2:0 2:1");
  s.peer("1 sends part 1 all the same");
  arrival const late = d.gives(1, 1);
  s.expect("it is not asked for any more", late == arrival::unasked,
           Catch::Detail::stringify(late));
}

TEST_CASE("a size is a claim and some claims are refused") {
  desk d;
  story s;
  auto const expect = [&](std::string text, peer_key key, std::uint64_t size,
                          bool wanted) {
    bool const taken = d.download.add_peer(key, size);
    s.expect(std::move(text), taken == wanted, taken ? "taken" : "refused");
  };
  s.peer("1 says metadata_size 1000000000");
  expect("refused", 1, 1'000'000'000, false);
  s.peer("1 says metadata_size 0");
  expect("refused", 1, 0, false);
  s.peer("1 says one byte more than the limit of 32 MiB");
  expect("refused", 1, info_download::largest + 1, false);
  s.peer("1 says the limit itself");
  expect("taken", 1, info_download::largest, true);
  s.peer("2 says 5000, twice");
  expect("taken", 2, 5000, true);
  expect("taken", 2, 5000, true);
  s.peer("2 says 5001");
  expect("refused: it has another size each time", 2, 5001, false);
}

TEST_CASE("peers that claim another size do not spoil the download of the others") {
  desk d;
  story s;
  s.given("peer 1 claims 16384 bytes, peer 2 the right size");
  d.download.add_peer(1, 16384);
  d.download.add_peer(2, d.size());
  d.expect_asked(s, "each is asked for the parts of its own copy", "1:0 2:0 2:1");
  s.peer("1 sends its only part");
  metadata_message m;
  m.msg_type = metadata_message::type::data;
  m.total_size = 16384;
  buffer const wrong(16384);
  m.block = wrong;
  arrival const of_1 = d.download.data(1, m, d.now);
  s.expect("it has lied", of_1 == arrival::lied, Catch::Detail::stringify(of_1));
  s.peer("2 sends part 0");
  arrival const of_2 = d.gives(2, 0);
  s.expect("taken: this copy goes on", of_2 == arrival::taken,
           Catch::Detail::stringify(of_2));
  d.expect_end(s, "and is proven", {}, arrival::proven);
}

TEST_CASE("one peer gives all of it, two pieces at a time") {
  desk d;
  d.add(1);
  CHECK(d.asked() == "1:0 1:1");
  CHECK(d.asked().empty());
  CHECK(d.gives(1, 1) == arrival::taken);
  CHECK(d.asked() == "1:2");
  CHECK(d.play({}) == arrival::proven); // piece 0 is asked for again in time
}

TEST_CASE("several peers share the work, and the hash proves the whole") {
  desk d;
  for (peer_key k = 1; k <= 3; ++k) d.add(k);
  CHECK(d.asked() == "1:0 1:1 2:2 2:3 3:4");
  for (std::uint32_t i = 0; i < 4; ++i) CHECK(d.gives(1 + i / 2, i) == arrival::taken);
  CHECK(d.download.best().done == 4 * 16384);
  CHECK(d.download.best().size == d.size());
  CHECK_FALSE(d.download.done());
  CHECK(d.gives(3, 4) == arrival::proven);
  CHECK(d.download.info() == d.truth);
  CHECK(d.asked().empty());
}

TEST_CASE("what a peer does not give, another is asked for") {
  desk d;
  d.add(1);
  CHECK(d.asked() == "1:0 1:1");
  SECTION("after a reject") {
    d.download.rejected(1, 0, d.now);
    d.add(2);
    CHECK(d.asked() == "2:0 2:2");
    d.download.rejected(1, 1, d.now);
    CHECK(d.asked().empty()); // peer 2 is busy, and peer 1 is left alone for a while
    d.now += 4s;
    CHECK(d.asked() == "1:1 1:3");
  }
  SECTION("after five seconds of silence") {
    d.add(2);
    CHECK(d.asked() == "2:2 2:3");
    d.gives(2, 2);
    d.gives(2, 3);
    d.now += info_download::timeout;
    CHECK(d.asked() == "2:0 2:1");
    CHECK(d.gives(1, 0) == arrival::unasked);
  }
  SECTION("when it has left") {
    d.download.remove_peer(1);
    CHECK(d.download.peers() == 0);
    d.add(2);
    CHECK(d.asked() == "2:0 2:1");
  }
}

TEST_CASE("what one peer gave before it left, another completes") {
  desk d;
  d.add(1);
  d.asked();
  d.gives(1, 0);
  d.download.remove_peer(1);
  d.add(2);
  CHECK(d.asked() == "2:1 2:2");
  d.gives(2, 1);
  d.gives(2, 2);
  d.asked();
  d.gives(2, 3);
  CHECK(d.gives(2, 4) == arrival::proven);
}

TEST_CASE("among several peers the liar is found, and no honest one is blamed") {
  for (peer_key liar = 1; liar <= 3; ++liar) {
    desk d;
    for (peer_key k = 1; k <= 3; ++k) d.add(k);
    CHECK(d.play({liar}) == arrival::mixed);
    arrival end = d.play({liar});
    if (end == arrival::lied) {
      d.download.remove_peer(liar);
      end = d.play({liar});
    }
    CHECK(end == arrival::proven);
    CHECK(d.download.info() == d.truth);
  }
}

TEST_CASE("nine liars delay one honest peer, and cannot keep it out") {
  desk d;
  std::set<peer_key> liars;
  for (peer_key k = 1; k <= 9; ++k) liars.insert(k), d.add(k);
  d.add(10);
  arrival end = d.play(liars);
  for (int i = 0; i < 20 && end != arrival::proven; ++i) {
    if (end == arrival::lied)
      for (peer_key k = 1; k <= 9; ++k)
        if (d.download.next(d.now).empty()) d.now += 1s;
    end = d.play(liars);
  }
  CHECK(end == arrival::proven);
}

TEST_CASE(
    "a piece of the wrong length or total size is absurd, and one unasked is unasked") {
  desk d;
  d.add(1);
  d.asked();
  metadata_message m;
  m.msg_type = metadata_message::type::data;
  m.total_size = d.size();
  m.block = bytes(d.truth).first(100);
  CHECK(d.download.data(1, m, d.now) == arrival::absurd);
  CHECK(d.download.data(1, m, d.now) == arrival::unasked);
  CHECK(d.gives(1, 4) == arrival::unasked);
  CHECK(d.gives(2, 0) == arrival::unasked);
  m.piece = 1;
  m.total_size = 3;
  m.block = bytes(d.truth).first(16384);
  CHECK(d.download.data(1, m, d.now) == arrival::absurd);
}

TEST_CASE("a peer that rejects again and again is asked ever more rarely") {
  desk d;
  d.add(1);
  std::size_t asked = 0;
  for (int second = 0; second < 600; ++second, d.now += 1s)
    for (auto const& a : d.download.next(d.now)) {
      ++asked;
      d.download.rejected(a.peer, a.piece, d.now);
    }
  CHECK(asked > 10);
  CHECK(asked < 40);
}

TEST_CASE("the wait of a peer that fails for ever is a minute and no more") {
  desk d(1);
  d.add(1);
  time_point last = d.now;
  std::vector<duration> waits;
  for (int second = 0; second < 400; ++second, d.now += 1s)
    for (auto const& a : d.download.next(d.now)) {
      waits.push_back(d.now - last);
      last = d.now;
      d.download.rejected(a.peer, a.piece, d.now);
    }
  CHECK(waits ==
        std::vector<duration>{0s, 2s, 4s, 8s, 16s, 32s, 60s, 60s, 60s, 60s, 60s});
}

TEST_CASE("a part that comes ends a row of failures") {
  desk d;
  d.add(1);
  d.asked();
  d.download.rejected(1, 0, d.now);
  d.now += 2s;
  CHECK(d.asked() == "1:0");
  d.download.rejected(1, 0, d.now); // the second in a row
  CHECK(d.gives(1, 1) == arrival::taken);
  d.now += 4s;
  CHECK(d.asked() == "1:0 1:2");
  d.download.rejected(1, 0, d.now); // the first of a new row
  d.now += 2s;
  CHECK(d.asked() == "1:0");
}

TEST_CASE("a reject of what was not asked, or of a stranger, changes nothing") {
  desk d;
  d.add(1);
  d.download.rejected(1, 0, d.now);
  d.download.rejected(2, 0, d.now);
  CHECK(d.asked() == "1:0 1:1");
  d.download.rejected(1, 4, d.now);
  d.gives(1, 0);
  CHECK(d.asked() == "1:2");
}

TEST_CASE("what a peer that left was asked for is asked of another at once") {
  desk d;
  for (peer_key k = 1; k <= 2; ++k) d.add(k);
  CHECK(d.asked() == "1:0 1:1 2:2 2:3");
  d.download.remove_peer(1);
  d.download.remove_peer(7); // a stranger
  d.gives(2, 2);
  CHECK(d.asked() == "2:0");
  CHECK(d.gives(1, 0) == arrival::unasked);
}

TEST_CASE("of copies that no peer is left for two are kept, and empty ones never") {
  desk d;
  auto const claims = [&d](peer_key key, std::uint64_t size, bool gives) {
    d.download.add_peer(key, size);
    d.asked();
    metadata_message m;
    m.msg_type = metadata_message::type::data;
    m.total_size = size;
    buffer const part(metadata_piece_size);
    m.block = part;
    if (gives) CHECK(d.download.data(key, m, d.now) == arrival::taken);
    d.download.remove_peer(key);
  };
  std::uint64_t const size = 2 * metadata_piece_size;
  claims(1, size + 9, false);
  CHECK(d.download.best().size == 0); // nothing was in it
  claims(1, size + 1, true);
  claims(2, size + 2, true);
  CHECK(d.download.best().done == metadata_piece_size);
  d.download.add_peer(3, size + 1);
  CHECK(d.asked() == "3:1 3:2"); // part 0 of that copy was kept
  d.download.remove_peer(3);
  claims(4, size + 3, true); // a third one: the smallest goes
  d.download.add_peer(5, size + 1);
  CHECK(d.asked() == "5:0 5:1");
  d.download.add_peer(6, size + 2);
  CHECK(d.asked() == "6:1 6:2");
  d.download.add_peer(7, size + 3);
  CHECK(d.asked() == "7:1 7:2");
}

TEST_CASE("a copy stays as long as one peer is there for it") {
  desk d;
  for (peer_key k = 1; k <= 2; ++k) d.add(k);
  d.asked();
  d.gives(1, 0);
  for (std::uint64_t other = 1; other <= 4; ++other) {
    d.download.add_peer(10, d.size() + other);
    d.download.remove_peer(10);
  }
  d.download.remove_peer(1);
  CHECK(d.download.best().done == metadata_piece_size);
  CHECK(d.download.best().size == d.size());
}

TEST_CASE("the peer that failed least gets the next turn") {
  desk d;
  for (peer_key k = 1; k <= 3; ++k) d.add(k);
  CHECK(d.play({2}) == arrival::mixed);
  CHECK(d.asked() == "1:0 1:1");
  d.download.rejected(1, 0, d.now);
  CHECK(d.asked() == "2:0 2:1");
  d.download.rejected(2, 0, d.now);
  CHECK(d.asked() == "3:0 3:1");
  d.download.rejected(3, 0, d.now);
  CHECK(d.asked().empty()); // all are left alone for a while
  d.now += 2s;
  CHECK(d.asked() == "1:0 1:1"); // equals: the first
  d.download.rejected(1, 0, d.now);
  CHECK(d.asked() == "2:0 2:1");
  d.download.rejected(2, 0, d.now);
  d.now += 4s;
  CHECK(d.asked() == "3:0 3:1"); // one failure, not two
}

TEST_CASE("a turn is not given to a peer of another size") {
  desk d;
  for (peer_key k = 2; k <= 3; ++k) d.add(k);
  CHECK(d.play({2}) == arrival::mixed);
  d.download.add_peer(1, d.size() + 1);
  CHECK(d.asked() == "1:0 1:1 2:0 2:1");
}

TEST_CASE("progress is that of the copy that is furthest") {
  desk d;
  CHECK(d.download.best().done == 0);
  CHECK(d.download.best().size == 0);
  d.download.add_peer(1, 3 * 16384);
  CHECK(d.download.best().size == 3 * 16384);
  d.add(2);
  d.asked();
  d.gives(2, 0);
  d.gives(2, 1);
  CHECK(d.download.best().done == 2 * 16384);
  CHECK(d.download.best().size == d.size());
  d.asked();
  d.gives(2, 2);
  d.gives(2, 3);
  d.asked();
  CHECK(d.gives(2, 4) == arrival::proven);
  CHECK(d.download.best().done == d.size());
  CHECK(d.download.peers() == 2);
}

TEST_CASE("what comes after the proof is not wanted") {
  desk d(1);
  d.add(1);
  d.add(2);
  CHECK(d.play({}) == arrival::proven);
  CHECK(d.gives(2, 0) == arrival::unasked);
  CHECK(d.gives(1, 0) == arrival::unasked);
}
