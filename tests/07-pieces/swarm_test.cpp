// How rare the pieces are, and the records of a part file: small machines, on their own.
#include "07-pieces/print.hpp"
#include "piece/availability.hpp"
#include "piece/part_index.hpp"

using namespace cotorra;
using namespace cotorra::piece;

namespace {

bitfield drawn(std::string_view picture) {
  bitfield b(picture.size());
  for (std::size_t i = 0; i < picture.size(); ++i)
    if (picture[i] == 'x') b.set(i);
  return b;
}

std::string counts(availability_buckets const& swarm, piece_index pieces) {
  std::string all;
  for (piece_index i = 0; i < pieces; ++i) all += std::to_string(swarm.of(i));
  return all;
}

} // namespace

TEST_CASE("each peer counts for the pieces that it has until it leaves") {
  random_source random(1);
  availability_buckets swarm(4, random);
  swarm.add_peer(drawn("xx.."));
  swarm.add_peer(drawn("xxxx"));
  swarm.add_peer(drawn("...."));
  swarm.peer_got(1);
  CHECK(counts(swarm, 4) == "2311");
  swarm.remove_peer(drawn("...."));
  swarm.remove_peer(drawn("xx.."));
  CHECK(counts(swarm, 4) == "1211");
  swarm.remove_peer(drawn("xxxx"));
  CHECK(counts(swarm, 4) == "0100");
}

TEST_CASE("a peer that got its last piece later leaves like one that came with all") {
  random_source random(1);
  availability_buckets swarm(3, random);
  swarm.add_peer(drawn("xx."));
  swarm.peer_got(2);
  swarm.remove_peer(drawn("xxx"));
  CHECK(counts(swarm, 3) == "000");
}

TEST_CASE("the rarest piece of a peer is among those that are asked for") {
  random_source random(1);
  availability_buckets swarm(4, random);
  for (piece_index i = 0; i < 4; ++i) swarm.insert(i);
  CHECK_FALSE(swarm.any_available());
  swarm.add_peer(drawn("xxx."));
  swarm.add_peer(drawn("x.x."));
  swarm.add_peer(drawn("x..."));
  CHECK(swarm.any_available());
  CHECK(swarm.rarest(drawn("xxx.")) == std::optional<piece_index>(1));
  CHECK(swarm.rarest(drawn("x.x.")) == std::optional<piece_index>(2));
  CHECK(swarm.rarest(drawn("x...")) == std::optional<piece_index>(0));
  CHECK_FALSE(swarm.rarest(drawn("....")));
  swarm.add_peer(drawn("xxxx"));
  CHECK(swarm.rarest(drawn("xxxx")) == std::optional<piece_index>(3)); // no other has it
  for (piece_index i : {3U, 1U, 2U}) {
    swarm.erase(i);
    CHECK_FALSE(swarm.contains(i));
  }
  CHECK(swarm.rarest(drawn("xxxx")) == std::optional<piece_index>(0));
  swarm.erase(0);
  CHECK_FALSE(swarm.rarest(drawn("xxxx")));
  CHECK_FALSE(swarm.any_available());
}

TEST_CASE("what a peer has is available only while a piece of it is asked for") {
  random_source random(1);
  availability_buckets swarm(2, random);
  swarm.insert(0);
  swarm.insert(1);
  swarm.add_peer(drawn("x."));
  CHECK(swarm.any_available());
  swarm.erase(0);
  CHECK_FALSE(swarm.any_available());
  swarm.peer_got(1);
  CHECK(swarm.any_available());
}

TEST_CASE("of a single seed a single piece is available while it is asked for") {
  random_source random(1);
  availability_buckets swarm(2, random);
  swarm.insert(1);
  CHECK_FALSE(swarm.any_available());
  swarm.add_peer(drawn("xx"));
  CHECK(swarm.any_available());
  CHECK(swarm.rarest(drawn("xx")) == std::optional<piece_index>(1));
  swarm.erase(1);
  CHECK_FALSE(swarm.any_available());
}

TEST_CASE("the records of a file are those that begin in it, in order") {
  part_index p;
  for (std::uint64_t const offset : {40U, 10U, 20U, 30U}) p.add({offset, 5});
  CHECK(p.in(10, 21) == std::vector<part_record>{{10, 5}, {20, 5}, {30, 5}});
  CHECK(p.in(11, 19) == std::vector<part_record>{{20, 5}});
  CHECK(p.in(45, 100).empty());
}

TEST_CASE("the end of a record is found and the byte behind it is not") {
  part_index p;
  p.add({10, 5});
  CHECK(p.find(14, 1) == std::optional<std::uint64_t>(part_head_size + 4));
  CHECK_FALSE(p.find(14, 2));
  CHECK_FALSE(p.find(16, 0)); // it begins behind the end
  CHECK(p.any(0, 11));
  CHECK_FALSE(p.any(0, 10));
  CHECK_FALSE(p.any(11, 100));
}

TEST_CASE("a record begins below 2^63 and has a byte") {
  constexpr std::uint64_t most = std::uint64_t{1} << 63;
  CHECK(decode_part_record(encode({most - 1, 1})));
  CHECK_FALSE(decode_part_record(encode({most, 1})));
  CHECK_FALSE(decode_part_record(encode({0, 0})));
  buffer const mark = encode({0, 1});
  CHECK(begins_part_file(bytes(mark).first(part_mark_size)));
  CHECK_FALSE(begins_part_file(bytes(mark).first(part_mark_size - 1)));
}
