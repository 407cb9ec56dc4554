// Metadata from several peers: shared work, silence, refusals, and lies.
#include "08-extensions/print.hpp"
#include "base/random.hpp"
#include "base/sha.hpp"
#include <algorithm>

using namespace cotorra;
using namespace cotorra::extension;
using arrival = info_download::arrival;

namespace {

constexpr std::uint32_t pieces = 5;

struct desk {
  buffer truth = [] {
    buffer b(4 * 16384 + 100);
    random_source(7).fill(b);
    return b;
  }();
  info_download download{info_hash::from(sha1(truth).view())};
  time_point now{};

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
};

} // namespace

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

TEST_CASE("a lonely liar is named at once, and the honest peer is believed") {
  desk d;
  d.add(1);
  CHECK(d.play({1}) == arrival::lied);
  d.download.remove_peer(1);
  d.add(2);
  CHECK(d.play({1}) == arrival::proven);
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

TEST_CASE("peers that claim another size do not spoil the download of the others") {
  desk d;
  CHECK(d.download.add_peer(1, 16384));
  CHECK(d.download.add_peer(2, d.size()));
  CHECK(d.asked() == "1:0 2:0 2:1");
  metadata_message m;
  m.msg_type = metadata_message::type::data;
  m.total_size = 16384;
  buffer const wrong(16384);
  m.block = wrong;
  CHECK(d.download.data(1, m, d.now) == arrival::lied);
  CHECK(d.gives(2, 0) == arrival::taken);
}

TEST_CASE("sizes that no info dictionary has are refused") {
  desk d;
  CHECK_FALSE(d.download.add_peer(1, 0));
  CHECK_FALSE(d.download.add_peer(1, info_download::largest + 1));
  CHECK_FALSE(d.download.add_peer(1, 1'000'000'000));
  CHECK(d.download.add_peer(1, 5000));
  CHECK(d.download.add_peer(1, 5000)); // it says so again
  CHECK_FALSE(d.download.add_peer(1, 5001));
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
